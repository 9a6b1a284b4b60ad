import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RestoreSpec } from '../../../sandbox/velero/velero-types.ts';
import { until } from '../controllers/cluster.ts';
import { createRestore, restoreOver, type Shop, startShop } from './backed-up-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));
  shop.velero.takeBackup({ schedule: 'daily', startedAt: at(3) });
  shop.velero.takeBackup({ schedule: 'daily', startedAt: at(5), outcome: { phase: 'PartiallyFailed', errors: 1 } });
  shop.velero.takeBackup({ schedule: 'daily', startedAt: at(1) });
});
afterAll(() => shop.close());

const SELECTOR = { matchLabels: { app: 'web' } };
const FAILURES: [what: string, spec: RestoreSpec, error: string][] = [
  ['no source', {}, 'Either a backup or schedule must be specified as a source for the restore, but not both'],
  ['two sources', { backupName: 'full', scheduleName: 'daily' }, 'Either a backup or schedule must be specified'],
  ['an unknown backup', { backupName: 'nope' }, 'Error retrieving backup: backups.velero.io "nope" not found'],
  ['an unknown schedule', { scheduleName: 'nope' }, 'No backups found for schedule'],
  [
    'two kinds of selectors',
    { backupName: 'full', labelSelector: SELECTOR, orLabelSelectors: [SELECTOR] },
    'labelSelector as well as',
  ],
  [
    'a resource that cannot be restored',
    { backupName: 'full', includedResources: ['nodes'] },
    'nodes are non-restorable resources',
  ],
];

test.each(FAILURES)('%s fails validation, without times', async (what, spec, error) => {
  const name = what.replaceAll(' ', '-');
  createRestore(shop, name, spec);
  const { status } = await restoreOver(shop, name);
  expect(status?.phase).toBe('FailedValidation');
  expect(status?.validationErrors?.join('\n')).toContain(error);
  expect(status).not.toHaveProperty('startTimestamp');
});

test('a schedule means its newest Completed backup, which is written back', async () => {
  createRestore(shop, 'by-schedule', { scheduleName: 'daily', includedResources: ['configmaps'] });
  const restore = await restoreOver(shop, 'by-schedule');
  expect(restore.spec).toMatchObject({ scheduleName: 'daily', backupName: 'daily-20260101030000' });
});

test('the phase of a named backup is not looked at, and its schedule is written back', async () => {
  createRestore(shop, 'by-name', { backupName: 'daily-20260101050000', includedResources: ['configmaps'] });
  const restore = await restoreOver(shop, 'by-name');
  expect(restore.spec.scheduleName).toBe('daily');
  expect(restore.status?.phase).toBe('Completed');
});

test('an unavailable storage location fails restores and backups; a read-only one only backups', async () => {
  const backup = async (name: string) => {
    shop.store.create('backups.velero.io', {
      metadata: { name, namespace: 'velero' },
      spec: { includedNamespaces: ['shop'] },
    });
    const read = () =>
      shop.store.get('backups.velero.io', 'velero', name)?.['status'] as { phase?: string } | undefined;
    await until(`${name} to end`, () => ['Completed', 'FailedValidation'].includes(read()?.phase ?? ''));
    return read();
  };
  shop.velero.storage.setUnavailable('NoSuchBucket');
  const location = shop.store.get('backupstoragelocations.velero.io', 'velero', 'default');
  expect(location?.['status']).toMatchObject({ phase: 'Unavailable', message: 'NoSuchBucket' });
  createRestore(shop, 'unavailable');
  expect((await restoreOver(shop, 'unavailable')).status?.phase).toBe('FailedValidation');
  expect(await backup('unavailable')).toMatchObject({ phase: 'FailedValidation' });
  shop.velero.storage.setAvailable();
  shop.velero.storage.setAccessMode('ReadOnly');
  createRestore(shop, 'read-only', { backupName: 'full', includedResources: ['configmaps'] });
  expect((await restoreOver(shop, 'read-only')).status?.phase).toBe('Completed');
  expect(await backup('read-only')).toMatchObject({ phase: 'FailedValidation' });
  shop.velero.storage.setAccessMode('ReadWrite');
  expect(await backup('again')).toMatchObject({ phase: 'Completed', progress: { totalItems: expect.any(Number) } });
  createRestore(shop, 'from-again', { backupName: 'again', includedResources: ['configmaps'] });
  expect((await restoreOver(shop, 'from-again')).status?.phase).toBe('Completed');
});

test('a ServerStatusRequest is answered with the version', async () => {
  shop.store.create('serverstatusrequests.velero.io', { metadata: { name: 's', namespace: 'velero' } });
  const status = await until(
    'the status',
    () => shop.store.get('serverstatusrequests.velero.io', 'velero', 's')?.['status'],
  );
  expect(status).toMatchObject({ phase: 'Processed', serverVersion: 'v1.18.1' });
});
