import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/domain/actor.ts';
import { type ApproverOptions, listApprovers } from '../../src/domain/approvers.ts';
import { Policy } from '../../src/domain/policy.ts';

const RAW = {
  groups: {
    engineers: { terminal: ['alice'], slack: ['U0ALICE', 'U0BOB'] },
    leads: { slack: ['U0ALICE', 'U0LEAD'], slackGroups: ['S0LEADS'] },
    shop: { slack: ['U0SHOP', 'U0LEAD'], slackGroups: ['S0SHOP', 'S0LEADS'] },
    glass: { terminal: ['root'] },
  },
  people: { alice: { terminal: 'alice', slack: 'U0ALICE' } },
  allow: [
    { group: 'engineers', may: ['request', 'abort'], clusters: ['*'], namespaces: ['*'] },
    { group: 'leads', may: ['approve'], clusters: ['prod'], namespaces: ['data'] },
    { group: 'shop', may: ['approve'], clusters: ['*'], namespaces: ['copy', 'shop'] },
  ],
  breakGlass: ['glass', 'glass'],
};
const policy = Policy.parse(RAW);
const never = Policy.parse({ ...RAW, secondPerson: 'never' });
const on = (...namespaces: string[]) => namespaces.map((namespace) => ({ cluster: 'prod', namespace }));
const BOB: Actor = { kind: 'slack', user: 'U0BOB' };
const ALICE: Actor = { kind: 'slack', user: 'U0ALICE' };
const AT_TERMINAL: Actor = { kind: 'terminal', account: 'alice', uid: 1 };

describe('listApprovers names', () => {
  test.each<[string, Policy, string[], Actor, ApproverOptions, string[], string[]]>([
    ['members and user groups with the right', policy, ['data'], BOB, {}, ['U0ALICE', 'U0LEAD'], ['S0LEADS']],
    ['not the requester', policy, ['data'], ALICE, {}, ['U0LEAD'], ['S0LEADS']],
    ['nor the same person in the terminal', policy, ['data'], AT_TERMINAL, {}, ['U0LEAD'], ['S0LEADS']],
    ['the requester where no second person is needed', never, ['data'], ALICE, {}, ['U0ALICE', 'U0LEAD'], ['S0LEADS']],
    ['but not where one always is', never, ['data'], ALICE, { secondPersonAlways: true }, ['U0LEAD'], ['S0LEADS']],
    ['only who may on every target', policy, ['data', 'copy'], BOB, {}, ['U0LEAD'], ['S0LEADS']],
    ['nobody on another target', policy, ['other'], BOB, {}, [], []],
    ['nobody for no target', policy, [], BOB, {}, [], []],
  ])('%s', (_what, rules, targets, requester, options, users, groups) => {
    const breakGlass = targets.length === 0 ? [] : ['glass'];
    expect(listApprovers(rules, on(...targets), requester, options)).toEqual({ users, groups, breakGlass });
  });

  test('nobody without a policy', () => {
    expect(listApprovers(undefined, on('data'), BOB)).toEqual({ users: [], groups: [], breakGlass: [] });
  });

  test('nobody on another cluster', () => {
    expect(listApprovers(policy, [{ cluster: 'staging', namespace: 'data' }], BOB)).toMatchObject({ users: [] });
  });
});
