import { expect, test } from 'vitest';
import { renderDryPlan, renderPlan } from '../../src/views/plan.ts';
import { renderRun } from '../../src/views/run.ts';
import { BEGIN, MINUTE } from '../domain/run-fixture.ts';
import { asked, contextOf, planned, RICH_PLAN, rejected, running } from './slack/story.ts';

/** The terminal's text: scripts and eyes rely on every character of it. */

const PLAN_LINES = [
  'Can be done, once approved: Restore a namespace, data-processing on cluster sandbox (run k7m2qd). quota NOT checked.',
  '  From backup daily-full-backup-20260131022000: everything written in the last 40 min is lost (within the 60 min target).',
  '  2 objects exist and stay as they are: 2 PersistentVolumeClaim. Data will NOT change in data-0, data-1.',
  '  6 checks ok, 2 to read:',
  '    ? quota: no quota is in the backup',
  '    ! owners: Argo CD application etl would undo changes: pause its sync first',
  '  Namespace data-processing does not exist; Velero creates it.',
  '  Creates 14 objects: 6 ConfigMap, 4 Deployment, 4 Service.',
  '  Takes about 4 min: 12 GiB at 50 MiB/s.',
  '  Plan 3fa9c1d2',
];

test('a plan', () => {
  expect(renderPlan(asked.request, RICH_PLAN)).toEqual(PLAN_LINES);
  expect(renderDryPlan(asked.request, RICH_PLAN)[0]).toMatch(/ on cluster sandbox \(dry run\)\. quota NOT checked\.$/);
});

test('a plan that is refused, with all checks fine', () => {
  const refusals = [{ code: 'PLAN_REFUSED', message: 'It is held.', action: 'Free it.' }];
  const parts = RICH_PLAN.parts.map((part) => ({
    ...part,
    refusals,
    notes: [],
    checks: part.checks.filter(({ verdict }) => verdict === 'pass'),
  }));
  const lines = renderPlan(asked.request, { ...RICH_PLAN, parts });
  expect(lines.slice(0, 3)).toEqual([
    'REFUSED: Restore a namespace, data-processing on cluster sandbox (run k7m2qd)',
    '  It is held.',
    '  Next: Free it.',
  ]);
  expect(lines.slice(-2)).toEqual(['  6 checks ok', '  Plan 3fa9c1d2']);
});

test('a run in flight, with the time that its step takes so far', () => {
  const { state } = contextOf(running);
  expect(renderRun({ stream: 's', entries: [], state }, BEGIN + 6 * MINUTE, '9 of 14 items')).toEqual([
    'Run k7m2qd: running. Restore a namespace, data-processing on cluster sandbox',
    'Asked for by <@U0ALICE> at 2026-01-31 03:00:00Z: restore namespace data-processing',
    ...PLAN_LINES,
    'Approved by <@U0BOB> at 2026-01-31 03:04:00Z',
    '  [x] look, 3 s: 8 things looked at, none refuses',
    '  [>] restore, 1 min 54 s: 9 of 14 items',
  ]);
});

test('who rejected a run, when and why, is kept', () => {
  const { state } = contextOf([asked, planned, rejected]);
  expect(state).toMatchObject({
    outcome: 'rejected',
    rejected: { by: rejected.by, at: rejected.at, reason: 'wrong namespace' },
  });
});
