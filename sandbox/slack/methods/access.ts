import { type Arguments, needText } from '../arguments.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel, Message, User } from '../slack-types.ts';
import { findMessage, openDirect, type Workspace } from '../workspace.ts';
import type { MethodContext } from './method.ts';

/** A channel that the bot may see: any public one, and others that it is in. */
export function seeChannel(workspace: Workspace, args: Arguments, name = 'channel'): Channel {
  const channel = workspace.channels.get(needText(args, name));
  if (channel === undefined || (channel.kind !== 'public' && !channel.members.has(workspace.bot.user)))
    throw new SlackError('channel_not_found');
  return channel;
}

export function beMember(workspace: Workspace, channel: Channel): Channel {
  if (!channel.members.has(workspace.bot.user)) throw new SlackError('not_in_channel');
  return channel;
}

export function beOpen(channel: Channel): Channel {
  if (channel.archived) throw new SlackError('is_archived');
  return channel;
}

/** One that the bot may change. */
export function enterChannel(workspace: Workspace, args: Arguments, name = 'channel'): Channel {
  return beMember(workspace, beOpen(seeChannel(workspace, args, name)));
}

/** Channels proper, as opposed to direct messages. */
export function beChannel(channel: Channel): Channel {
  if (channel.kind === 'im' || channel.kind === 'mpim') throw new SlackError('method_not_supported_for_channel_type');
  return channel;
}

/** Where to post: an id, a public channel's name, or a person. */
export function findPostTarget({ workspace, granted }: MethodContext, args: Arguments): Channel {
  const given = needText(args, 'channel');
  if (workspace.users.has(given)) return openDirect(workspace, [workspace.bot.user, given]).channel;
  const name = given.replace(/^#/, '');
  const named = [...workspace.channels.values()].find((channel) => channel.kind === 'public' && channel.name === name);
  const target = beOpen(seeChannel(workspace, { channel: named?.id ?? given }));
  const anywhere = granted.has('chat:write.public') && target.kind === 'public';
  return anywhere ? target : beMember(workspace, target);
}

export function needUser(workspace: Workspace, id: string): User {
  const user = workspace.users.get(id);
  if (user === undefined) throw new SlackError('user_not_found');
  return user;
}

export function needMessage(channel: Channel, ts: string): Message {
  const message = findMessage(channel, ts);
  if (message === undefined) throw new SlackError('message_not_found');
  return message;
}
