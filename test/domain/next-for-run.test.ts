import { describe, expect, test } from 'vitest';
import { nextForRun } from '../../src/domain/next-for-run.ts';
import { foldRun } from '../../src/domain/run.ts';
import type { RunEventDraft } from '../../src/domain/run-events.ts';
import {
  approved,
  BEGIN,
  BOB,
  ERROR,
  entriesOf,
  MINUTE,
  PLAN,
  planned,
  REQUEST,
  requested,
  started,
  stateOf,
  stepStarted,
  stepSucceeded,
} from './run-fixture.ts';

const parked = { type: 'run.parked', error: ERROR, voidsApproval: false } as const;
const voided = { type: 'run.parked', error: ERROR, voidsApproval: true } as const;
const retried = { type: 'run.retried', by: BOB } as const;
const abortRequested = { type: 'run.abort-requested', by: BOB, reason: '' } as const;
const running = [requested, planned, approved, started];
const [look, restore] = REQUEST.steps;

const readOnlyPlan = { type: 'run.planned', plan: { ...PLAN, parts: PLAN.parts.slice(0, 1) } } as const;

const TABLE: [string, (RunEventDraft & { at?: number })[], number, object][] = [
  ['a new request is planned', [requested], 0, { do: 'plan' }],
  ['a destructive plan waits for approval', [requested, planned], MINUTE, { do: 'wait', for: 'approval' }],
  ['nobody approved for 30 minutes', [requested, planned], 31 * MINUTE, { do: 'expire' }],
  ['a plan that only reads needs no approval', [requested, readOnlyPlan], 0, { do: 'start' }],
  ['an approved plan starts', [requested, planned, approved], MINUTE, { do: 'start' }],
  [
    'an approval unused for 30 minutes is void',
    [requested, planned, approved],
    31 * MINUTE,
    { do: 'park', voidsApproval: true },
  ],
  ['a refused plan is the end', [requested, { type: 'run.refused', refusals: [] }], 0, { do: 'nothing' }],
  [
    'a rejected plan is the end',
    [requested, planned, { type: 'run.rejected', by: BOB, reason: 'no' }],
    0,
    { do: 'nothing' },
  ],
  ['the first step begins', running, 0, { do: 'begin-step', step: look, attempt: 1 }],
  [
    'a started step goes on, until its deadline',
    [...running, stepStarted('look')],
    0,
    { do: 'continue-step', step: look, worker: 'w1', deadline: BEGIN + 4_000 + MINUTE },
  ],
  [
    'an adopted step belongs to the adopter',
    [...running, stepStarted('look'), { type: 'step.adopted', step: 'look', attempt: 1, worker: 'w2' }],
    0,
    { do: 'continue-step', worker: 'w2' },
  ],
  [
    'the next step begins after the first',
    [...running, stepStarted('look'), stepSucceeded('look')],
    0,
    { do: 'begin-step', step: restore },
  ],
  [
    'a failed step fails the run',
    [...running, stepStarted('look'), { type: 'step.failed', step: 'look', attempt: 1, error: ERROR }],
    0,
    { do: 'fail', error: ERROR },
  ],
  [
    'all steps done: verify',
    [...running, stepStarted('look'), stepSucceeded('look'), stepStarted('restore'), stepSucceeded('restore')],
    0,
    { do: 'verify' },
  ],
  [
    'a verification past the deadline parks',
    [...running, stepStarted('look'), stepSucceeded('look'), stepStarted('restore'), stepSucceeded('restore')],
    40 * MINUTE,
    { do: 'park' },
  ],
  [
    'a run past its deadline parks, keeping its approval',
    [...running, stepStarted('look')],
    40 * MINUTE,
    { do: 'park', voidsApproval: false, error: { code: 'STEP_TIMEOUT' } },
  ],
  ['a parked run waits for a human', [...running, parked], 0, { do: 'wait', for: 'human' }],
  ['a parked run waits for ever', [...running, parked], 1_000 * MINUTE, { do: 'wait', for: 'human' }],
  [
    'a retried run goes on with the step in doubt',
    [...running, stepStarted('look'), parked, retried],
    0,
    { do: 'continue-step', step: look },
  ],
  [
    'a retry gives the step its whole time again',
    [...running, stepStarted('look'), parked, { ...retried, at: BEGIN + 20 * MINUTE }],
    20 * MINUTE,
    { do: 'continue-step', deadline: BEGIN + 21 * MINUTE },
  ],
  ['a void approval means a new plan', [...running, voided, retried], 0, { do: 'plan' }],
  [
    'and the new plan waits for a new approval',
    [...running, voided, retried, planned],
    0,
    { do: 'wait', for: 'approval' },
  ],
  [
    'which never just expires once the run has started',
    [...running, voided, retried, planned],
    90 * MINUTE,
    { do: 'wait', for: 'approval' },
  ],
  ['an abort goes before everything', [...running, stepStarted('look'), abortRequested], 0, { do: 'abort' }],
  ['an abort of a parked run', [...running, parked, abortRequested], 0, { do: 'abort' }],
  [
    'after the abort nothing',
    [...running, abortRequested, { type: 'run.aborted', leftRunning: [] }],
    0,
    { do: 'nothing' },
  ],
  ['after success nothing', [...running, { type: 'run.succeeded', checks: [] }], 0, { do: 'nothing' }],
];

describe('nextForRun', () => {
  test.each(TABLE)('%s', (_name, drafts, later, expected) => {
    expect(nextForRun(stateOf(...drafts), BEGIN + later)).toMatchObject(expected);
  });

  test('an event of a newer Muster parks the stream without a write', () => {
    const entries = [
      ...entriesOf(...running),
      { id: '9-0', event: { type: 'foreign', wrote: 'step.teleported v2' } as const },
    ];
    const state = foldRun(entries);
    expect(state && nextForRun(state, BEGIN)).toEqual({ do: 'wait', for: 'newer-muster' });
  });

  test('a recovered run goes on where its record ends, with its whole time again', () => {
    const record = entriesOf(...running, stepStarted('look'), stepSucceeded('look'), stepStarted('restore')).map(
      ({ event }) => event,
    );
    const recovered = {
      type: 'run.recovered',
      record,
      installation: 'there',
      from: 'Restore velero/x',
      at: BEGIN + 60 * MINUTE,
    } as RunEventDraft;
    const state = stateOf(recovered);
    expect(state.installation).toBe('there');
    expect(nextForRun(state, BEGIN + 61 * MINUTE)).toMatchObject({
      do: 'continue-step',
      step: restore,
      deadline: BEGIN + 80 * MINUTE,
    });
  });

  test('a step that failed keeps its error for the report', () => {
    const state = stateOf(...running, stepStarted('look'), {
      type: 'step.failed',
      step: 'look',
      attempt: 1,
      error: ERROR,
    });
    expect(state.steps.get('look')).toMatchObject({ outcome: 'failed', error: ERROR });
  });
});
