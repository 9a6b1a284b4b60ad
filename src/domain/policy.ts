import { z } from 'zod';
import { explainLabel } from './names.ts';
import { addProblems, type Problem } from './problem.ts';
import { didYouMean } from './suggest.ts';

/** The policy file: who may do what. docs/policy.md explains it; docs/schema/policy.schema.json is made from it. */

const GROUP_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LOWER_CASE = 'must be lower-case words joined by "-"';
const LONE_STAR = 'must be one exact name, or "*" for all';
const NOT_EMPTY = 'must not be empty';

const Account = z.string().min(1, NOT_EMPTY);
const SlackMember = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'must be a Slack member id such as U0123ABCD');
const SlackGroup = z.string().regex(/^S[A-Z0-9]{2,}$/, 'must be a Slack user group id such as S0123');

const Group = z.strictObject({
  terminal: z.array(Account).default([]).describe('Names of OS accounts.'),
  slack: z.array(SlackMember).default([]).describe('Slack member ids.'),
  slackGroups: z.array(SlackGroup).default([]).describe('Slack user group ids: whoever Slack says is in them.'),
});

const Person = z.strictObject({
  terminal: Account.describe('Their OS account.'),
  slack: SlackMember.describe('Their Slack member id.'),
});

const Rule = z.strictObject({
  group: z.string().describe('The name of a group above.'),
  may: z.array(z.enum(['request', 'abort', 'approve'])).min(1, NOT_EMPTY),
  clusters: z
    .array(z.string().refine((name) => name === '*' || !/[*?]/.test(name), LONE_STAR))
    .min(1, NOT_EMPTY)
    .describe('Kubeconfig contexts by their exact names, or "*" for all.'),
  namespaces: z
    .array(z.string().refine((name) => name === '*' || explainLabel(name) === undefined, LONE_STAR))
    .min(1, NOT_EMPTY)
    .describe('Namespaces by their exact names, or "*" for all.'),
});

export const Policy = z
  .strictObject({
    groups: z
      .record(z.string().regex(GROUP_NAME, LOWER_CASE), Group)
      .describe('Who there is. Whoever is in a group may read, and work on incidents.'),
    people: z
      .record(z.string().regex(GROUP_NAME, LOWER_CASE), Person)
      .default({})
      .describe('Who is the same person in the terminal and in Slack, and so never their own second person.'),
    allow: z.array(Rule).default([]).describe('Who may do what where. What no rule allows is refused.'),
    secondPerson: z
      .enum(['destructive', 'never'])
      .default('destructive')
      .describe(
        'destructive: whoever asked for a run cannot approve it. never: they can, in Slack, if they may approve; except a run that may take a PartiallyFailed backup.',
      ),
    breakGlass: z
      .array(z.string())
      .default([])
      .describe('Groups whose terminal accounts may approve without a second person, with a written reason.'),
  })
  .superRefine((value, context) => addProblems(context, findProblems(value)), { when: () => true });
export type Policy = z.infer<typeof Policy>;

/** Also called for what is no policy yet, so that all problems show at once. */
function findProblems(raw: unknown): Problem[] {
  const shape = z.object({
    groups: z.record(z.string(), z.unknown()).catch({}),
    people: z.record(z.string(), z.looseObject({}).catch({})).catch({}),
    allow: z.array(z.object({ group: z.unknown() }).catch({ group: undefined })).catch([]),
    breakGlass: z.array(z.unknown()).catch([]),
  });
  const parsed = shape.safeParse(raw);
  if (!parsed.success) return [];
  const { groups, people, allow, breakGlass } = parsed.data;
  const named = [
    ...allow.map(({ group }, index) => ({ group, path: ['allow', index, 'group'] })),
    ...breakGlass.map((group, index) => ({ group, path: ['breakGlass', index] })),
  ];
  return [...findUnknownGroups(Object.keys(groups), named), ...findSharedAccounts(people)];
}

function findUnknownGroups(groups: string[], named: { group: unknown; path: (string | number)[] }[]): Problem[] {
  return named.flatMap(({ group, path }): Problem[] => {
    if (typeof group !== 'string' || groups.includes(group)) return [];
    const suggestion = didYouMean(group, groups);
    return [{ path, at: 'value', message: `there is no group "${group}"`, suggestion }];
  });
}

/** An account of two people would make each of them the other. */
function findSharedAccounts(people: Record<string, Record<string, unknown>>): Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(people).flatMap(([name, person]) =>
    ['terminal', 'slack'].flatMap((kind): Problem[] => {
      const account = `${kind} ${String(person[kind])}`;
      const owner = owners.get(account);
      if (owner === undefined) owners.set(account, name);
      if (owner === undefined || person[kind] === undefined) return [];
      return [{ path: ['people', name, kind], at: 'value', message: `${account} is ${owner} already` }];
    }),
  );
}

/** The Slack user groups that the policy names: what Slack must be asked about a member. */
export function namedSlackGroups(policy: Policy | undefined): string[] {
  return [...new Set(Object.values(policy?.groups ?? {}).flatMap(({ slackGroups }) => slackGroups))];
}
