import type { RunEntry } from '../../src/domain/ledger.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { foldRun, type RunState } from '../../src/domain/run.ts';
import { RunEvent, type RunEventDraft, type RunRequest } from '../../src/domain/run-events.ts';

export const MINUTE = 60_000;
export const BEGIN = Date.UTC(2026, 0, 31, 3, 0, 0);

export const REQUEST: RunRequest = {
  run: 'k7m2qd',
  installation: 'here',
  command: 'restore namespace data-processing',
  runbook: { name: 'restore-namespace', title: 'Restore a namespace', hash: 'abc', deadlineMs: 30 * MINUTE },
  params: { namespace: 'data-processing' },
  target: { cluster: 'sandbox', namespace: 'data-processing' },
  steps: [
    { id: 'look', uses: 'cluster.preflight', with: {}, timeoutMs: MINUTE },
    { id: 'restore', uses: 'velero.restore', with: {}, timeoutMs: 20 * MINUTE },
  ],
  health: [],
  data: [],
  by: { kind: 'terminal', account: 'alice', uid: 1000 },
};

export const PLAN: Plan = {
  digest: 'd'.repeat(64),
  parts: [
    {
      step: 'look',
      uses: 'cluster.preflight',
      effect: 'read',
      facts: {},
      loss: null,
      keeps: null,
      withoutData: [],
      notes: [],
      checks: [],
      refusals: [],
    },
    {
      step: 'restore',
      uses: 'velero.restore',
      effect: 'destructive',
      facts: { backup: 'b1' },
      loss: null,
      keeps: null,
      withoutData: [],
      notes: [],
      checks: [],
      refusals: [],
    },
  ],
};

export const BOB = { kind: 'terminal', account: 'bob', uid: 1001 } as const;
export const ERROR = { code: 'STEP_FAILED', message: 'It broke.', action: 'Look.' };

/** Each draft one second after the one before, unless it says when. */
export function entriesOf(...drafts: (RunEventDraft & { at?: number })[]): RunEntry[] {
  return drafts.map((draft, index) => ({
    id: `${index + 1}-0`,
    event: RunEvent.parse({ at: BEGIN + index * 1_000, ...draft, v: 1, eid: `e${index}` }),
  }));
}

export function stateOf(...drafts: (RunEventDraft & { at?: number })[]): RunState {
  const state = foldRun(entriesOf(...drafts));
  if (state === undefined) throw new Error('no run');
  return state;
}

export const requested = { type: 'run.requested', request: REQUEST } as const;
export const planned = { type: 'run.planned', plan: PLAN } as const;
export const approved = {
  type: 'run.approved',
  by: BOB,
  digest: PLAN.digest,
  breakGlass: true,
  reason: 'nobody else',
} as const;
export const started = { type: 'run.started', worker: 'w1' } as const;

export function stepStarted(step: string) {
  return { type: 'step.started', step, attempt: 1, worker: 'w1', key: `dr-k7m2qd-${step}-1` } as const;
}

export function stepSucceeded(step: string) {
  return { type: 'step.succeeded', step, attempt: 1, evidence: 'seen' } as const;
}
