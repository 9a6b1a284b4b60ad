import { type Diagnosis, ok, red, unchecked, unused } from '../../domain/diagnosis.ts';
import { namedSlackGroups, type Policy } from '../../domain/policy.ts';
import type { ChatInspection } from '../../inspection-ports.ts';
import { defineExamination } from '../examination.ts';

/** How many members Slack is asked about: it allows 100 such questions a minute. */
const MOST = 60;

/** Whether everybody whom the policy names is still there. */
export const examination = defineExamination({
  name: 'slack people',
  about: 'installation',
  examine: async ({ chat, policy, signal }) => {
    if (chat === undefined || policy === undefined) return [];
    const line = 'slack people';
    const users = namedMembers(policy);
    const groups = namedSlackGroups(policy);
    if (users.length + groups.length === 0) return [unused(line, 'the policy names nobody in Slack')];
    const [lostUsers, lostGroups] = await Promise.all([
      findLostUsers(chat, users.slice(0, MOST), signal),
      findLostGroups(chat, groups, signal),
    ]);
    const lost = [...lostUsers, ...lostGroups];
    const remedy = 'Take them out of the policy file, or put in whoever took their place.';
    if (lost.length > 0) return [red(line, lost.join('; '), remedy)];
    const unasked = users.length - MOST;
    const many: Diagnosis[] =
      unasked > 0 ? [unchecked('slack people', `${unasked} more members: too many to ask`)] : [];
    const asked = Math.min(users.length, MOST);
    return [ok(line, `${asked} members and ${groups.length} user groups of the policy are there`), ...many];
  },
});

function namedMembers({ groups, people }: Policy): string[] {
  const inGroups = Object.values(groups).flatMap(({ slack }) => slack);
  return [...new Set([...inGroups, ...Object.values(people).map(({ slack }) => slack)])];
}

async function findLostUsers(chat: ChatInspection, users: readonly string[], signal: AbortSignal): Promise<string[]> {
  const states = await Promise.all(users.map(async (user) => [user, await chat.member(user, signal)] as const));
  return states.flatMap(([user, state]) => {
    if (state === 'active') return [];
    return [state === undefined ? `${user} does not exist` : `${user} is deactivated`];
  });
}

async function findLostGroups(chat: ChatInspection, groups: readonly string[], signal: AbortSignal): Promise<string[]> {
  if (groups.length === 0) return [];
  const known = await chat.groups(signal);
  return groups.flatMap((group) => {
    const state = known.get(group);
    if (state === 'active') return [];
    return [state === undefined ? `user group ${group} does not exist` : `user group ${group} is disabled`];
  });
}
