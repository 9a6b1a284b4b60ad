import { type Arguments, needText, readFlag, readText } from '../arguments.ts';
import { composeMessage, signAsBot } from '../compose-message.ts';
import { copyOf } from '../json.ts';
import { putMessage, showOnlyTo } from '../record-message.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel } from '../slack-types.ts';
import { findMessage } from '../workspace.ts';
import { findPostTarget, needMessage, needUser, seeChannel } from './access.ts';
import type { Method } from './method.ts';

/** The thread to post in: its parent's time-stamp, never a reply's. */
export function readThread(channel: Channel, args: Arguments): string | undefined {
  const ts = readText(args, 'thread_ts');
  if (ts === undefined || ts === '') return undefined;
  const parent = findMessage(channel, ts);
  if (parent === undefined) throw new SlackError('thread_not_found');
  if (parent.thread_ts !== undefined && parent.thread_ts !== ts) throw new SlackError('cannot_reply_to_message');
  return ts;
}

export const postMessage: Method = (context, args) => {
  const { workspace } = context;
  const channel = findPostTarget(context, args);
  const thread = readThread(channel, args);
  const { content, draft } = composeMessage(args);
  const message = {
    ...signAsBot(workspace, content),
    ...(thread === undefined ? {} : { thread_ts: thread }),
    ...(thread !== undefined && readFlag(args, 'reply_broadcast') ? { broadcast: true } : {}),
  };
  putMessage(workspace, channel, message, draft, 'post');
  return { channel: channel.id, ts: message.ts, message: copyOf(message) };
};

export const postEphemeral: Method = (context, args) => {
  const { workspace } = context;
  const channel = findPostTarget(context, args);
  const user = needUser(workspace, needText(args, 'user'));
  if (!channel.members.has(user.id)) throw new SlackError('user_not_in_channel');
  const thread = readThread(channel, args);
  const { content, draft } = composeMessage(args);
  const message = { ...signAsBot(workspace, content), ...(thread === undefined ? {} : { thread_ts: thread }) };
  showOnlyTo(workspace, { channel: channel.id, to: user.id, message, how: 'postEphemeral' }, draft);
  return { message_ts: message.ts };
};

export const getPermalink: Method = ({ workspace }, args) => {
  const channel = seeChannel(workspace, args);
  const message = needMessage(channel, needText(args, 'message_ts'));
  const path = `archives/${channel.id}/p${message.ts.replace('.', '')}`;
  const thread = message.thread_ts === undefined ? '' : `?thread_ts=${message.thread_ts}&cid=${channel.id}`;
  return { channel: channel.id, permalink: `https://${workspace.team.domain}.slack.com/${path}${thread}` };
};
