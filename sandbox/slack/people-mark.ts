import type { JsonObject } from './json.ts';
import { react, unreact } from './methods/reactions.ts';
import { findOwnChannel, findUser } from './names.ts';
import { showMessage } from './shown.ts';
import type { Channel, Message, User } from './slack-types.ts';
import { addNotice, findMessage, unixSeconds, type Workspace } from './workspace.ts';

/** What people mark messages with. */
export interface MarkActs {
  react(reaction: { user: string; channel: string; ts: string; name: string }): void;
  unreact(reaction: { user: string; channel: string; ts: string; name: string }): void;
  pin(pinned: { user: string; channel: string; ts: string }): void;
  unpin(pinned: { user: string; channel: string; ts: string }): void;
}

interface Marked {
  user: User;
  channel: Channel;
  message: Message;
}

function findMarked(ws: Workspace, { user: name, channel: place, ts }: Parameters<MarkActs['pin']>[0]): Marked {
  const user = findUser(ws, name);
  const channel = findOwnChannel(ws, user, place);
  const message = findMessage(channel, ts);
  if (message === undefined) throw new Error(`there is no message ${ts} in ${place}`);
  return { user, channel, message };
}

export function markActs(ws: Workspace, emit: (event: JsonObject) => void): MarkActs {
  const tell = ({ channel }: Marked, event: JsonObject) => {
    if (channel.members.has(ws.bot.user)) emit(event);
  };
  const reaction = (type: string, { user, channel, message }: Marked, name: string): JsonObject => {
    const item = { type: 'message', channel: channel.id, ts: message.ts };
    return { type, user: user.id, reaction: name, item_user: message.user, item };
  };
  const pin = (type: string, { user, channel, message }: Marked): JsonObject => {
    const shown = JSON.parse(JSON.stringify(showMessage(channel, message, false))) as JsonObject;
    const item = {
      type: 'message',
      channel: channel.id,
      message: shown,
      created: unixSeconds(ws),
      created_by: user.id,
    };
    return { type, user: user.id, channel_id: channel.id, item, item_user: message.user };
  };
  return {
    react(given) {
      const marked = findMarked(ws, given);
      react(marked.message, marked.user.id, given.name);
      tell(marked, reaction('reaction_added', marked, given.name));
    },
    unreact(given) {
      const marked = findMarked(ws, given);
      unreact(marked.message, marked.user.id, given.name);
      tell(marked, reaction('reaction_removed', marked, given.name));
    },
    pin(given) {
      const marked = findMarked(ws, given);
      const { user, channel, message } = marked;
      if (channel.pins.some(({ ts }) => ts === message.ts)) throw new Error(`${given.ts} is pinned already`);
      channel.pins.unshift({ ts: message.ts, by: user.id, at: unixSeconds(ws) });
      addNotice(ws, channel, user.id, 'pinned_item', `<@${user.id}> pinned a message to this channel.`);
      tell(marked, { ...pin('pin_added', marked), pin_count: channel.pins.length });
    },
    unpin(given) {
      const marked = findMarked(ws, given);
      const { channel, message } = marked;
      if (!channel.pins.some(({ ts }) => ts === message.ts)) throw new Error(`${given.ts} is not pinned`);
      channel.pins = channel.pins.filter(({ ts }) => ts !== message.ts);
      tell(marked, { ...pin('pin_removed', marked), has_pins: channel.pins.length > 0 });
    },
  };
}
