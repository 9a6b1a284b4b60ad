import { type Arguments, needText, readFlag, readNames, readText } from '../arguments.ts';
import { LIMITS } from '../limits.ts';
import { showChannel } from '../shown.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel } from '../slack-types.ts';
import { addChannel, addNotice, openDirect, unixSeconds, type Workspace } from '../workspace.ts';
import { beChannel, beMember, beOpen, enterChannel, needUser, seeChannel } from './access.ts';
import type { Method } from './method.ts';

function readName(workspace: Workspace, args: Arguments): string {
  const name = readText(args, 'name') ?? '';
  if (name === '') throw new SlackError('invalid_name_required');
  if (name.length > LIMITS.channelName) throw new SlackError('invalid_name_maxlength');
  if (/^[-_]+$/.test(name)) throw new SlackError('invalid_name_punctuation');
  if (!/^[\p{Ll}\p{Lo}\p{N}_-]+$/u.test(name)) throw new SlackError('invalid_name_specials');
  // An archived channel keeps its name.
  if ([...workspace.channels.values()].some((channel) => channel.name === name)) throw new SlackError('name_taken');
  return name;
}

export const createChannel: Method = ({ workspace }, args) => {
  const kind = readFlag(args, 'is_private') ? 'private' : 'public';
  const name = readName(workspace, args);
  const id = workspace.nextId('C');
  const { user } = workspace.bot;
  const channel = addChannel(workspace, { id, name, kind, creator: user, members: [user] });
  addNotice(workspace, channel, user, 'channel_join', `<@${user}> has joined the channel`);
  return { channel: showChannel(workspace, channel) };
};

export const renameChannel: Method = ({ workspace }, args) => {
  const channel = beChannel(enterChannel(workspace, args));
  if (channel.creator !== workspace.bot.user) throw new SlackError('not_authorized');
  const name = readName(workspace, args);
  channel.previousNames.unshift(channel.name);
  const text = `has renamed the channel from "${channel.name}" to "${name}"`;
  channel.name = name;
  addNotice(workspace, channel, workspace.bot.user, 'channel_name', text);
  return { channel: showChannel(workspace, channel) };
};

function describe(workspace: Workspace, args: Arguments, part: 'topic' | 'purpose'): Channel {
  const channel = enterChannel(workspace, args);
  const value = readText(args, part) ?? '';
  if ([...value].length > LIMITS.topic) throw new SlackError('too_long');
  const { user } = workspace.bot;
  const changed = channel[part].value !== value;
  channel[part] = { value, creator: user, last_set: unixSeconds(workspace) };
  const what = part === 'topic' ? 'topic' : 'description';
  if (changed) addNotice(workspace, channel, user, `channel_${part}`, `set the channel ${what}: ${value}`);
  return channel;
}

export const setTopic: Method = ({ workspace }, args) => ({
  channel: showChannel(workspace, describe(workspace, args, 'topic')),
});

export const setPurpose: Method = ({ workspace }, args) => ({
  purpose: describe(workspace, args, 'purpose').purpose.value,
});

export const archiveChannel: Method = ({ workspace }, args) => {
  const channel = beChannel(seeChannel(workspace, args));
  if (channel.archived) throw new SlackError('already_archived');
  beMember(workspace, channel);
  const { user } = workspace.bot;
  addNotice(workspace, channel, user, 'channel_archive', `<@${user}> archived the channel`);
  channel.archived = true;
  return {};
};

/** Slack documents that a bot's token cannot do this: people can. */
export const unarchiveChannel: Method = ({ workspace }, args) => {
  const channel = beChannel(seeChannel(workspace, args));
  throw new SlackError(channel.archived ? 'not_in_channel' : 'not_archived');
};

export const openConversation: Method = ({ workspace }, args) => {
  const users = readNames(args, 'users');
  const full = readFlag(args, 'return_im');
  if (users.length === 0) {
    const channel = seeChannel(workspace, args);
    if (channel.kind !== 'im' && channel.kind !== 'mpim') throw new SlackError('channel_not_found');
    return { channel: full ? showChannel(workspace, channel) : { id: channel.id } };
  }
  if (users.length > 8) throw new SlackError('too_many_users');
  for (const id of users) needUser(workspace, id);
  if (users.every((id) => id === workspace.bot.user)) throw new SlackError('cannot_dm_bot');
  const { channel, existed } = openDirect(workspace, [workspace.bot.user, ...users]);
  return {
    ...(existed ? { no_op: true, already_open: true } : {}),
    channel: full ? showChannel(workspace, channel) : { id: channel.id },
  };
};

export const joinPublic: Method = ({ workspace }, args) => {
  const channel = beOpen(seeChannel(workspace, args));
  if (channel.kind !== 'public') throw new SlackError('method_not_supported_for_channel_type');
  const { user } = workspace.bot;
  const known = channel.members.has(user);
  channel.members.add(user);
  if (!known) addNotice(workspace, channel, user, 'channel_join', `<@${user}> has joined the channel`);
  const warning = { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } };
  return { channel: showChannel(workspace, channel), ...(known ? warning : {}) };
};

export const leaveChannel: Method = ({ workspace }, args) => {
  const channel = beOpen(beChannel(seeChannel(workspace, args)));
  const { user } = workspace.bot;
  if (!channel.members.delete(user)) return { not_in_channel: true };
  addNotice(workspace, channel, user, 'channel_leave', `<@${user}> has left the channel`);
  return {};
};

export const kickMember: Method = ({ workspace }, args) => {
  const channel = beChannel(enterChannel(workspace, args));
  const user = needUser(workspace, needText(args, 'user'));
  if (user.id === workspace.bot.user) throw new SlackError('cant_kick_self');
  if (!channel.members.delete(user.id)) throw new SlackError('not_in_channel');
  addNotice(workspace, channel, user.id, 'channel_leave', `<@${user.id}> was removed from the channel`);
  return {};
};
