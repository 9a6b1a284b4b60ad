import { needText } from '../arguments.ts';
import { type Content, composeMessage, draftOf, escapeText } from '../compose-message.ts';
import { copyOf, type JsonObject, stringIn } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { recordVersion } from '../record-message.ts';
import { SlackError } from '../slack-error.ts';
import type { Message } from '../slack-types.ts';
import { repliesTo, type Workspace } from '../workspace.ts';
import { beMember, needMessage, seeChannel } from './access.ts';
import type { Method } from './method.ts';

/** What the edited message says: parts that the call leaves out stay as they were, an empty one is taken off. */
function mergeDraft(before: Message, change: JsonObject): JsonObject {
  const kept = Object.fromEntries(
    (['blocks', 'attachments', 'metadata'] as const).flatMap((part) => {
      const held = before[part];
      return held === undefined ? [] : [[part, held]];
    }),
  );
  return { ...kept, ...(change['blocks'] === undefined ? { text: before.text } : {}), ...change };
}

/** An edit takes far less text than a post does; Slack counts bytes, escaped as it stores them. */
function checkEditedText({ text }: JsonObject): void {
  const stored = escapeText(stringIn(text)).replace(/[<>]/g, '&lt;');
  if (Buffer.byteLength(stored) > LIMITS.message.editedTextBytes) throw new SlackError('msg_too_long');
}

/** Puts new content in place of the old, in the same object: pins and reactions stay. */
export function replaceContent(workspace: Workspace, message: Message, content: Content): void {
  delete message.blocks;
  delete message.attachments;
  delete message.metadata;
  Object.assign(message, content, { edited: { user: message.user, ts: workspace.nextTs() } });
}

export const updateMessage: Method = ({ workspace }, args) => {
  const channel = seeChannel(workspace, args);
  const message = needMessage(channel, needText(args, 'ts'));
  if (message.bot_id !== workspace.bot.id || message.subtype === 'tombstone')
    throw new SlackError('cant_update_message');
  if (channel.archived) throw new SlackError('is_inactive');
  beMember(workspace, channel);
  const change = draftOf(args);
  if (Object.keys(change).length === 0) throw new SlackError('no_text');
  checkEditedText(change);
  const { content, draft } = composeMessage(mergeDraft(message, change), message.files !== undefined);
  replaceContent(workspace, message, content);
  recordVersion(workspace, channel.id, message, draft, 'update');
  return { channel: channel.id, ts: message.ts, text: message.text, message: copyOf(message) };
};

export const deleteMessage: Method = ({ workspace }, args) => {
  const channel = seeChannel(workspace, args);
  const message = needMessage(channel, needText(args, 'ts'));
  if (message.bot_id !== workspace.bot.id) throw new SlackError('cant_delete_message');
  if (channel.archived) throw new SlackError('is_archived');
  channel.pins = channel.pins.filter(({ ts }) => ts !== message.ts);
  const index = channel.messages.indexOf(message);
  const { type, ts, user, team } = message;
  const gone: Message = { type, ts, user, team, subtype: 'tombstone', text: 'This message was deleted.' };
  // A thread outlives its first message.
  if (repliesTo(channel, ts).length > 0) channel.messages.splice(index, 1, gone);
  else channel.messages.splice(index, 1);
  return { channel: channel.id, ts };
};
