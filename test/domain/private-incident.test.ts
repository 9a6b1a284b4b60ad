import { expect, test } from 'vitest';
import type { Actor } from '../../src/domain/actor.ts';
import { foldIncident, type IncidentState } from '../../src/domain/incident.ts';
import type { IncidentEventDraft, Opening } from '../../src/domain/incident-events.ts';
import type { Entry } from '../../src/domain/ledger.ts';
import { Policy } from '../../src/domain/policy.ts';
import { isShownTo } from '../../src/domain/private-incident.ts';

const policy = Policy.parse({
  groups: { all: { terminal: ['alice', 'bob'], slack: ['U0ALICE', 'U0BOB', 'U0CAROL', 'U0ONCALL', 'U0CALLED'] } },
  people: { alice: { terminal: 'alice', slack: 'U0ALICE' } },
});
const slack = (user: string): Actor => ({ kind: 'slack', user, groups: [] });
const terminal = (account: string): Actor => ({ kind: 'terminal', account, uid: 1 });

function incident(opening: Partial<Opening> = {}): IncidentState {
  const about = {
    incident: '20261126-174158',
    installation: 'i',
    title: 't',
    severity: 'sev1',
    private: true,
  } as const;
  const drafts: IncidentEventDraft[] = [
    {
      type: 'incident.declared',
      opening: { ...about, by: terminal('alice'), domain: 'd', invite: ['U0CALLED'], tell: [], ...opening },
    },
    {
      type: 'effects.begun',
      effects: [
        { key: 'open-room', attempt: 1 },
        { key: 'find-on-call', attempt: 1 },
      ],
      worker: 'w',
    },
    { type: 'effect.done', key: 'open-room', result: { channel: 'C0ROOM', name: 'incident-20261126-174158' } },
    {
      type: 'effect.done',
      key: 'find-on-call',
      result: { responders: [{ name: 'On call', pager: 'P1', level: 1, slack: 'U0ONCALL' }] },
    },
    { type: 'role.assigned', role: 'scribe', user: 'U0BOB', by: terminal('alice') },
  ];
  const entries = drafts.map((draft, at) => ({ id: `${at}-0`, event: { ...draft, v: 1, eid: `e${at}`, at } }) as Entry);
  return foldIncident(entries) as IncidentState;
}

test.each([
  ['somebody known in the terminal', terminal('bob'), undefined, true],
  ['nobody unknown in the terminal', terminal('mallory'), undefined, false],
  ['whoever declared it, in Slack too', slack('U0ALICE'), 'C0OTHER', true],
  ['whoever has a role in it', slack('U0BOB'), undefined, true],
  ['who is on call', slack('U0ONCALL'), undefined, true],
  ['whom its route calls in', slack('U0CALLED'), undefined, true],
  ['somebody known in its room', slack('U0CAROL'), 'C0ROOM', true],
  ['nobody else in Slack', slack('U0CAROL'), 'C0OTHER', false],
  ['nobody else without a channel', slack('U0CAROL'), undefined, false],
  ['nobody unknown, even in its room', slack('U0MALLORY'), 'C0ROOM', false],
])('a private incident is shown to %s', (_, actor, channel, shown) => {
  expect(isShownTo(incident(), { actor, policy, channel })).toBe(shown);
});

test('without a policy nobody is known', () => {
  expect(isShownTo(incident(), { actor: terminal('alice'), policy: undefined, channel: undefined })).toBe(false);
  expect(isShownTo(incident({ private: false }), { actor: terminal('x'), policy: undefined, channel: undefined })).toBe(
    true,
  );
});
