import type { Channel, Message, User, UserGroup, View } from './slack-types.ts';
import { repliesTo, type Workspace } from './workspace.ts';

/** The workspace's things as the Web API shows them. */
export function showUser({ team }: Workspace, user: User): Record<string, unknown> {
  return {
    id: user.id,
    team_id: team.id,
    name: user.name,
    real_name: user.realName,
    deleted: user.deleted,
    is_bot: user.isBot,
    is_admin: false,
    is_restricted: false,
    is_ultra_restricted: false,
    tz: 'Etc/UTC',
    tz_offset: 0,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      team: team.id,
      ...(user.isBot ? {} : { email: user.email }),
    },
  };
}

export function showGroup({ team }: Workspace, group: UserGroup, users: boolean): Record<string, unknown> {
  return {
    id: group.id,
    team_id: team.id,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    date_delete: group.disabledAt ?? 0,
    user_count: group.users.length,
    ...(users ? { users: group.users } : {}),
  };
}

export function showChannel({ bot }: Workspace, channel: Channel, count = false): Record<string, unknown> {
  const { kind } = channel;
  const base = { id: channel.id, created: channel.created, is_archived: channel.archived, is_im: kind === 'im' };
  const other = [...channel.members].find((member) => member !== bot.user) ?? bot.user;
  if (kind === 'im') return { ...base, is_org_shared: false, user: other, is_open: true };
  return {
    ...base,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: kind === 'public',
    is_group: kind === 'private',
    is_mpim: kind === 'mpim',
    is_private: kind !== 'public',
    is_general: false,
    is_shared: false,
    is_member: channel.members.has(bot.user),
    creator: channel.creator,
    topic: channel.topic,
    purpose: channel.purpose,
    previous_names: channel.previousNames,
    ...(count ? { num_members: channel.members.size } : {}),
  };
}

/** `metadata` only for whoever asks for it. */
export function showMessage(channel: Channel, message: Message, metadata: boolean): Record<string, unknown> {
  const { metadata: held, broadcast, ...rest } = message;
  const replies = repliesTo(channel, message.ts);
  const users = [...new Set(replies.map(({ user }) => user))];
  const pinned = channel.pins.some(({ ts }) => ts === message.ts);
  return {
    ...rest,
    ...(broadcast === true ? { subtype: 'thread_broadcast' } : {}),
    ...(metadata && held !== undefined ? { metadata: held } : {}),
    ...(pinned ? { pinned_to: [channel.id] } : {}),
    ...(replies.length === 0
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users_count: users.length,
          latest_reply: replies.at(-1)?.ts,
          reply_users: users,
          is_locked: false,
          subscribed: true,
        }),
  };
}

export function showView({ team, appId, bot }: Workspace, held: View): Record<string, unknown> {
  const { view } = held;
  return {
    id: held.id,
    team_id: team.id,
    app_id: appId,
    app_installed_team_id: team.id,
    bot_id: bot.id,
    callback_id: '',
    private_metadata: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    submit: null,
    close: null,
    ...view,
    state: { values: {} },
    hash: held.hash,
    root_view_id: held.rootId,
    previous_view_id: held.previousId ?? null,
  };
}
