import type { Actor } from './actor.ts';
import type { Policy } from './policy.ts';

/**
 * Whether both are one human: the same account, the same Slack member, or the two of one person under `people` in the policy. An
 * account that is not named there is nobody else's.
 */
export function isSamePerson(policy: Policy | undefined, one: Actor, other: Actor): boolean {
  if (one.kind === 'terminal')
    return other.kind === 'terminal' ? one.account === other.account : isOnePerson(policy, one.account, other.user);
  return other.kind === 'slack' ? one.user === other.user : isOnePerson(policy, other.account, one.user);
}

function isOnePerson(policy: Policy | undefined, account: string, user: string): boolean {
  return Object.values(policy?.people ?? {}).some(({ terminal, slack }) => terminal === account && slack === user);
}
