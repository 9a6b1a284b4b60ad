import { expect, test } from 'vitest';
import { describeRestore, findBusyRestores, findRunningBackups, refuseBusy } from '../../src/domain/velero-queue.ts';

const NOW = Date.UTC(2026, 0, 31, 3, 10, 0);
const metadata = (name: string, labels: Record<string, string> = {}) => ({
  ...{ name, labels, uid: name, resourceVersion: '1', creationTimestamp: '2026-01-31T03:00:00Z' },
});
const restore = (name: string, phase: string | undefined, labels?: Record<string, string>) => ({
  metadata: metadata(name, labels),
  spec: {},
  status: { phase },
});

test.each([
  ['Completed', 0],
  ['PartiallyFailed', 0],
  ['Failed', 0],
  ['FailedValidation', 0],
  [undefined, 1],
  ['', 1],
  ['New', 1],
  ['Finalizing', 1],
  ['SomethingNew', 1],
])('a Restore in phase %j counts %i', (phase, count) => {
  expect(findBusyRestores([restore('r', phase)], 'mine')).toHaveLength(count);
  expect(findBusyRestores([restore('r', phase, { 'muster.dev/run': 'mine' })], 'mine')).toEqual([]);
});

test('the refusal names them all, how long the first has been there, and what to do', () => {
  const busy = [restore('a', 'InProgress'), restore('b', '', { 'muster.dev/run': 'k7' })] as const;
  expect(refuseBusy([...busy], 'velero', NOW)).toEqual({
    code: 'PLAN_REFUSED',
    message:
      'Restore a is InProgress, for 10 min now; Restore b (Muster run k7) is New. Velero does one at a time; wait for it.',
    action:
      'Watch it: kubectl -n velero get restore a -w. Velero has no cancel; only its restart ends one that is stuck InProgress.',
  });
  expect(describeRestore(busy[1])).toBe('Restore b (Muster run k7) is New');
});

test.each<[string, string[] | null, string[] | undefined, boolean]>([
  ['InProgress', ['shop'], undefined, true],
  ['InProgress', null, undefined, true],
  ['InProgress', ['*'], undefined, true],
  ['InProgress', ['sh*'], undefined, true],
  ['InProgress', ['shops', 'xshop', 's.op'], undefined, false],
  ['InProgress', ['*'], ['shop'], false],
  ['Completed', ['shop'], undefined, false],
  ['New', ['shop'], undefined, false],
])('a Backup in %s of %j without %j reads shop: %j', (phase, includedNamespaces, excludedNamespaces, expected) => {
  const backup = { metadata: metadata('b'), spec: { includedNamespaces, excludedNamespaces }, status: { phase } };
  expect(findRunningBackups([backup], 'shop')).toHaveLength(expected ? 1 : 0);
});
