import { randomBytes } from 'node:crypto';
import type { Channel, ChannelKind, Ephemeral, Message, PostedVersion, User, UserGroup, View } from './slack-types.ts';

export interface Identity {
  team: { id: string; name: string; domain: string };
  appId: string;
  /** The bot as Slack knows it: `user` talks, `id` is the `B...` of its messages. */
  bot: { user: string; id: string; name: string };
}

/** Everything that Slack remembers. Each method reads and changes it; nothing else does. */
export interface Workspace extends Identity {
  users: Map<string, User>;
  groups: Map<string, UserGroup>;
  channels: Map<string, Channel>;
  views: Map<string, View>;
  ephemerals: Ephemeral[];
  posted: PostedVersion[];
  /** What Slack would have refused, wherever an app said it: acks and response URLs included. */
  violations: string[];
  /** Milliseconds. */
  now(): number;
  /** A time-stamp that no other message has. */
  nextTs(): string;
  nextId(prefix: string): string;
}

/** Slack's ids: a letter for the kind, then capitals and digits. */
const ID_LENGTH = 9;

export function createWorkspace(identity: Identity, now: () => number): Workspace {
  let lastMicros = 0;
  let ids = 0;
  return {
    ...identity,
    users: new Map(),
    groups: new Map(),
    channels: new Map(),
    views: new Map(),
    ephemerals: [],
    posted: [],
    violations: [],
    now,
    nextTs() {
      lastMicros = Math.max(lastMicros + 1, Math.floor(now()) * 1_000);
      return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, '0')}`;
    },
    nextId(prefix) {
      ids += 1;
      return `${prefix}0${ids.toString(36).toUpperCase().padStart(ID_LENGTH, '0')}`;
    },
  };
}

export const unixSeconds = (workspace: Workspace): number => Math.floor(workspace.now() / 1_000);

export function addChannel(
  workspace: Workspace,
  channel: { id: string; name: string; kind: ChannelKind; creator: string; members: readonly string[] },
): Channel {
  const unset = { value: '', creator: '', last_set: 0 };
  const added: Channel = {
    ...channel,
    members: new Set(channel.members),
    previousNames: [],
    created: unixSeconds(workspace),
    archived: false,
    topic: { ...unset },
    purpose: { ...unset },
    messages: [],
    pins: [],
    bookmarks: [],
  };
  workspace.channels.set(added.id, added);
  return added;
}

/** A line that Slack itself writes, such as "has joined the channel". */
export function addNotice(workspace: Workspace, channel: Channel, user: string, subtype: string, text: string): void {
  const notice: Message = { type: 'message', subtype, ts: workspace.nextTs(), user, text, team: workspace.team.id };
  if (channel.kind === 'public' || channel.kind === 'private') channel.messages.push(notice);
}

export function joinChannel(workspace: Workspace, channel: Channel, user: string, inviter?: string): void {
  channel.members.add(user);
  const by = inviter === undefined || inviter === user ? '' : ` by invitation of <@${inviter}>`;
  addNotice(workspace, channel, user, 'channel_join', `<@${user}> has joined the channel${by}`);
}

/** The direct message between these people, made when it is not there yet. */
export function openDirect(workspace: Workspace, people: readonly string[]): { channel: Channel; existed: boolean } {
  const wanted = [...new Set(people)].sort();
  const known = [...workspace.channels.values()].find(
    ({ kind, members }) => (kind === 'im' || kind === 'mpim') && [...members].sort().join() === wanted.join(),
  );
  if (known !== undefined) return { channel: known, existed: true };
  const kind = wanted.length > 2 ? 'mpim' : 'im';
  const names = wanted.map((id) => workspace.users.get(id)?.name ?? id);
  const channel = addChannel(workspace, {
    id: workspace.nextId(kind === 'im' ? 'D' : 'G'),
    name: kind === 'im' ? '' : `mpdm-${names.join('--')}-1`,
    kind,
    creator: workspace.bot.user,
    members: wanted,
  });
  return { channel, existed: false };
}

export function findMessage(channel: Channel, ts: string): Message | undefined {
  return channel.messages.find((message) => message.ts === ts);
}

export function repliesTo(channel: Channel, ts: string): Message[] {
  return channel.messages.filter((message) => message.thread_ts === ts && message.ts !== ts);
}

export const makeSecret = (): string => randomBytes(16).toString('hex');
