import type { ChatMessage } from '../domain/chat-message.ts';
import { isDrError } from '../errors.ts';
import type { Chat } from '../ports.ts';
import type { ChannelBook } from './slack-channels.ts';
import type { CallSlack } from './slack-client.ts';
import { chatError, slackWord } from './slack-errors.ts';
import type { Identity, IdentityDesk } from './slack-identity.ts';
import type { SlackLog } from './slack-log.ts';

export interface SlackDesk {
  call: CallSlack;
  channels: ChannelBook;
  identity: IdentityDesk;
  log: SlackLog;
}

/** What marks a message as one of ours, whatever its text says. */
const EVENT_TYPE = 'muster_post';
/** A message without its blocks is cut to what Slack shows as one message. */
const LONGEST_TEXT = 3_900;
/** Slack's words for a message that it will never take as it is; nothing was posted then. */
const UNFIT = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_too_long', 'msg_blocks_too_long']);

const PAGE = 200;
const MOST_PAGES = 5;

export function createMessages({
  call,
  channels,
  identity,
  log,
}: SlackDesk): Pick<Chat, 'post' | 'update' | 'find' | 'link'> {
  return {
    post: async ({ channel, key, message }, signal) => {
      const id = await channels.idOf(channel, signal);
      const metadata = { event_type: EVENT_TYPE, event_payload: { key } };
      const fixed = { channel: id, metadata, unfurl_links: false, unfurl_media: false };
      const send = (content: Content) =>
        call('chat.postMessage', (web) => web.chat.postMessage({ ...fixed, ...content }), signal);
      const posted = await sendFitting(message, send, (word) => log.error({ key, word }, UNFIT_LINE)).catch(
        (thrown) => {
          if (isDrError(thrown, 'CHAT_REFUSED')) channels.forget(channel);
          throw thrown;
        },
      );
      if (posted.ts === undefined)
        throw chatError('CHAT_UNANSWERED', 'Slack took a message without saying where it is.');
      return { channel: posted.channel ?? id, ts: posted.ts };
    },
    update: async ({ channel, ts }, message, signal) => {
      const send = (content: Content) =>
        call('chat.update', (web) => web.chat.update({ channel, ts, parse: 'none', ...content }), signal);
      await sendFitting(message, send, (word) => log.error({ channel, ts, word }, UNFIT_LINE));
    },
    find: async (channel, key, signal) => {
      const ours = await identity.find(signal);
      const id = await channels.idOf(channel, signal);
      let cursor = '';
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const order = { channel: id, limit: PAGE, include_all_metadata: true, ...(cursor === '' ? {} : { cursor }) };
        const found = await call('conversations.history', (web) => web.conversations.history(order), signal);
        const hit = found.messages?.find((message) => isOurs(message, ours) && bears(message.metadata, key));
        if (hit?.ts !== undefined) return { channel: id, ts: hit.ts };
        cursor = found.response_metadata?.next_cursor ?? '';
        if (cursor === '') return undefined;
      }
      log.warn({ channel: id, key }, 'a message was looked for in the newest 1,000 only');
      return undefined;
    },
    link: async ({ channel, ts }, signal) => {
      const order = { channel, message_ts: ts };
      const { permalink } = await call('chat.getPermalink', (web) => web.chat.getPermalink(order), signal);
      if (permalink === undefined) throw chatError('CHAT_UNANSWERED', 'Slack gave no link to a message.');
      return permalink;
    },
  };
}

const UNFIT_LINE = 'Slack did not take the blocks of a message, so it went out as text: a defect in Muster';

interface Content {
  text: string;
  blocks: ChatMessage['blocks'];
}

/** Sends the message; where Slack will not have it in this form, its text only: without blocks, which also takes old ones away. */
async function sendFitting<T>(
  { text, blocks }: ChatMessage,
  send: (content: Content) => Promise<T>,
  onUnfit: (word: string) => void,
): Promise<T> {
  try {
    return await send({ text, blocks });
  } catch (thrown) {
    const word = isDrError(thrown, 'CHAT_REFUSED') ? slackWord(thrown.cause) : undefined;
    if (word === undefined || !UNFIT.has(word)) throw thrown;
    onUnfit(word);
    return send({ text: cut(text), blocks: [] });
  }
}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Said by our own bot; anybody may write our key into metadata. */
export function isOurs(message: { user?: string; bot_id?: string }, { botId, botUserId }: Identity): boolean {
  return message.bot_id === botId || message.user === botUserId;
}

function bears(metadata: { event_type?: string; event_payload?: unknown } | undefined, key: string): boolean {
  const payload: unknown = metadata?.event_payload;
  const named = typeof payload === 'object' && payload !== null && 'key' in payload ? payload.key : undefined;
  return metadata?.event_type === EVENT_TYPE && named === key;
}
