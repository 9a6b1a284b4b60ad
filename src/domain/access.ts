import type { Actor } from './actor.ts';
import { namedSlackGroups, type Policy } from './policy.ts';
import type { Target } from './target.ts';

/** Who may do what, as the policy file says. What it does not allow is refused. */

/** `reject` is the right of whoever may say yes: `approve`, or `break-glass` in the terminal. */
export type AccessAction = 'read' | 'request' | 'approve' | 'reject' | 'abort' | 'break-glass';
/** `why` and `action` are sentences; `group` is the group whose right it is. */
export type AccessDecision = { allowed: true; group: string } | { allowed: false; why: string; action: string };

const NO_POLICY = 'Without a policy file everybody may read and nobody may do anything else.';

/** Whether the actor may do this to the target. Without a policy everybody may read and nobody may do anything else. */
export function decideAccess(
  policy: Policy | undefined,
  actor: Actor,
  action: AccessAction,
  target: Target,
): AccessDecision {
  if (action === 'read') return decideReading(policy, actor);
  if (policy === undefined) return askForPolicy(actor, target);
  const groups = groupsOf(policy, actor);
  if (groups.length === 0) return refuseUnknown(policy, actor);
  if (action === 'break-glass') return decideBreakGlass(policy, actor, groups);
  if (action === 'approve' && actor.kind === 'terminal') return refuseTerminalApproval(policy);
  if (action === 'reject' && actor.kind === 'terminal') {
    const glass = decideBreakGlass(policy, actor, groups);
    if (glass.allowed) return glass;
  }
  return decideByRules(policy, actor, groups, action, target);
}

/** Whether the actor may read at all: whoever is in a group may read everything. */
export function decideReading(policy: Policy | undefined, actor: Actor): AccessDecision {
  if (policy === undefined) return { allowed: true, group: 'everyone' };
  const [group] = groupsOf(policy, actor);
  return group === undefined ? refuseUnknown(policy, actor) : { allowed: true, group };
}

/** Whether the actor may work on incidents: whoever is in any group may. They belong to no namespace, so no rule is asked. */
export function decideResponding(policy: Policy | undefined, actor: Actor): AccessDecision {
  if (policy !== undefined) return decideReading(policy, actor);
  const example = `{groups: {engineers: {${actor.kind}: [${JSON.stringify(nameOf(actor))}]}}}`;
  return {
    allowed: false,
    why: NO_POLICY,
    action: `Write a policy file and name it in POLICY_FILE, such as: ${example}`,
  };
}

function refuseUnknown(policy: Policy, actor: Actor): AccessDecision {
  if (isUnsaid(actor) && namedSlackGroups(policy).length > 0) return refuseUnsaid();
  const next = `Ask whoever keeps the policy file to add ${nameOf(actor)} under "${actor.kind}" of a group in POLICY_FILE.`;
  return { allowed: false, why: 'No group of the policy knows this actor.', action: next };
}

function decideByRules(
  policy: Policy,
  actor: Actor,
  groups: string[],
  action: 'request' | 'abort' | 'approve' | 'reject',
  target: Target,
): AccessDecision {
  const right = action === 'reject' ? 'approve' : action;
  const fitting = policy.allow.filter(
    ({ may, clusters, namespaces }) =>
      may.includes(right) && covers(clusters, target.cluster) && covers(namespaces, target.namespace),
  );
  const rule = fitting.find(({ group }) => groups.includes(group));
  if (rule !== undefined) return { allowed: true, group: rule.group };
  if (isUnsaid(actor) && fitting.some(({ group }) => hasSlackGroups(policy, group))) return refuseUnsaid();
  const others = [...new Set(fitting.map(({ group }) => group))];
  const what = `${action} on ${target.cluster}/${target.namespace}`;
  return {
    allowed: false,
    why: `The policy does not let ${groups.join(', ')} ${what}.`,
    action: others.length > 0 ? `Ask somebody in ${others.join(', ')}.` : `Add a rule for ${what} to POLICY_FILE.`,
  };
}

function decideBreakGlass(policy: Policy, actor: Actor, groups: string[]): AccessDecision {
  if (actor.kind !== 'terminal') {
    const why = 'Break-glass approval is for the terminal only.';
    return { allowed: false, why, action: 'Approve in Slack as usual.' };
  }
  const group = groups.find((name) => policy.breakGlass.includes(name));
  if (group !== undefined) return { allowed: true, group };
  return { allowed: false, why: 'None of your groups may break the glass.', action: askBreakGlass(policy) };
}

function refuseTerminalApproval(policy: Policy): AccessDecision {
  const why = 'Approving from the terminal is break-glass only, because the terminal is never the second person.';
  return { allowed: false, why, action: `Approve in Slack. If that is impossible: ${askBreakGlass(policy)}` };
}

function askBreakGlass({ breakGlass }: Policy): string {
  if (breakGlass.length === 0) return 'Name a group under "breakGlass" in POLICY_FILE.';
  return `Somebody in ${breakGlass.join(', ')} can break the glass in the terminal, with a written reason.`;
}

/** A member who may be in a user group that would allow it is not told that they may not: nobody knows. */
function refuseUnsaid(): AccessDecision {
  const action = 'Try again in a minute; if Slack stays silent, do it in the terminal.';
  return { allowed: false, why: 'Slack did not say which user groups you are in.', action };
}

/** The example is YAML that can be saved as it stands. */
function askForPolicy(actor: Actor, { namespace }: Target): AccessDecision {
  const example =
    `{groups: {engineers: {${actor.kind}: [${JSON.stringify(nameOf(actor))}]}}, ` +
    `allow: [{group: engineers, may: [request, abort], clusters: ["*"], namespaces: [${namespace}]}]}`;
  return {
    allowed: false,
    why: NO_POLICY,
    action: `Write a policy file and name it in POLICY_FILE, such as: ${example}`,
  };
}

function groupsOf(policy: Policy, actor: Actor): string[] {
  return Object.keys(policy.groups).filter((name) => isMember(policy.groups[name], actor));
}

function isMember(group: Policy['groups'][string] | undefined, actor: Actor): boolean {
  if (group === undefined) return false;
  if (actor.kind === 'terminal') return group.terminal.includes(actor.account);
  return group.slack.includes(actor.user) || group.slackGroups.some((id) => actor.groups?.includes(id));
}

function isUnsaid(actor: Actor): boolean {
  return actor.kind === 'slack' && actor.groups === undefined;
}

function hasSlackGroups(policy: Policy, group: string): boolean {
  return (policy.groups[group]?.slackGroups.length ?? 0) > 0;
}

function covers(names: string[], name: string): boolean {
  return names.includes('*') || names.includes(name);
}

function nameOf(actor: Actor): string {
  return actor.kind === 'terminal' ? actor.account : actor.user;
}
