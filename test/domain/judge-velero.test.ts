import { expect, test } from 'vitest';
import { adviseOnSilence, judgeNodeAgent, judgeVersion } from '../../src/domain/judge-velero.ts';

const metadata = { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-31T03:00:00Z' };

test.each<[string | undefined, 'pass' | 'unchecked', string]>([
  ['v1.18.1', 'pass', 'Velero v1.18.1 answers'],
  ['v1.14.0', 'pass', 'Velero v1.14.0 answers'],
  ['v1.17.0', 'pass', 'Velero v1.17.0 answers'],
  ['v1.18.0-rc.1', 'pass', 'Velero v1.18.0-rc.1 answers'],
  ['v1.13.2', 'unchecked', 'Velero v1.13.2 answers; it is older than v1.14 to v1.18, which Muster knows'],
  ['v1.19.0', 'unchecked', 'Velero v1.19.0 answers; it is newer than v1.14 to v1.18, which Muster knows'],
  ['v2.0.0', 'unchecked', 'Velero v2.0.0 answers; it is newer than v1.14 to v1.18, which Muster knows'],
  ['main', 'unchecked', 'Velero main answers; Muster cannot tell whether it is one of v1.14 to v1.18, which it knows'],
  [
    undefined,
    'unchecked',
    'Velero of an unknown version answers; Muster cannot tell whether it is one of v1.14 to v1.18, which it knows',
  ],
])('version %j is %s', (version, verdict, detail) => {
  expect(judgeVersion(version).check).toEqual({ name: 'velero', verdict, detail });
});

test('only v1.17.0 is warned of', () => {
  expect(judgeVersion('v1.17.0').notes).toEqual([
    'Velero v1.17.0 can report Completed before the volumes are done; Muster waits for the volumes too. Upgrade to v1.17.1.',
  ]);
  expect(judgeVersion('v1.17.1').notes).toEqual([]);
});

test('a silent Velero: what to do follows from its Deployment', () => {
  const deployment = (readyReplicas: number) => ({ metadata, spec: { replicas: 1 }, status: { readyReplicas } });
  expect(adviseOnSilence('velero', deployment(0), undefined)).toBe(
    'Deployment velero/velero has 0 of 1 replicas ready; see why: kubectl -n velero describe deployment velero',
  );
  expect(adviseOnSilence('velero', deployment(1), undefined)).toMatch(/1 of 1 replicas ready, so read its log/);
  expect(adviseOnSilence('velero', undefined, undefined)).toMatch(/^There is no Deployment velero\/velero/);
  expect(adviseOnSilence('velero', undefined, 'no right.')).toMatch(/\(Muster could not: no right\.\)$/);
});

test.each<[number | undefined, number, 'pass' | 'fail' | 'unchecked', string]>([
  [3, 3, 'pass', '3 of 3 ready'],
  [5, 3, 'fail', '3 of 5 ready: volume data cannot be restored on 2 nodes'],
  [3, 2, 'fail', '2 of 3 ready: volume data cannot be restored on 1 node'],
  [0, 0, 'unchecked', 'DaemonSet velero/node-agent is on no node; without it only volume snapshots can be restored'],
  [
    undefined,
    0,
    'unchecked',
    'DaemonSet velero/node-agent is on no node; without it only volume snapshots can be restored',
  ],
])('a node agent wanted on %j nodes, ready on %j, is %s', (desired, numberReady, verdict, detail) => {
  const status = desired === undefined ? {} : { status: { desiredNumberScheduled: desired, numberReady } };
  expect(judgeNodeAgent('velero', status)).toEqual({ name: 'node-agent', verdict, detail });
});

test('a node agent that is not there is unchecked', () => {
  expect(judgeNodeAgent('velero', undefined)).toEqual({
    name: 'node-agent',
    verdict: 'unchecked',
    detail: 'there is no DaemonSet velero/node-agent; without it only volume snapshots can be restored',
  });
});
