import type { Plan } from '../../../src/domain/plan.ts';
import type { PostContext } from '../../../src/domain/post-context.ts';
import { foldRun } from '../../../src/domain/run.ts';
import type { RunEventDraft } from '../../../src/domain/run-events.ts';
import { BEGIN, entriesOf, MINUTE, PLAN, REQUEST, stepStarted } from '../../domain/run-fixture.ts';

type Draft = RunEventDraft & { at?: number };

/** One run as it goes in a channel: asked for by one Slack user, approved by another. */

export const ALICE = { kind: 'slack', user: 'U0ALICE' } as const;
export const BOB = { kind: 'slack', user: 'U0BOB' } as const;

const [look, restore] = PLAN.parts;

export const RICH_PLAN: Plan = {
  digest: '3fa9c1d27be80a14'.repeat(4),
  parts: [
    {
      ...look,
      step: 'look',
      uses: 'cluster.preflight',
      effect: 'read',
      facts: {},
      loss: null,
      keeps: null,
      withoutData: [],
      refusals: [],
      notes: ['Namespace data-processing does not exist; Velero creates it.'],
      checks: [
        { name: 'velero', verdict: 'pass', detail: 'velero 1.16.1 answers' },
        { name: 'storage', verdict: 'pass', detail: 'location default is Available' },
        { name: 'webhooks', verdict: 'pass', detail: 'none refuses the objects' },
        { name: 'quota', verdict: 'unchecked', detail: 'no quota is in the backup' },
      ],
    },
    {
      ...restore,
      step: 'restore',
      uses: 'velero.restore',
      effect: 'destructive',
      refusals: [],
      facts: {
        backup: { name: 'daily-full-backup-20260131022000', uid: 'u1', startTimestamp: '2026-01-31T02:20:00Z' },
        skip: { count: 2, hash: 'h', names: ['v1/PersistentVolumeClaim/data-0', 'v1/PersistentVolumeClaim/data-1'] },
      },
      loss: 'From backup daily-full-backup-20260131022000: everything written in the last 40 min is lost (within the 60 min target).',
      keeps: '2 objects exist and stay as they are: 2 PersistentVolumeClaim. Data will NOT change in data-0, data-1.',
      withoutData: [],
      notes: ['Creates 14 objects: 6 ConfigMap, 4 Deployment, 4 Service.', 'Takes about 4 min: 12 GiB at 50 MiB/s.'],
      checks: [
        {
          name: 'backup',
          verdict: 'pass',
          detail: 'daily-full-backup-20260131022000 Completed, 0 errors, 0 warnings, expires in 29 d',
        },
        { name: 'volumes', verdict: 'pass', detail: 'each PVC has its data in the backup' },
        { name: 'kinds', verdict: 'pass', detail: 'the cluster serves every kind in the backup' },
        { name: 'owners', verdict: 'fail', detail: 'Argo CD application etl would undo changes: pause its sync first' },
      ],
    },
  ],
};

export const asked = { type: 'run.requested', request: { ...REQUEST, by: ALICE } } as const;
export const planned = { type: 'run.planned', plan: RICH_PLAN, at: BEGIN + 6_000 } as const;
export const approved = {
  type: 'run.approved',
  by: BOB,
  digest: RICH_PLAN.digest,
  breakGlass: false,
  at: BEGIN + 4 * MINUTE,
} as const;
export const glass = {
  type: 'run.approved',
  by: { kind: 'terminal', account: 'carol', uid: 1002 },
  digest: RICH_PLAN.digest,
  breakGlass: true,
  reason: 'nobody else answers the phone',
  at: BEGIN + 20 * MINUTE,
} as const;
export const rejected = { type: 'run.rejected', by: BOB, reason: 'wrong namespace', at: BEGIN + 3 * MINUTE } as const;
export const expired = { type: 'run.expired', at: BEGIN + 30 * MINUTE + 6_000 } as const;
export const started = { type: 'run.started', worker: 'w1', at: BEGIN + 4 * MINUTE + 1_000 } as const;
export const parkedInDoubt = {
  type: 'run.parked',
  error: {
    code: 'STEP_IN_DOUBT',
    message: 'The Kubernetes API does not answer, so it cannot be told whether the restore was begun.',
    action: 'Look whether velero/dr-k7m2qd-restore-1 exists, then retry.',
  },
  voidsApproval: false,
  at: BEGIN + 9 * MINUTE,
} as const;
export const voided = {
  type: 'run.parked',
  error: { code: 'PLAN_CHANGED', message: 'restore.skip changed since the approval.', action: 'Retry to plan afresh.' },
  voidsApproval: true,
  at: BEGIN + 5 * MINUTE,
} as const;
export const abortRequested = {
  type: 'run.abort-requested',
  by: ALICE,
  reason: 'it came back by itself',
  at: BEGIN + 8 * MINUTE,
} as const;
export const aborted: Draft = {
  type: 'run.aborted',
  leftRunning: ['Velero has no cancel: Restore velero/dr-k7m2qd-restore-1 goes on there until it ends by itself.'],
  at: BEGIN + 8 * MINUTE + 2_000,
};

export const running: Draft[] = [
  asked,
  planned,
  approved,
  started,
  { ...stepStarted('look'), at: BEGIN + 4 * MINUTE + 2_000 },
  {
    type: 'step.succeeded',
    step: 'look',
    attempt: 1,
    evidence: '8 things looked at, none refuses',
    at: BEGIN + 4 * MINUTE + 5_000,
  },
  { ...stepStarted('restore'), at: BEGIN + 4 * MINUTE + 6_000 },
];

export const recovered: Draft[] = [
  ...running,
  {
    type: 'step.succeeded',
    step: 'restore',
    attempt: 1,
    evidence: 'Restore velero/dr-k7m2qd-restore-1 Completed, 14 of 14 items',
    at: BEGIN + 9 * MINUTE,
  },
  {
    type: 'run.succeeded',
    checks: [
      { name: 'restore', verdict: 'pass', detail: '14 items restored, 0 errors, 0 warnings' },
      { name: 'workloads', verdict: 'pass', detail: '4 of 4 Deployments ready' },
      { name: 'volumes', verdict: 'pass', detail: '2 of 2 PVCs Bound' },
      { name: 'health', verdict: 'unchecked', detail: 'no health checks are declared for data-processing' },
    ],
    at: BEGIN + 10 * MINUTE,
  },
];

export function contextOf(drafts: readonly Draft[], over: Partial<PostContext> = {}): PostContext {
  const state = foldRun(entriesOf(...drafts));
  if (state === undefined) throw new Error('no run');
  return {
    state,
    approvers: { users: ['U0BOB'], groups: ['S0ONCALL'], breakGlass: ['sre-leads'] },
    progress: undefined,
    current: true,
    cardLink: 'https://example.slack.com/archives/C0INCIDENT/p1769828400000100',
    ...over,
  };
}
