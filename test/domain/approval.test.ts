import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/domain/actor.ts';
import {
  type ApprovalRequest,
  decideApproval,
  decideRejection,
  describeEnd,
  takesPartialBackup,
} from '../../src/domain/approval.ts';
import { Policy } from '../../src/domain/policy.ts';
import type { RunEventDraft, RunRequest } from '../../src/domain/run-events.ts';
import {
  approved,
  BEGIN,
  BOB,
  ERROR,
  MINUTE,
  PLAN,
  planned,
  REQUEST,
  requested,
  started,
  stateOf,
} from './run-fixture.ts';

const ALICE: Actor = { kind: 'slack', user: 'U0ALICE' };
const CAROL: Actor = { kind: 'slack', user: 'U0CAROL' };
const people = { alice: { terminal: 'alice', slack: 'U0ALICE' } };
const mapped = Policy.parse({ groups: {}, people });
const never = Policy.parse({ groups: {}, people, secondPerson: 'never' });
const partial = { ...REQUEST.params, 'allow-partially-failed': true };

/** A plan that waits, asked for with changes to the request. */
function waiting(change: Partial<RunRequest> = {}) {
  return stateOf({ type: 'run.requested', request: { ...REQUEST, ...change } }, planned);
}
const asked = (by: Actor, change: Partial<RunRequest> = {}) => waiting({ ...change, by });
const given = (change: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  by: CAROL,
  digest: PLAN.digest.slice(0, 12),
  reason: undefined,
  policy: mapped,
  now: BEGIN + MINUTE,
  ...change,
});

describe('decideApproval takes', () => {
  test.each<[string, ReturnType<typeof waiting>, Partial<ApprovalRequest>, boolean]>([
    ['somebody else', waiting(), {}, false],
    ['8 characters of the digest, in any case', waiting(), { digest: PLAN.digest.slice(0, 8).toUpperCase() }, false],
    ['a Slack member whom nobody says to be the requester', asked(BOB), { by: ALICE }, false],
    [
      'the requester where the policy never asks for a second person',
      asked(ALICE),
      { by: ALICE, policy: never },
      false,
    ],
    ['a written reason in the terminal', waiting(), { by: BOB, digest: undefined, reason: 'phone is dead' }, true],
    ['the requester who breaks the glass', waiting(), { by: REQUEST.by, reason: 'phone is dead' }, true],
    ['the last moment', waiting(), { now: BEGIN + 1_000 + 30 * MINUTE - 1 }, false],
  ])('%s', (_what, state, change, breakGlass) => {
    expect(decideApproval(state, given(change))).toEqual({ ok: true, digest: PLAN.digest, breakGlass });
  });

  test('an old plan of a run that has begun already: the facts are compared again before anything is done', () => {
    const parked = { type: 'run.parked', error: ERROR, voidsApproval: true } as const;
    const again = { type: 'run.retried', by: BOB } as const;
    const state = stateOf(requested, planned, approved, started, parked, again, planned);
    expect(decideApproval(state, given({ now: BEGIN + 60 * MINUTE }))).toMatchObject({ ok: true });
  });
});

describe('decideApproval refuses', () => {
  const own = 'You asked for this run: somebody else must approve it.';
  const always =
    'You asked for this run, and it may take a PartiallyFailed backup: somebody else must approve it, always.';
  test.each<[string, ReturnType<typeof waiting>, Partial<ApprovalRequest>, string]>([
    ['the requester', asked(ALICE), { by: ALICE }, own],
    ['the requester without any policy', asked(ALICE), { by: ALICE, policy: undefined }, own],
    ['the requester, whatever their user groups', asked({ ...ALICE, groups: ['S1'] }), { by: ALICE }, own],
    ['who asked in the terminal', waiting(), { by: ALICE }, own],
    ['a partial backup: the requester', asked(ALICE, { params: partial }), { by: ALICE, policy: never }, always],
    ['a partial backup: who asked in the terminal', waiting({ params: partial }), { by: ALICE, policy: never }, always],
    ['no digest from Slack', waiting(), { digest: undefined }, 'Name the plan you have read: approve k7m2qd <plan>.'],
    ['an empty digest', waiting(), { digest: '' }, 'The plan of run k7m2qd is dddddddd now, not .'],
    ['a short digest', waiting(), { digest: 'ddddddd' }, 'The plan of run k7m2qd is dddddddd now, not ddddddd.'],
    ['another digest', waiting(), { digest: 'dddddddde' }, 'The plan of run k7m2qd is dddddddd now, not dddddddde.'],
    ['no reason in the terminal', waiting(), { by: BOB }, 'Approving from the terminal breaks the glass'],
    [
      'the first moment too late',
      waiting(),
      { now: BEGIN + 1_000 + 30 * MINUTE },
      'The plan of run k7m2qd is older than 30 minutes: it expired, nothing was changed.',
    ],
  ])('%s', (_what, state, change, message) => {
    const decision = decideApproval(state, given(change));
    expect(decision).toMatchObject({ ok: false, message: expect.stringContaining(message) });
    expect(decision).toMatchObject({ action: expect.stringMatching(/.{10}/) });
  });

  const rejected = { type: 'run.rejected', by: CAROL, reason: 'too old' } as const;
  const parked = { type: 'run.parked', error: ERROR, voidsApproval: false } as const;
  const told = { type: 'run.abort-requested', by: BOB, reason: '' } as const;
  test.each<[string, RunEventDraft[], string]>([
    ['not planned yet', [], 'Run k7m2qd has no plan that waits for approval.'],
    ['approved', [planned, approved], 'Run k7m2qd is approved already, by bob (terminal).'],
    ['parked', [planned, parked], 'Run k7m2qd has no plan that waits for approval.'],
    ['told to stop', [planned, told], 'Run k7m2qd has no plan that waits for approval.'],
    ['rejected', [planned, rejected], 'Run k7m2qd is over: it was rejected by <@U0CAROL>.'],
    ['expired', [planned, { type: 'run.expired' }], 'Run k7m2qd is over: it expired.'],
    [
      'only reading',
      [{ type: 'run.planned', plan: { ...PLAN, parts: PLAN.parts.slice(0, 1) } }],
      'Run k7m2qd has no plan that waits for approval.',
    ],
  ])('a run that is %s; so does decideRejection', (_what, events, message) => {
    const state = stateOf(requested, ...events);
    expect(decideApproval(state, given())).toMatchObject({ ok: false, message });
    expect(decideRejection(state, undefined, BEGIN + MINUTE)).toMatchObject({ ok: false, message });
  });
});

describe('decideRejection', () => {
  test.each([undefined, PLAN.digest.slice(0, 8), PLAN.digest])('takes a plan that waits, named as %s', (digest) => {
    expect(decideRejection(waiting(), digest, BEGIN + MINUTE)).toEqual({ ok: true });
  });

  test('refuses a digest that does not fit', () => {
    expect(decideRejection(waiting(), 'ffffffff', BEGIN)).toMatchObject({
      ok: false,
      message: 'The plan of run k7m2qd is dddddddd now, not ffffffff.',
    });
  });

  test('sends a run that was approved, or has begun, to abort', () => {
    const parked = { type: 'run.parked', error: ERROR, voidsApproval: true } as const;
    const again = { type: 'run.retried', by: BOB } as const;
    const begun = stateOf(requested, planned, approved, started, parked, again, planned);
    for (const state of [stateOf(requested, planned, approved), begun])
      expect(decideRejection(state, undefined, BEGIN)).toMatchObject({ ok: false, action: 'Stop it: dr abort k7m2qd' });
  });
});

test('a partial backup may come in by a parameter or by what the runbook gives a step', () => {
  const [look, restore] = REQUEST.steps;
  if (look === undefined || restore === undefined) throw new Error('no steps');
  const steps = [look, { ...restore, with: { 'allow-partially-failed': true } }];
  expect(takesPartialBackup({ ...REQUEST, steps })).toBe(true);
  expect(takesPartialBackup({ ...REQUEST, params: partial })).toBe(true);
  expect(takesPartialBackup({ ...REQUEST, params: { ...partial, 'allow-partially-failed': false } })).toBe(false);
});

test('a run that is not over has no end to describe', () => {
  expect(describeEnd(waiting())).toBe('Run k7m2qd is not over.');
});
