import { isObject, type Json, type JsonObject, objectsIn, parseJson } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { checkBlocks, countText } from './check-blocks.ts';
import { at, type Findings } from './check-rule.ts';

/** Why Slack refuses a message: its error code, and the details it puts into `response_metadata.messages`. */
export interface Refusal {
  error: string;
  messages: Findings;
}

/** What an app may send as a message; JSON may still be text, as it is in a form. */
export interface MessageDraft {
  text?: Json | undefined;
  blocks?: Json | undefined;
  attachments?: Json | undefined;
  metadata?: Json | undefined;
}

const refusal = (error: string, ...messages: string[]): Refusal => ({ error, messages });
const decoded = (value: Json | undefined): Json | undefined => (typeof value === 'string' ? parseJson(value) : value);

function refuseBlocks(given: Json): Refusal[] {
  const blocks = decoded(given);
  if (!Array.isArray(blocks) || !blocks.every(isObject)) return [refusal('invalid_blocks_format')];
  const findings = checkBlocks(blocks, LIMITS.message.blocks);
  if (findings.length > 0) return [refusal('invalid_blocks', ...findings)];
  if (countText(blocks) > LIMITS.message.allBlocksText) return [refusal('msg_blocks_too_long')];
  if (objectsIn(blocks).filter(({ type }) => type === 'table').length > 1) return [refusal('only_one_table_allowed')];
  return [];
}

const ATTACHMENT_FIELDS = [
  'id',
  'color',
  'fallback',
  'blocks',
  'text',
  'pretext',
  'title',
  'title_link',
  'footer',
  'mrkdwn_in',
];

function refuseAttachments(given: Json): Refusal[] {
  const attachments = decoded(given);
  if (!Array.isArray(attachments) || !attachments.every(isObject)) return [refusal('invalid_attachments')];
  if (attachments.length > LIMITS.message.attachments) return [refusal('too_many_attachments')];
  const findings = attachments.flatMap((attachment, index) => [
    ...Object.keys(attachment)
      .filter((key) => !ATTACHMENT_FIELDS.includes(key))
      .map((key) => at(`/attachments/${index}`, `invalid additional property: ${key}`)),
    ...(attachment['blocks'] === undefined
      ? []
      : checkBlocks(attachment['blocks'], LIMITS.message.blocks, `/attachments/${index}/blocks`)),
  ]);
  return findings.length > 0 ? [refusal('invalid_attachments', ...findings)] : [];
}

const METADATA_FIELDS = ['event_type', 'event_payload'];

function refuseMetadata(given: Json): Refusal[] {
  const metadata = decoded(given);
  if (!isObject(metadata))
    return [refusal('invalid_metadata_format', 'must provide an object [json-pointer:/metadata]')];
  // An empty object takes the metadata off an edited message.
  if (Object.keys(metadata).length === 0) return [];
  const findings = [
    ...Object.keys(metadata)
      .filter((key) => !METADATA_FIELDS.includes(key))
      .map((key) => at('/metadata', `invalid additional property: ${key}`)),
    ...(typeof metadata['event_type'] === 'string' && metadata['event_type'] !== ''
      ? []
      : [at('/metadata', 'missing required field: event_type')]),
    ...(isObject(metadata['event_payload']) ? [] : [at('/metadata', 'missing required field: event_payload')]),
  ];
  if (findings.length > 0) return [refusal('invalid_metadata_format', ...findings)];
  return JSON.stringify(metadata).length > LIMITS.message.metadata ? [refusal('metadata_too_large')] : [];
}

/** Everything that Slack would refuse about it, the first being what it answers with. `files`: it has some, so it may be empty. */
export function refuseMessage(draft: MessageDraft, files = false): Refusal[] {
  const { text, blocks, attachments, metadata } = draft;
  const some = [blocks, attachments].some(
    (part) => Array.isArray(decoded(part)) && (decoded(part) as Json[]).length > 0,
  );
  const given = (value: Json | undefined): value is Json => value !== undefined && value !== null;
  return [
    ...(given(text) && typeof text !== 'string'
      ? [refusal('invalid_arguments', at('/text', 'must provide a string'))]
      : []),
    ...(typeof text === 'string' && [...text].length > LIMITS.message.text ? [refusal('msg_too_long')] : []),
    ...(given(blocks) ? refuseBlocks(blocks) : []),
    ...(given(attachments) ? refuseAttachments(attachments) : []),
    ...(given(metadata) ? refuseMetadata(metadata) : []),
    ...((typeof text === 'string' && text.trim() !== '') || some || files ? [] : [refusal('no_text')]),
  ];
}

/** What is wrong with a message, sent or stored, one line each; empty: Slack takes it. For tests that look at all that a bot said. */
export function validateMessage(message: object): string[] {
  const plain = JSON.parse(JSON.stringify(message)) as JsonObject;
  return refuseMessage(plain, Array.isArray(plain['files'])).flatMap(({ error, messages }) =>
    messages.length === 0 ? [error] : messages.map((detail) => `${error}: ${detail}`),
  );
}
