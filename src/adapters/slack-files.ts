import type { Chat, PostedMessage } from '../ports.ts';
import { chatError, explainSlackError, explainStatus } from './slack-errors.ts';
import type { Identity } from './slack-identity.ts';
import { isOurs, type SlackDesk } from './slack-messages.ts';
import { findUploadUrl, type SlackPlaces } from './slack-places.ts';

const PAGE = 200;
const MOST_PAGES = 5;
/** How long the bytes of one file may take, ms. */
const UPLOAD_MS = 5_000;

export function createAttach(desk: SlackDesk, places: SlackPlaces, closing: AbortSignal): Chat['attach'] {
  return async (posted, { name, title, content }, signal) => {
    const ours = await desk.identity.find(signal);
    if (await isThere(desk, posted, name, ours, signal)) return;
    const bytes = Buffer.from(content, 'utf8');
    const { upload_url, file_id } = await desk.call(
      'files.getUploadURLExternal',
      (web) => web.files.getUploadURLExternal({ filename: name, length: bytes.length }),
      signal,
    );
    if (upload_url === undefined || file_id === undefined) {
      throw chatError('CHAT_UNANSWERED', 'Slack gave no address to send a file to.');
    }
    await upload(upload_url, bytes, places, AbortSignal.any([signal, closing]));
    const order = {
      files: [{ id: file_id, title }] as [{ id: string; title: string }],
      channel_id: posted.channel,
      thread_ts: posted.ts,
    };
    await desk.call('files.completeUploadExternal', (web) => web.files.completeUploadExternal(order), signal);
  };
}

/** Whether we put a file of this name into the message's thread; somebody else's file of that name does not count. */
async function isThere(
  { call }: SlackDesk,
  { channel, ts }: PostedMessage,
  name: string,
  ours: Identity,
  signal: AbortSignal,
) {
  let cursor = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const order = { channel, ts, limit: PAGE, ...(cursor === '' ? {} : { cursor }) };
    const found = await call('conversations.replies', (web) => web.conversations.replies(order), signal);
    const files = (found.messages ?? []).filter((message) => isOurs(message, ours)).flatMap(({ files = [] }) => files);
    if (files.some((file) => file.name === name)) return true;
    cursor = found.response_metadata?.next_cursor ?? '';
    if (cursor === '') return false;
  }
  return false;
}

/** The address comes from Slack's answer, and is checked all the same: the file is for nobody else. */
async function upload(url: string, bytes: Buffer, places: SlackPlaces, signal: AbortSignal): Promise<void> {
  const target = findUploadUrl(url, places);
  if (target === undefined) throw chatError('CHAT_REFUSED', 'Slack named a foreign address to send a file to.');
  const limit = AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_MS)]);
  const headers = { 'content-type': 'application/octet-stream' };
  const order = { method: 'POST', headers, body: new Uint8Array(bytes), redirect: 'error', signal: limit } as const;
  try {
    const response = await fetch(target, order);
    await response.body?.cancel();
    if (!response.ok) throw explainStatus('the upload of a file', response.status);
  } catch (thrown) {
    throw explainSlackError('the upload of a file', thrown);
  }
}
