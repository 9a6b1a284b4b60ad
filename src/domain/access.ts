import { z } from 'zod';
import type { Actor } from './actor.ts';
import { explainLabel } from './names.ts';
import { addProblems, type Problem } from './problem.ts';
import { didYouMean } from './suggest.ts';
import type { Target } from './target.ts';

/** Who may do what, as the policy file says. What it does not allow is refused. */

const GROUP_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONE_STAR = 'must be one exact name, or "*" for all';

const Group = z.strictObject({
  /** Names of OS accounts. */
  terminal: z.array(z.string().min(1, 'must not be empty')).default([]),
  /** Slack member ids. */
  slack: z.array(z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'must be a Slack member id such as U0123ABCD')).default([]),
  slackGroups: z.array(z.string().regex(/^S[A-Z0-9]{2,}$/, 'must be a Slack user group id such as S0123')).default([]),
});

const Rule = z.strictObject({
  group: z.string(),
  may: z.array(z.enum(['request', 'abort', 'approve'])).min(1, 'must not be empty'),
  /** Kubeconfig contexts. */
  clusters: z
    .array(z.string().refine((name) => name === '*' || !/[*?]/.test(name), LONE_STAR))
    .min(1, 'must not be empty'),
  namespaces: z
    .array(z.string().refine((name) => name === '*' || explainLabel(name) === undefined, LONE_STAR))
    .min(1, 'must not be empty'),
});

export const Policy = z
  .strictObject({
    groups: z.record(z.string().regex(GROUP_NAME, 'must be lower-case words joined by "-"'), Group),
    allow: z.array(Rule).default([]),
    /** Whether a destructive run needs somebody else's approval. */
    secondPerson: z.enum(['destructive', 'never']).default('destructive'),
    /** Groups that may approve from the terminal, with a written reason. */
    breakGlass: z.array(z.string()).default([]),
  })
  .superRefine((value, context) => addProblems(context, findUnknownGroups(value)), { when: () => true });
export type Policy = z.infer<typeof Policy>;

/** Also called for what is no policy yet, so that all problems show at once. */
function findUnknownGroups(raw: unknown): Problem[] {
  const shape = z.object({
    groups: z.record(z.string(), z.unknown()).catch({}),
    allow: z.array(z.object({ group: z.unknown() }).catch({ group: undefined })).catch([]),
    breakGlass: z.array(z.unknown()).catch([]),
  });
  const { groups, allow, breakGlass } = shape.catch({ groups: {}, allow: [], breakGlass: [] }).parse(raw);
  const named = [
    ...allow.map(({ group }, index) => ({ group, path: ['allow', index, 'group'] })),
    ...breakGlass.map((group, index) => ({ group, path: ['breakGlass', index] })),
  ];
  return named.flatMap(({ group, path }): Problem[] => {
    if (typeof group !== 'string' || Object.hasOwn(groups, group)) return [];
    const suggestion = didYouMean(group, Object.keys(groups));
    return [{ path, at: 'value', message: `there is no group "${group}"`, suggestion }];
  });
}

export type AccessAction = 'read' | 'request' | 'approve' | 'abort' | 'break-glass';
/** `why` and `action` are sentences; `group` is the group whose right it is. */
export type AccessDecision = { allowed: true; group: string } | { allowed: false; why: string; action: string };

/** Whether the actor may do this to the target. Without a policy everybody may read and nobody may do anything else. */
export function decideAccess(
  policy: Policy | undefined,
  actor: Actor,
  action: AccessAction,
  target: Target,
): AccessDecision {
  if (policy === undefined)
    return action === 'read' ? { allowed: true, group: 'everyone' } : askForPolicy(actor, target);
  const groups = Object.keys(policy.groups).filter((name) => isMember(policy.groups[name], actor));
  const [group] = groups;
  if (group === undefined) {
    const next = `Ask for ${nameOf(actor)} to be added under "${actor.kind}" of a group in POLICY_FILE.`;
    return { allowed: false, why: 'No group of the policy knows this actor.', action: next };
  }
  if (action === 'read') return { allowed: true, group };
  if (action === 'break-glass') return decideBreakGlass(policy, actor, groups);
  if (action === 'approve' && actor.kind === 'terminal') return refuseTerminalApproval(policy);
  return decideByRules(policy, groups, action, target);
}

function decideByRules(policy: Policy, groups: string[], action: AccessAction, target: Target): AccessDecision {
  const fitting = policy.allow.filter(
    ({ may, clusters, namespaces }) =>
      may.some((allowed) => allowed === action) &&
      covers(clusters, target.cluster) &&
      covers(namespaces, target.namespace),
  );
  const rule = fitting.find(({ group }) => groups.includes(group));
  if (rule !== undefined) return { allowed: true, group: rule.group };
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

/** The example is YAML that can be saved as it stands. */
function askForPolicy(actor: Actor, { namespace }: Target): AccessDecision {
  const example =
    `{groups: {engineers: {${actor.kind}: [${JSON.stringify(nameOf(actor))}]}}, ` +
    `allow: [{group: engineers, may: [request, abort], clusters: ["*"], namespaces: [${namespace}]}]}`;
  return {
    allowed: false,
    why: 'Without a policy file everybody may read and nobody may do anything else.',
    action: `Write a policy file and name it in POLICY_FILE, such as: ${example}`,
  };
}

function isMember(group: Policy['groups'][string] | undefined, actor: Actor): boolean {
  if (group === undefined) return false;
  if (actor.kind === 'terminal') return group.terminal.includes(actor.account);
  return group.slack.includes(actor.user) || group.slackGroups.some((id) => actor.groups?.includes(id));
}

function covers(names: string[], name: string): boolean {
  return names.includes('*') || names.includes(name);
}

function nameOf(actor: Actor): string {
  return actor.kind === 'terminal' ? actor.account : actor.user;
}
