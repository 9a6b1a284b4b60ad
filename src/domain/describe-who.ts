import { decideAccess } from './access.ts';
import type { Policy } from './policy.ts';

/** How many namespaces are told apart; a whole cluster's backup holds more. */
const NAMED = 6;

/** Who may ask for a restore of each namespace, and who may approve it, as the policy says. */
export function describeWho(policy: Policy | undefined, cluster: string, namespaces: readonly string[]): string[] {
  if (policy === undefined) return ['may restore with it: nobody, there is no policy file (POLICY_FILE)'];
  const said = namespaces.slice(0, NAMED).map((namespace) => {
    const asks = groupsThatMay(policy, 'request', cluster, namespace);
    const approves = groupsThatMay(policy, 'approve', cluster, namespace);
    const glass = policy.breakGlass.length === 0 ? '' : `; breaks the glass: ${policy.breakGlass.join(', ')}`;
    return `may restore ${namespace}: asks: ${asks || 'nobody'}; approves: ${approves || 'nobody'}${glass}`;
  });
  const left = namespaces.length - said.length;
  return left > 0 ? [...said, `… and ${left} more namespaces`] : said;
}

function groupsThatMay(policy: Policy, action: 'request' | 'approve', cluster: string, namespace: string): string {
  const rules = policy.allow.filter(({ group }) => mayAsOneOf(policy, group, action, cluster, namespace));
  return [...new Set(rules.map(({ group }) => group))].join(', ');
}

/** As the one group's only member, so that the policy's own rule decides. */
function mayAsOneOf(policy: Policy, group: string, action: 'request' | 'approve', cluster: string, namespace: string) {
  const alone = { ...policy, groups: { [group]: { terminal: [], slack: ['U0NOBODY'], slackGroups: [] } } };
  const actor = { kind: 'slack', user: 'U0NOBODY', groups: [] } as const;
  return decideAccess(alone, { ...actor, groups: [] }, action, { cluster, namespace }).allowed;
}
