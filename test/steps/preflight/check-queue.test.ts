import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkQueue } from '../../../src/steps/preflight/check-queue.ts';
import { REQUEST } from '../../domain/run-fixture.ts';
import { type Stage, startStage } from './preflight-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.cluster.api.faults.clear();
  for (const kind of ['restores.velero.io', 'backups.velero.io'])
    for (const name of ['other', 'ours']) stage.cluster.store.purge(kind, 'velero', name);
});

const verdicts = async () =>
  (await checkQueue(stage.context)).checks.map(({ name, verdict, detail }) => `${name} ${verdict}: ${detail}`);

/** As it stands, whatever Velero would make of it. */
function putRestore(name: string, labels: Record<string, string>): void {
  stage.cluster.velero.faults.stuckIn = 'InProgress';
  stage.cluster.velero.faults.down = true;
  stage.cluster.store.create('restores.velero.io', {
    metadata: { name, namespace: 'velero', labels },
    spec: { backupName: 'none' },
    status: { phase: 'InProgress' },
  });
}

test('a free Velero passes', async () => {
  expect(await verdicts()).toEqual([
    'queue pass: no other Restore is under way',
    'backups pass: no Backup of data-processing is InProgress',
  ]);
});

test("another's Restore is refused with its name and its phase", async () => {
  putRestore('other', { 'muster.dev/run': 'another' });
  const { refusals, checks } = await checkQueue(stage.context);
  expect(refusals).toHaveLength(1);
  expect(refusals[0]?.message).toMatch(
    /^Restore other \(Muster run another\) is InProgress, for .* now\. Velero does one at a time; wait for it\.$/,
  );
  expect(refusals[0]?.action).toContain('kubectl -n velero get restore other -w');
  expect(checks[0]).toMatchObject({ name: 'queue', verdict: 'fail' });
});

test('the Restore of this very run does not count', async () => {
  putRestore('ours', { 'muster.dev/run': REQUEST.run });
  const { refusals, checks } = await checkQueue(stage.context);
  expect(refusals).toEqual([]);
  expect(checks[0]).toMatchObject({ name: 'queue', verdict: 'pass' });
});

test('a Backup of the namespace that is InProgress is to be read, and refuses nothing', async () => {
  stage.cluster.velero.takeBackup({
    name: 'other',
    namespaces: ['data-processing'],
    outcome: { phase: 'InProgress', errors: 0 },
  });
  const { refusals, checks, notes } = await checkQueue(stage.context);
  expect(refusals).toEqual([]);
  expect(checks[1]).toEqual({
    name: 'backups',
    verdict: 'fail',
    detail: 'InProgress and including data-processing: other',
  });
  expect(notes).toEqual([
    'Backup other is reading data-processing now: it may record the namespace half restored; do not restore from it later.',
  ]);
});

test('what may not be listed is unchecked', async () => {
  stage.cluster.api.faults.add({ kind: 'refuse', match: { resource: 'restores.velero.io' } });
  const { refusals, checks } = await checkQueue(stage.context);
  expect(refusals).toEqual([]);
  expect(checks[0]).toMatchObject({ name: 'queue', verdict: 'unchecked' });
  expect(checks[0]?.detail).toMatch(
    /^restores\.velero\.io could not be looked at\. Allow this identity by RBAC: verb "list"/,
  );
});
