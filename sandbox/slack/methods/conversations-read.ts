import { type Arguments, needText, readFlag, readNames, readText } from '../arguments.ts';
import { readPage } from '../paging.ts';
import { showChannel, showMessage } from '../shown.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel, ChannelKind, Message } from '../slack-types.ts';
import { findMessage, repliesTo } from '../workspace.ts';
import { beMember, seeChannel } from './access.ts';
import type { Method } from './method.ts';

const KINDS: Readonly<Record<string, ChannelKind>> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
  mpim: 'mpim',
};

export const listChannels: Method = ({ workspace }, args) => {
  const types = readNames(args, 'types');
  const wanted = (types.length === 0 ? ['public_channel'] : types).map((type) => {
    const kind = KINDS[type];
    if (kind === undefined) throw new SlackError('invalid_types');
    return kind;
  });
  const hidden = readFlag(args, 'exclude_archived');
  const channels = [...workspace.channels.values()].filter(
    ({ kind, members, archived }) =>
      wanted.includes(kind) && (kind === 'public' || members.has(workspace.bot.user)) && !(hidden && archived),
  );
  const { items, next } = readPage(args, channels, ({ id }) => id);
  return {
    channels: items.map((channel) => showChannel(workspace, channel, true)),
    response_metadata: { next_cursor: next },
  };
};

export const channelInfo: Method = ({ workspace }, args) => ({
  channel: showChannel(workspace, seeChannel(workspace, args), readFlag(args, 'include_num_members')),
});

export const channelMembers: Method = ({ workspace }, args) => {
  const { items, next } = readPage(args, [...seeChannel(workspace, args).members], (member) => member);
  return { members: items, response_metadata: { next_cursor: next } };
};

function readTs(args: Arguments, name: string): number | undefined {
  const text = readText(args, name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new SlackError(`invalid_ts_${name}`);
  return Number(text);
}

/** Between `oldest` and `latest`; those very moments only when `inclusive`. */
function withinTime(args: Arguments): (message: Message) => boolean {
  const oldest = readTs(args, 'oldest') ?? 0;
  const latest = readTs(args, 'latest') ?? Number.POSITIVE_INFINITY;
  const inclusive = readFlag(args, 'inclusive');
  return ({ ts }) => {
    const at = Number(ts);
    return (at > oldest && at < latest) || (inclusive && (at === oldest || at === latest));
  };
}

function showPage(args: Arguments, channel: Channel, messages: Message[]): Record<string, unknown> {
  const metadata = readFlag(args, 'include_all_metadata');
  const { items, hasMore, next } = readPage(args, messages, ({ ts }) => ts);
  return {
    messages: items.map((message) => showMessage(channel, message, metadata)),
    has_more: hasMore,
    ...(hasMore ? { response_metadata: { next_cursor: next } } : {}),
  };
}

/** Newest first, without replies in threads. */
export const channelHistory: Method = ({ workspace }, args) => {
  const channel = beMember(workspace, seeChannel(workspace, args));
  const messages = channel.messages
    .filter(({ thread_ts, ts, broadcast }) => thread_ts === undefined || thread_ts === ts || broadcast === true)
    .filter(withinTime(args))
    .toReversed();
  return { ...showPage(args, channel, messages), pin_count: channel.pins.length };
};

/** The first message of the thread, then its replies, oldest first. */
export const threadReplies: Method = ({ workspace }, args) => {
  const channel = beMember(workspace, seeChannel(workspace, args));
  const ts = needText(args, 'ts');
  const asked = findMessage(channel, ts);
  const parent = asked?.thread_ts === undefined ? asked : findMessage(channel, asked.thread_ts);
  if (parent === undefined) throw new SlackError('thread_not_found');
  const replies = repliesTo(channel, parent.ts).filter(withinTime(args));
  return showPage(args, channel, [parent, ...replies]);
};
