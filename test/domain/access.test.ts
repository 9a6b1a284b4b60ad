import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type AccessAction, decideAccess, decideReading, decideResponding } from '../../src/domain/access.ts';
import type { Actor } from '../../src/domain/actor.ts';
import { namedSlackGroups, Policy } from '../../src/domain/policy.ts';

const policy = Policy.parse({
  groups: {
    engineers: { terminal: ['alice'], slack: ['U0123ABCD'], slackGroups: ['S0123'] },
    leads: { terminal: ['bob'], slack: ['U0BOB'] },
    watchers: { terminal: ['carol'] },
  },
  allow: [
    { group: 'engineers', may: ['request', 'abort'], clusters: ['*'], namespaces: ['data-processing'] },
    { group: 'leads', may: ['approve'], clusters: ['prod'], namespaces: ['*'] },
  ],
  breakGlass: ['leads'],
});

const terminal = (account: string): Actor => ({ kind: 'terminal', account, uid: 1000 });
const slack = (user: string, ...groups: string[]): Actor => ({ kind: 'slack', user, groups });
/** A Slack member whose user groups Slack could not say. */
const unsaid = (user: string): Actor => ({ kind: 'slack', user });
const HERE = { cluster: 'prod', namespace: 'data-processing' };

describe('decideAccess allows', () => {
  test.each<[string, Actor, AccessAction, Partial<typeof HERE>, string]>([
    ['reading to anybody known', terminal('carol'), 'read', { namespace: 'other' }, 'watchers'],
    ['what a rule says', terminal('alice'), 'request', {}, 'engineers'],
    ['aborting', slack('U0123ABCD'), 'abort', {}, 'engineers'],
    ['a member of a Slack group', slack('U0NEW', 'S9', 'S0123'), 'request', {}, 'engineers'],
    ['any cluster where it says *', terminal('alice'), 'request', { cluster: 'staging' }, 'engineers'],
    ['any namespace where it says *', slack('U0BOB'), 'approve', { namespace: 'shop' }, 'leads'],
    ['rejecting to whoever may approve', slack('U0BOB'), 'reject', {}, 'leads'],
    ['rejecting to whoever may break the glass', terminal('bob'), 'reject', { cluster: 'staging' }, 'leads'],
    ['a member by id although Slack did not say more', unsaid('U0123ABCD'), 'request', {}, 'engineers'],
    ['break-glass to its groups', terminal('bob'), 'break-glass', { cluster: 'staging' }, 'leads'],
  ])('%s', (_, actor, action, target, group) => {
    expect(decideAccess(policy, actor, action, { ...HERE, ...target })).toEqual({ allowed: true, group });
  });
});

describe('decideAccess refuses', () => {
  test.each<[string, Actor, AccessAction, Partial<typeof HERE>, RegExp, RegExp]>([
    ['an unknown account', terminal('mallory'), 'read', {}, /No group/, /mallory.*"terminal".*POLICY_FILE/],
    ['an unknown Slack user', slack('U0NOBODY'), 'read', {}, /No group/, /U0NOBODY.*"slack"/],
    ['a Slack id that equals an account', slack('alice'), 'request', {}, /No group/, /alice/],
    ['an account that equals a Slack id', terminal('U0BOB'), 'abort', {}, /No group/, /U0BOB/],
    ['another case of the name', terminal('Alice'), 'request', {}, /No group/, /Alice/],
    ['another namespace', terminal('alice'), 'request', { namespace: 'shop' }, /request on prod\/shop/, /Add a rule/],
    [
      'a namespace that only begins alike',
      terminal('alice'),
      'request',
      { namespace: 'data-processing-2' },
      /engineers/,
      /rule/,
    ],
    ['another cluster', slack('U0BOB'), 'approve', { cluster: 'staging' }, /leads approve on staging/, /Add a rule/],
    ['another action', slack('U0BOB'), 'request', {}, /leads request/, /Ask somebody in engineers/],
    ['a group without rules', terminal('carol'), 'abort', {}, /watchers/, /engineers/],
    [
      'approval from the terminal',
      terminal('bob'),
      'approve',
      {},
      /terminal is break-glass only/,
      /leads can break the glass.*written reason/,
    ],
    [
      'rejecting to whoever may only ask',
      slack('U0123ABCD'),
      'reject',
      {},
      /engineers reject/,
      /Ask somebody in leads/,
    ],
    ['rejecting to a terminal without a right', terminal('carol'), 'reject', {}, /watchers reject/, /leads/],
    ['an unknown member while Slack does not say', unsaid('U0NEW'), 'read', {}, /^Slack did not say/, /Try again/],
    ['a known one whose user group may', unsaid('U0BOB'), 'request', {}, /^Slack did not say/, /terminal/],
    [
      'a known one whom no user group helps',
      unsaid('U0BOB'),
      'approve',
      { cluster: 'x' },
      /leads approve/,
      /Add a rule/,
    ],
    ['a member of other user groups', slack('U0NEW', 'S9'), 'request', {}, /No group/, /whoever keeps the policy file/],
    ['break-glass to other groups', terminal('alice'), 'break-glass', {}, /may break the glass/, /leads/],
    ['break-glass from Slack', slack('U0BOB'), 'break-glass', {}, /terminal only/, /Approve in Slack/],
  ])('%s', (_, actor, action, target, why, next) => {
    expect(decideAccess(policy, actor, action, { ...HERE, ...target })).toEqual({
      allowed: false,
      why: expect.stringMatching(why),
      action: expect.stringMatching(next),
    });
  });

  test('approval from the terminal even where a rule allows approving', () => {
    const all = Policy.parse({
      groups: { all: { terminal: ['bob'] } },
      allow: [{ group: 'all', may: ['approve'], clusters: ['*'], namespaces: ['*'] }],
    });
    expect(decideAccess(all, terminal('bob'), 'approve', HERE)).toMatchObject({ allowed: false });
    expect(decideAccess(all, terminal('bob'), 'break-glass', HERE)).toMatchObject({
      allowed: false,
      action: 'Name a group under "breakGlass" in POLICY_FILE.',
    });
  });
});

describe('without a policy', () => {
  test('everybody may read', () => {
    expect(decideAccess(undefined, terminal('alice'), 'read', HERE)).toEqual({ allowed: true, group: 'everyone' });
  });

  test.each<AccessAction>(['request', 'approve', 'abort', 'break-glass'])('nobody may %s', (action) => {
    expect(decideAccess(undefined, terminal('alice'), action, HERE)).toMatchObject({ allowed: false });
  });

  test.each([terminal('DOM\\al "x"'), slack('U0123ABCD')])(
    'the example in the advice works as it stands: %o',
    (actor) => {
      const refused = decideAccess(undefined, actor, 'request', HERE);
      const example = refused.allowed ? '' : refused.action.replace(/^.*?such as: /, '');
      expect(refused).toMatchObject({ action: expect.stringContaining('POLICY_FILE') });
      expect(decideAccess(Policy.parse(parse(example)), actor, 'request', HERE)).toMatchObject({ allowed: true });
    },
  );
});

describe('reading', () => {
  test.each<[Actor, boolean]>([
    [terminal('carol'), true],
    [slack('U0NEW', 'S0123'), true],
    [terminal('mallory'), false],
    [slack('U0NEW'), false],
    [unsaid('U0NEW'), false],
  ])('%j: %s', (actor, allowed) => {
    expect(decideReading(policy, actor)).toMatchObject({ allowed });
    expect(decideReading(undefined, actor)).toMatchObject({ allowed: true });
  });
});

test('without user groups in the policy an unknown member is told so even when Slack does not say', () => {
  const plain = Policy.parse({ groups: { all: { slack: ['U0BOB'] } } });
  expect(decideReading(plain, unsaid('U0NEW'))).toMatchObject({ why: expect.stringContaining('No group') });
});

test('the user groups that Slack must be asked about, each once', () => {
  const two = Policy.parse({ groups: { a: { slackGroups: ['S01', 'S02'] }, b: { slackGroups: ['S02'] } } });
  expect(namedSlackGroups(two)).toEqual(['S01', 'S02']);
  expect(namedSlackGroups(undefined)).toEqual([]);
});

test('a policy has safe defaults', () => {
  expect(Policy.parse({ groups: {} })).toEqual({
    groups: {},
    people: {},
    allow: [],
    breakGlass: [],
    secondPerson: 'destructive',
  });
});

describe('decideResponding', () => {
  test.each([
    ['whoever is in a group', terminal('carol'), 'watchers'],
    ['a member of a Slack group', slack('U0NEW', 'S0123'), 'engineers'],
  ])('allows %s, whatever the rules are', (_, actor, group) => {
    expect(decideResponding(policy, actor)).toEqual({ allowed: true, group });
  });

  test.each([
    ['an unknown account', terminal('mallory'), /No group of the policy/, /mallory.*POLICY_FILE/],
    ['an unknown member', slack('U0NOBODY'), /No group of the policy/, /U0NOBODY.*POLICY_FILE/],
    ['a member of whom Slack did not say', unsaid('U0NEW'), /did not say which user groups/, /in the terminal/],
  ])('refuses %s', (_, actor, why, action) => {
    expect(decideResponding(policy, actor)).toEqual({
      allowed: false,
      why: expect.stringMatching(why),
      action: expect.stringMatching(action),
    });
  });

  test('without a policy nobody may, and is told which one would do', () => {
    const decision = decideResponding(undefined, slack('U0BOB'));
    const example = /such as: (\{.+\})$/.exec(decision.allowed ? '' : decision.action)?.[1] ?? '';
    expect(decideResponding(Policy.parse(parse(example)), slack('U0BOB'))).toMatchObject({ allowed: true });
  });
});
