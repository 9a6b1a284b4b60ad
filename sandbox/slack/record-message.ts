import { copyOf, type JsonObject } from './json.ts';
import type { Channel, Ephemeral, Message, PostedVersion } from './slack-types.ts';
import type { Workspace } from './workspace.ts';

type How = PostedVersion['how'];

/** Keeps this version for ever, whatever becomes of the message. */
export function recordVersion(ws: Workspace, channel: string, message: Message, draft: JsonObject, how: How): void {
  const version = ws.posted.filter((other) => other.channel === channel && other.message.ts === message.ts).length + 1;
  ws.posted.push({ channel, at: ws.now(), version, how, message: copyOf(message), draft: copyOf(draft) });
}

export function putMessage(ws: Workspace, channel: Channel, message: Message, draft: JsonObject, how: How): Message {
  channel.messages.push(message);
  recordVersion(ws, channel.id, message, draft, how);
  return message;
}

/** Shown to one person, and in no history. */
export function showOnlyTo(ws: Workspace, shown: Ephemeral, draft: JsonObject): void {
  ws.ephemerals.push(shown);
  const how = shown.how === 'postEphemeral' ? 'ephemeral' : shown.how;
  if (how !== 'slack') recordVersion(ws, shown.channel, shown.message, draft, how);
}
