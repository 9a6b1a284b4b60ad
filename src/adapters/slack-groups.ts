import { isDrError } from '../errors.ts';
import type { Chat } from '../ports.ts';
import { slackWord } from './slack-errors.ts';
import type { SlackDesk } from './slack-messages.ts';

/** Asks for each group's members as they are now: who has left a group has no more rights from it. */
export function createGroupsOf({ call, log }: Pick<SlackDesk, 'call' | 'log'>): Chat['groupsOf'] {
  const isIn = async (user: string, usergroup: string, signal: AbortSignal) => {
    try {
      const { users } = await call('usergroups.users.list', (web) => web.usergroups.users.list({ usergroup }), signal);
      return users?.includes(user) === true;
    } catch (thrown) {
      // A group that does not exist has no members; the others still count.
      if (!isDrError(thrown, 'CHAT_REFUSED') || slackWord(thrown.cause) !== 'no_such_subteam') throw thrown;
      log.warn({ usergroup }, 'the policy names a user group that Slack does not have');
      return false;
    }
  };
  return async (user, among, signal) => {
    const groups = [...new Set(among)];
    const members = await Promise.all(groups.map((group) => isIn(user, group, signal)));
    return groups.filter((_group, index) => members[index]);
  };
}
