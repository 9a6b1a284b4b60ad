import { needText, readFlag } from '../arguments.ts';
import { readPage } from '../paging.ts';
import { showGroup, showUser } from '../shown.ts';
import { SlackError } from '../slack-error.ts';
import { needUser } from './access.ts';
import type { Method } from './method.ts';

export const testAuth: Method = ({ workspace: { team, bot } }) => ({
  url: `https://${team.domain}.slack.com/`,
  team: team.name,
  user: bot.name,
  team_id: team.id,
  user_id: bot.user,
  bot_id: bot.id,
  is_enterprise_install: false,
});

/** Answers with what it was asked; `error` makes it fail. */
export const testApi: Method = (_context, args) => {
  const { token: _token, ...rest } = args;
  if (typeof args['error'] === 'string') throw new SlackError(args['error'], { args: rest });
  return Object.keys(rest).length === 0 ? {} : { args: rest };
};

export const userInfo: Method = ({ workspace }, args) => ({
  user: showUser(workspace, needUser(workspace, needText(args, 'user'))),
});

export const listUsers: Method = ({ workspace }, args) => {
  const { items, next } = readPage(args, [...workspace.users.values()], ({ id }) => id);
  return {
    members: items.map((user) => showUser(workspace, user)),
    cache_ts: Math.floor(workspace.now() / 1_000),
    response_metadata: { next_cursor: next },
  };
};

export const lookupByEmail: Method = ({ workspace }, args) => {
  const email = needText(args, 'email').toLowerCase();
  const user = [...workspace.users.values()].find((each) => !each.isBot && !each.deleted && each.email === email);
  if (user === undefined) throw new SlackError('users_not_found');
  return { user: showUser(workspace, user) };
};

export const listGroups: Method = ({ workspace }, args) => ({
  usergroups: [...workspace.groups.values()]
    .filter(({ disabledAt }) => disabledAt === undefined || readFlag(args, 'include_disabled'))
    .map((group) => showGroup(workspace, group, readFlag(args, 'include_users'))),
});

export const listGroupUsers: Method = ({ workspace }, args) => {
  const group = workspace.groups.get(needText(args, 'usergroup'));
  if (group === undefined) throw new SlackError('no_such_subteam');
  return { users: [...group.users] };
};
