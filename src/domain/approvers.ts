import { decideAccess } from './access.ts';
import type { Actor } from './actor.ts';
import { isSamePerson } from './person.ts';
import type { Policy } from './policy.ts';
import type { Target } from './target.ts';

/** Who may say yes to a run, as the policy has it now. */
export interface Approvers {
  /** Slack member ids, the requester left out where they may not approve their own. */
  users: string[];
  /** Slack user group ids. */
  groups: string[];
  /** Names of the policy's groups that may break the glass in the terminal. */
  breakGlass: string[];
}

export interface ApproverOptions {
  /** The run needs a second person whatever the policy says. */
  secondPersonAlways?: boolean;
}

/** Everybody who may approve on all of the targets; without a policy nobody may. */
export function listApprovers(
  policy: Policy | undefined,
  targets: readonly Target[],
  requester: Actor,
  { secondPersonAlways = false }: ApproverOptions = {},
): Approvers {
  if (policy === undefined || targets.length === 0) return { users: [], groups: [], breakGlass: [] };
  const mayApprove = (user: string, groups: string[]) =>
    targets.every((target) => decideAccess(policy, { kind: 'slack', user, groups }, 'approve', target).allowed);
  const another = secondPersonAlways || policy.secondPerson !== 'never';
  const members = Object.values(policy.groups);
  const users = [...new Set(members.flatMap(({ slack }) => slack))]
    .filter((user) => mayApprove(user, []))
    .filter((user) => !another || !isSamePerson(policy, { kind: 'slack', user }, requester));
  const groups = [...new Set(members.flatMap(({ slackGroups }) => slackGroups))].filter((id) => mayApprove('', [id]));
  return { users, groups, breakGlass: [...new Set(policy.breakGlass)] };
}
