import type { JsonObject } from './json.ts';
import { findChannel, findOwnChannel, findUser } from './names.ts';
import { type MarkActs, markActs } from './people-mark.ts';
import type { Channel, ChannelKind, Message } from './slack-types.ts';
import {
  addChannel,
  addNotice,
  findMessage,
  joinChannel,
  openDirect,
  unixSeconds,
  type Workspace,
} from './workspace.ts';

/** What people do in Slack without the app; the app hears of it by the events that it subscribed to. */
export interface PeopleActs extends MarkActs {
  /** Returns the message's time-stamp. */
  say(said: { user: string; channel: string; text: string; threadTs?: string }): string;
  /** Returns the channel's id. */
  createChannel(channel: { user: string; name: string; private?: boolean; members?: string[] }): string;
  /** Of themselves, where the channel is public. */
  join(joined: { user: string; channel: string }): void;
  invite(invitation: { by: string; channel: string; user: string }): void;
  leave(left: { user: string; channel: string }): void;
  archive(archived: { user: string; channel: string }): void;
  unarchive(opened: { user: string; channel: string }): void;
  rename(renamed: { user: string; channel: string; name: string }): void;
  /** An admin takes a message away, whoever said it. */
  removeMessage(removed: { channel: string; ts: string }): void;
  /** The direct message between two people; the app is not in it. Returns its id. */
  openDirect(people: { from: string; to: string }): string;
  /** An admin says who is in a user group from now on. */
  setGroup(group: string, members: readonly string[]): void;
  /** Somebody leaves the company: an administrator deactivates the account. */
  deactivate(left: { user: string }): void;
  /** An administrator disables a user group, by its id. */
  disableGroup(disabled: { group: string }): void;
}

type Emit = (event: JsonObject) => void;

const CHANNEL_TYPES: Readonly<Record<ChannelKind, string>> = {
  public: 'channel',
  private: 'group',
  im: 'im',
  mpim: 'mpim',
};

function tellMessage({ bot, team }: Workspace, channel: Channel, message: Message, emit: Emit): void {
  if (!channel.members.has(bot.user)) return;
  const { ts, user, text, thread_ts: thread } = message;
  const said = { user, text, ts, team: team.id, channel: channel.id, event_ts: ts };
  const event = thread === undefined ? said : { ...said, thread_ts: thread };
  emit({ type: 'message', channel_type: CHANNEL_TYPES[channel.kind], ...event });
  if (text.includes(`<@${bot.user}`)) emit({ type: 'app_mention', ...event });
}

/** `@name` as people type it becomes an entity, as in Slack's own client. */
function linkNames(workspace: Workspace, text: string): string {
  const users = [...workspace.users.values()];
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return escaped.replace(/(^|\s)@([a-z0-9._-]+)/g, (whole, before: string, name: string) => {
    const user = users.find((each) => each.name === name);
    return user === undefined ? whole : `${before}<@${user.id}>`;
  });
}

type TalkActs = Pick<PeopleActs, 'say'>;
function talkActs(ws: Workspace, emit: Emit): TalkActs {
  return {
    say({ user: name, channel: place, text, threadTs }) {
      const user = findUser(ws, name);
      const channel = findOwnChannel(ws, user, place);
      if (channel.archived) throw new Error(`${place} is archived`);
      const said = { type: 'message' as const, ts: ws.nextTs(), user: user.id, team: ws.team.id };
      const message: Message = {
        ...said,
        text: linkNames(ws, text),
        ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      };
      channel.messages.push(message);
      tellMessage(ws, channel, message, emit);
      return message.ts;
    },
  };
}

type AdminActs = Pick<PeopleActs, 'removeMessage' | 'openDirect' | 'setGroup' | 'deactivate' | 'disableGroup'>;

function adminActs(ws: Workspace): AdminActs {
  return {
    removeMessage({ channel: place, ts }) {
      const channel = findChannel(ws, place);
      if (findMessage(channel, ts) === undefined) throw new Error(`there is no message ${ts} in ${place}`);
      channel.messages = channel.messages.filter((message) => message.ts !== ts);
    },
    openDirect: ({ from, to }) => openDirect(ws, [findUser(ws, from).id, findUser(ws, to).id]).channel.id,
    setGroup(name, members) {
      const group = [...ws.groups.values()].find(({ id, handle }) => [id, handle].includes(name));
      if (group === undefined) throw new Error(`there is no user group ${name}`);
      group.users = members.map((member) => findUser(ws, member).id);
    },
    deactivate({ user }) {
      findUser(ws, user).deleted = true;
    },
    disableGroup({ group: id }) {
      const group = ws.groups.get(id);
      if (group === undefined) throw new Error(`there is no user group ${id}`);
      group.disabledAt = unixSeconds(ws);
    },
  };
}

function renameActs(ws: Workspace, emit: Emit): Pick<PeopleActs, 'rename'> {
  return {
    rename({ user: by, channel: place, name }) {
      const user = findUser(ws, by);
      const channel = findOwnChannel(ws, user, place);
      const text = `<@${user.id}> has renamed the channel from "${channel.name}" to "${name}"`;
      channel.previousNames.unshift(channel.name);
      channel.name = name;
      addNotice(ws, channel, user.id, 'channel_name', text);
      emit({ type: 'channel_rename', channel: { id: channel.id, name, created: channel.created } });
    },
  };
}

type OtherActs = Omit<PeopleActs, keyof TalkActs | keyof MarkActs | keyof AdminActs | 'rename'>;

function channelActs(ws: Workspace, emit: Emit): OtherActs {
  return {
    createChannel({ user, name, private: hidden, members = [] }) {
      const creator = findUser(ws, user).id;
      const kind = hidden === true ? 'private' : 'public';
      const all = [creator, ...members.map((member) => findUser(ws, member).id)];
      return addChannel(ws, { id: ws.nextId('C'), name, kind, creator, members: all }).id;
    },
    join({ user: name, channel: place }) {
      const { id: user } = findUser(ws, name);
      const channel = findChannel(ws, place);
      if (channel.kind !== 'public') throw new Error(`nobody can join ${place} uninvited`);
      if (channel.members.has(user)) return;
      joinChannel(ws, channel, user);
      const event = { type: 'member_joined_channel', user, channel: channel.id, channel_type: 'C', team: ws.team.id };
      if (channel.members.has(ws.bot.user)) emit(event);
    },
    invite({ by, channel: place, user }) {
      const inviter = findUser(ws, by);
      const channel = findOwnChannel(ws, inviter, place);
      const invited = findUser(ws, user).id;
      joinChannel(ws, channel, invited, inviter.id);
      const event = { user: invited, channel: channel.id, team: ws.team.id, inviter: inviter.id };
      if (channel.members.has(ws.bot.user)) emit({ type: 'member_joined_channel', channel_type: 'C', ...event });
    },
    leave({ user: name, channel: place }) {
      const user = findUser(ws, name);
      const channel = findOwnChannel(ws, user, place);
      channel.members.delete(user.id);
      addNotice(ws, channel, user.id, 'channel_leave', `<@${user.id}> has left the channel`);
    },
    archive({ user: name, channel: place }) {
      const user = findUser(ws, name);
      const channel = findOwnChannel(ws, user, place);
      addNotice(ws, channel, user.id, 'channel_archive', `<@${user.id}> archived the channel`);
      channel.archived = true;
      const type = channel.kind === 'private' ? 'group_archive' : 'channel_archive';
      emit({ type, channel: channel.id, user: user.id });
    },
    unarchive({ user: name, channel: place }) {
      const user = findUser(ws, name);
      const channel = findChannel(ws, place);
      channel.archived = false;
      channel.members.add(user.id);
      addNotice(ws, channel, user.id, 'channel_unarchive', `<@${user.id}> un-archived the channel`);
      emit({ type: 'channel_unarchive', channel: channel.id, user: user.id });
    },
  };
}

export function createPeopleActs(ws: Workspace, emit: Emit): PeopleActs {
  const there = { ...channelActs(ws, emit), ...renameActs(ws, emit), ...adminActs(ws) };
  return { ...talkActs(ws, emit), ...markActs(ws, emit), ...there };
}
