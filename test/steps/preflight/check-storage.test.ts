import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkStorage } from '../../../src/steps/preflight/check-storage.ts';
import { type Stage, startStage } from './preflight-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.cluster.api.faults.clear();
  stage.cluster.velero.storage.setAvailable();
  stage.cluster.velero.storage.setAccessMode('ReadWrite');
});

const KEY = ['backupstoragelocations.velero.io', 'velero', 'default'] as const;

test('an available location passes; ReadOnly too, and says so', async () => {
  const [check] = (await checkStorage(stage.context)).checks;
  expect(check).toMatchObject({ name: 'storage default', verdict: 'pass' });
  expect(check?.detail).toMatch(/^Available, validated .* ago, ReadWrite$/);
  stage.cluster.velero.storage.setAccessMode('ReadOnly');
  const [readOnly] = (await checkStorage(stage.context)).checks;
  expect(readOnly?.verdict).toBe('pass');
  expect(readOnly?.detail).toMatch(/ReadOnly: fine for restoring, no backup is written to it$/);
});

test('an unavailable location fails with its message', async () => {
  stage.cluster.velero.storage.setUnavailable('dial tcp: connection refused');
  expect((await checkStorage(stage.context)).checks).toEqual([
    { name: 'storage default', verdict: 'fail', detail: 'Unavailable: dial tcp: connection refused' },
  ]);
});

test('one that was not validated lately is not believed', async () => {
  const lastValidationTime = new Date(Date.now() - 5 * 60_000).toISOString();
  stage.cluster.store.modify(...KEY, (object) => {
    object['status'] = { phase: 'Available', lastValidationTime };
  });
  expect((await checkStorage(stage.context)).checks).toEqual([
    {
      name: 'storage default',
      verdict: 'unchecked',
      detail: 'Available, but not validated for 5 min: is Velero alive?',
    },
  ]);
});

test('locations that may not be listed are unchecked; none at all fails', async () => {
  stage.cluster.api.faults.add({ kind: 'refuse', match: { resource: KEY[0] } });
  expect((await checkStorage(stage.context)).checks).toMatchObject([{ name: 'storage', verdict: 'unchecked' }]);
  stage.cluster.api.faults.clear();
  const homes = { ...stage.context.homes, veleroNamespace: 'default' };
  expect((await checkStorage({ ...stage.context, homes })).checks).toEqual([
    {
      name: 'storage',
      verdict: 'fail',
      detail: 'there is no BackupStorageLocation in default: no backup can be read',
    },
  ]);
});
