import { expect, test } from 'vitest';
import { judgeRestore } from '../../src/domain/restore-progress.ts';
import type { PodVolumeRestore, Restore } from '../../src/domain/velero.ts';

const BEGUN = Date.parse('2026-01-31T12:00:00Z');
const deadlines = { New: '2m', InProgress: '15m', WaitingForPluginOperations: '10m', Finalizing: '5m' };

function restoreIn(phase: string | undefined): Restore {
  const creationTimestamp = new Date(BEGUN).toISOString();
  const metadata = { name: 'r', uid: 'r', creationTimestamp, resourceVersion: '1' };
  return { metadata, spec: {}, status: { phase, startTimestamp: creationTimestamp } };
}

/** What is said of a Restore that has been in this phase for so many seconds. */
function judge(phase: string | undefined, seconds: number, volumes: PodVolumeRestore[] = []) {
  const watch = { deadlines, startedAt: BEGUN, firstSeen: new Map<string, number>() };
  judgeRestore(restoreIn(phase), volumes, { ...watch, now: BEGUN });
  return judgeRestore(restoreIn(phase), volumes, { ...watch, now: BEGUN + seconds * 1_000 });
}

test.each([
  [undefined, 120, 'Velero has not taken it up'],
  ['InProgress', 900, 'Velero is still restoring items'],
  ['WaitingForPluginOperations', 600, 'a plugin has not ended its operation'],
  ['WaitingForPluginOperationsPartiallyFailed', 600, 'a plugin has not ended its operation'],
  ['Finalizing', 300, 'Velero waits for restore hooks or for volumes to be bound'],
  ['FinalizingPartiallyFailed', 300, 'Velero waits for restore hooks or for volumes to be bound'],
])('phase %s is stuck after %d s, twins as their phase', (phase, seconds, culprit) => {
  expect(judge(phase, seconds - 1).state).toBe('running');
  const judged = judge(phase, seconds);
  expect(judged).toMatchObject({ state: 'stuck', message: expect.stringContaining(culprit) });
  expect(judged).toMatchObject({
    message: expect.stringContaining(`been ${phase ?? 'New'} for ${seconds} s (allowed: ${seconds} s)`),
  });
});

test('a phase that nobody knows has no deadline and is never over', () => {
  expect(judge('Dreaming', 100_000).state).toBe('running');
});

test('Completed is not the end while a volume is open, and a broken volume fails it', () => {
  const volume = (phase: string): PodVolumeRestore => ({ metadata: restoreIn('x').metadata, status: { phase } });
  expect(judge('Completed', 1, [volume('InProgress')]).state).toBe('running');
  expect(judge('Completed', 1, [volume('Canceled')])).toMatchObject({ state: 'failed' });
  expect(judge('Completed', 1, [volume('Completed')]).state).toBe('done');
});
