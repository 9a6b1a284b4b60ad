import { expect, test } from 'vitest';
import type { Actor } from '../../src/domain/actor.ts';
import { isSamePerson } from '../../src/domain/person.ts';
import { Policy } from '../../src/domain/policy.ts';

const policy = Policy.parse({
  groups: {},
  people: { alice: { terminal: 'alice', slack: 'U0ALICE' }, bob: { terminal: 'bob', slack: 'U0BOB' } },
});
const terminal = (account: string, uid = 1): Actor => ({ kind: 'terminal', account, uid });
const slack = (user: string, ...groups: string[]): Actor => ({ kind: 'slack', user, groups });

test.each<[Actor, Actor, boolean]>([
  [terminal('alice'), terminal('alice', 2), true],
  [terminal('alice'), terminal('bob'), false],
  [slack('U0ALICE'), slack('U0ALICE', 'S1'), true],
  [slack('U0ALICE'), slack('U0BOB'), false],
  [terminal('alice'), slack('U0ALICE'), true],
  [terminal('alice'), slack('U0BOB'), false],
  [terminal('carol'), slack('U0CAROL'), false],
  [terminal('U0ALICE'), slack('U0ALICE'), false],
])('%j and %j: %s, either way round', (one, other, same) => {
  expect(isSamePerson(policy, one, other)).toBe(same);
  expect(isSamePerson(policy, other, one)).toBe(same);
});

test('without a policy an account and a Slack member are two', () => {
  expect(isSamePerson(undefined, terminal('alice'), slack('U0ALICE'))).toBe(false);
});
