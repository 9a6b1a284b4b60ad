import { readFlag, readNames } from '../arguments.ts';
import { LIMITS } from '../limits.ts';
import { showChannel } from '../shown.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel } from '../slack-types.ts';
import { joinChannel, type Workspace } from '../workspace.ts';
import { beChannel, enterChannel } from './access.ts';
import type { Method } from './method.ts';

function reasonAgainst(workspace: Workspace, channel: Channel, id: string): string | undefined {
  const user = workspace.users.get(id);
  if (user === undefined || user.deleted) return 'user_not_found';
  if (id === workspace.bot.user) return 'cant_invite_self';
  return channel.members.has(id) ? 'already_in_channel' : undefined;
}

/** All or nobody, unless `force`: then those who can be invited are, and the others are named. */
export const inviteMembers: Method = ({ workspace }, args) => {
  const channel = beChannel(enterChannel(workspace, args));
  const users = readNames(args, 'users');
  if (users.length === 0) throw new SlackError('no_user');
  if (users.length > LIMITS.invitees) throw new SlackError('too_many_users');
  const errors = users.flatMap((user) => {
    const error = reasonAgainst(workspace, channel, user);
    return error === undefined ? [] : [{ user, ok: false, error }];
  });
  const [first] = errors;
  const able = users.filter((user) => !errors.some((each) => each.user === user));
  if (first !== undefined && (!readFlag(args, 'force') || able.length === 0))
    throw new SlackError(first.error, { errors });
  for (const user of able) joinChannel(workspace, channel, user, workspace.bot.user);
  return { channel: showChannel(workspace, channel), ...(errors.length > 0 ? { errors } : {}) };
};
