import { expect, test } from 'vitest';
import type { Actor } from '../../src/domain/actor.ts';
import { Policy } from '../../src/domain/policy.ts';
import type { IncidentEngine } from '../../src/incident-contracts.ts';
import type { Rooms } from '../../src/incident-ports.ts';
import { memberOf } from '../../src/responding/find-member.ts';

const policy = Policy.parse({
  groups: { all: { terminal: ['alice', 'bob'] } },
  people: { alice: { terminal: 'alice', slack: 'U0ALICE' } },
});
const terminal = (account: string): Actor => ({ kind: 'terminal', account, uid: 1 });
const slack: Actor = { kind: 'slack', user: 'U0CAROL', groups: [] };

function find(who: string, actor: Actor = slack, rooms?: Pick<Rooms, 'memberOf'>): Promise<string> {
  const incidents = { rooms: () => rooms } as IncidentEngine;
  return memberOf({ actor, policy, incidents, signal: AbortSignal.timeout(1_000) }, who);
}

test.each<[string, Actor, string]>([
  ['me', slack, 'U0CAROL'],
  ['me', terminal('alice'), 'U0ALICE'],
  ['<@U0DBA>', slack, 'U0DBA'],
  ['<@U0DBA|alice>', slack, 'U0DBA'],
  ['U0DBA', terminal('bob'), 'U0DBA'],
  ['alice', terminal('bob'), 'U0ALICE'],
  ['@alice', slack, 'U0ALICE'],
])('%s', async (who, actor, user) => {
  expect(await find(who, actor)).toBe(user);
});

test.each<[string, Actor, RegExp]>([
  ['me', terminal('bob'), /does not say who bob is in Slack/],
  ['bob', slack, /Nobody in Slack can be told/],
  ['Alice', slack, /Nobody in Slack can be told/],
  ['__proto__', slack, /Nobody in Slack can be told/],
  ['<!channel>', slack, /Nobody in Slack can be told/],
  ['<@S0GROUP>', slack, /Nobody in Slack can be told/],
  ['<#C0123>', slack, /Nobody in Slack can be told/],
  ['alice@example.com', slack, /Nobody in Slack can be told/],
  ['', slack, /Nobody in Slack can be told/],
])('%j is guessed from nothing', async (who, actor, message) => {
  await expect(find(who, actor)).rejects.toMatchObject({
    code: 'COMMAND_INVALID',
    message: expect.stringMatching(message),
  });
});

test('an e-mail address is asked of Slack, where there is one', async () => {
  const emails: Record<string, string> = { 'dba@sandbox.example': 'U0DBA' };
  const rooms = { memberOf: async (email: string) => emails[email] };
  expect(await find('dba@sandbox.example', slack, rooms)).toBe('U0DBA');
  await expect(find('lead@sandbox.example', slack, rooms)).rejects.toThrow('Nobody in Slack');
});
