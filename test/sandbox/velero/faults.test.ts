import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { RestoreSpec } from '../../../sandbox/velero/velero-types.ts';
import { until } from '../controllers/cluster.ts';
import {
  createRestore,
  download,
  inPhase,
  loseShop,
  readRestore,
  requestDownload,
  restoreOver,
  type Shop,
  startShop,
} from './backed-up-shop.ts';

let shop: Shop | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

async function start(...parameters: Parameters<typeof startShop>): Promise<Shop> {
  shop = await startShop(...parameters);
  return shop;
}

const SETTINGS: RestoreSpec = { backupName: 'full', includedResources: ['configmaps'] };

test('a Velero that is down does nothing, and goes on when it is back', async () => {
  const shop = await start();
  shop.velero.faults.down = true;
  createRestore(shop, 'r', SETTINGS);
  shop.store.create('serverstatusrequests.velero.io', { metadata: { name: 's', namespace: 'velero' } });
  await sleep(60);
  expect(readRestore(shop, 'r').status).toBeUndefined();
  expect(shop.store.get('serverstatusrequests.velero.io', 'velero', 's')?.['status']).toBeUndefined();
  delete shop.velero.faults.down;
  expect((await restoreOver(shop, 'r')).status?.phase).toBe('Completed');
  await until('the status', () => shop.store.get('serverstatusrequests.velero.io', 'velero', 's')?.['status']);
});

test.each(['InProgress', 'Finalizing'] as const)('a restore can be stuck in %s', async (phase) => {
  const shop = await start();
  shop.velero.faults.stuckIn = phase;
  createRestore(shop, 'r', SETTINGS);
  await inPhase(shop, 'r', phase);
  await sleep(60);
  expect(readRestore(shop, 'r').status?.phase).toBe(phase);
  delete shop.velero.faults.stuckIn;
  expect((await restoreOver(shop, 'r')).status?.phase).toBe('Completed');
});

test('a restart fails what is InProgress and nothing else, and the queue goes on', async () => {
  const shop = await start();
  shop.velero.faults.stuckIn = 'InProgress';
  createRestore(shop, 'r', SETTINGS);
  createRestore(shop, 'next', SETTINGS);
  await inPhase(shop, 'r', 'InProgress');
  shop.velero.restart();
  const reason = 'found a restore with status "InProgress" during the server starting, mark it as "Failed"';
  expect(readRestore(shop, 'r').status).toMatchObject({ phase: 'Failed', failureReason: reason });
  delete shop.velero.faults.stuckIn;
  expect((await restoreOver(shop, 'next')).status?.phase).toBe('Completed');
});

test('a restart during Finalizing lets the restore end', async () => {
  const shop = await start();
  shop.velero.faults.stuckIn = 'Finalizing';
  createRestore(shop, 'r', SETTINGS);
  await inPhase(shop, 'r', 'Finalizing');
  shop.velero.restart();
  delete shop.velero.faults.stuckIn;
  expect((await restoreOver(shop, 'r')).status?.phase).toBe('Completed');
});

test('errors, warnings and failures can be asked for', async () => {
  const shop = await start();
  shop.velero.faults.outcome = { phase: 'PartiallyFailed', errors: 2 };
  shop.velero.faults.warnings = 3;
  createRestore(shop, 'partial', SETTINGS);
  expect((await restoreOver(shop, 'partial')).status).toMatchObject({
    phase: 'PartiallyFailed',
    errors: 2,
    warnings: 3,
  });
  expect(JSON.parse(await download(shop, 'RestoreResults', 'partial')).errors.namespaces.shop).toHaveLength(2);
  shop.velero.faults.outcome = { phase: 'Failed', reason: 'disk full' };
  createRestore(shop, 'failed', SETTINGS);
  expect((await restoreOver(shop, 'failed')).status).toMatchObject({ phase: 'Failed', failureReason: 'disk full' });
  shop.velero.faults.outcome = { phase: 'FailedValidation', errors: ['no'] };
  createRestore(shop, 'invalid', SETTINGS);
  const { status } = await restoreOver(shop, 'invalid');
  expect(status).toEqual({ phase: 'FailedValidation', validationErrors: ['no'] });
});

test('volume restores can be held, which holds the restore, and can fail', async () => {
  const shop = await start();
  await loseShop(shop);
  shop.velero.faults.holdVolumes = 'Accepted';
  shop.velero.faults.failVolumes = 'repository is locked';
  createRestore(shop, 'r');
  const volume = () => shop.store.list('podvolumerestores.velero.io', 'velero')[0];
  await until('the volume to be held', () => JSON.stringify(volume()?.['status'] ?? '').includes('Accepted'));
  await sleep(60);
  expect(volume()?.['status']).toMatchObject({ phase: 'Accepted' });
  expect(readRestore(shop, 'r').status?.phase).toBe('InProgress');
  delete shop.velero.faults.holdVolumes;
  expect((await restoreOver(shop, 'r')).status).toMatchObject({ phase: 'PartiallyFailed', errors: 1 });
  expect(volume()?.['status']).toMatchObject({ phase: 'Failed', message: 'repository is locked' });
});

test('a restore can be Completed before its volumes are', async () => {
  const shop = await start();
  await loseShop(shop);
  shop.velero.faults.completeTooEarly = true;
  shop.velero.faults.holdVolumes = 'InProgress';
  createRestore(shop, 'r');
  expect((await restoreOver(shop, 'r')).status?.phase).toBe('Completed');
  expect(shop.store.list('podvolumerestores.velero.io', 'velero')[0]?.['status']).not.toMatchObject({
    phase: 'Completed',
  });
});

test('an object can be left out without a word', async () => {
  const shop = await start();
  await loseShop(shop);
  shop.velero.faults.skipSilently = 'configmaps/shop/settings';
  createRestore(shop, 'r');
  expect((await restoreOver(shop, 'r')).status?.phase).toBe('Completed');
  expect(shop.store.get('configmaps', 'shop', 'settings')).toBeUndefined();
  expect(await download(shop, 'RestoreResourceList', 'r')).not.toContain('shop/settings');
});

test('the results file can be missing, huge, or said to be elsewhere', async () => {
  const shop = await start();
  createRestore(shop, 'r', SETTINGS);
  await restoreOver(shop, 'r');
  shop.velero.faults.results = 'missing';
  await expect(download(shop, 'RestoreResults', 'r')).rejects.toThrow('404');
  shop.velero.faults.results = 'huge';
  expect((await download(shop, 'RestoreResults', 'r')).length).toBeGreaterThan(60_000_000);
  shop.velero.faults.results = { host: 'minio.velero.svc:9000' };
  expect(new URL(await requestDownload(shop, 'RestoreResults', 'r')).host).toBe('minio.velero.svc:9000');
});

test('the results file can be no gzip, a redirect, or name an error that the Restore does not count', async () => {
  const shop = await start();
  createRestore(shop, 'r', SETTINGS);
  await restoreOver(shop, 'r');
  const ask = async () =>
    fetch(await requestDownload(shop, 'RestoreResults', 'r'), {
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
  shop.velero.faults.results = 'garbage';
  expect(await (await ask()).text()).toBe('<html>Bad Gateway</html>');
  shop.velero.faults.results = 'redirect';
  const redirect = await ask();
  expect([redirect.status, redirect.headers.get('location')]).toEqual([307, 'http://files.example.com/results.gz']);
  shop.velero.faults.results = { error: 'one was left out' };
  expect(await download(shop, 'RestoreResults', 'r')).toContain('one was left out');
  expect(readRestore(shop, 'r').status).not.toHaveProperty('errors');
});

test('DownloadRequests can stay unanswered, and the server can say that it is of another version', async () => {
  const shop = await start();
  Object.assign(shop.velero.faults, { ignoreDownloads: true, version: 'v1.17.0' });
  const target = { kind: 'BackupResourceList', name: 'full' };
  shop.store.create('downloadrequests.velero.io', { metadata: { name: 'd', namespace: 'velero' }, spec: { target } });
  shop.store.create('serverstatusrequests.velero.io', { metadata: { name: 's', namespace: 'velero' }, spec: {} });
  const answer = (resource: string, name: string) => shop.store.get(resource, 'velero', name)?.['status'];
  await until('the version', () => answer('serverstatusrequests.velero.io', 's') !== undefined);
  expect(answer('serverstatusrequests.velero.io', 's')).toMatchObject({ serverVersion: 'v1.17.0' });
  await sleep(60);
  expect(answer('downloadrequests.velero.io', 'd')).toBeUndefined();
  delete shop.velero.faults.ignoreDownloads;
  await until('the address', () => answer('downloadrequests.velero.io', 'd') !== undefined);
});

test('a signature is good for its file and its time only', async () => {
  const shop = await start({}, { downloadTtlMs: 150 });
  const url = new URL(await requestDownload(shop, 'BackupResourceList', 'full'));
  const read = async (address: URL) => (await fetch(address, { signal: AbortSignal.timeout(5000) })).status;
  expect(await read(url)).toBe(200);
  const other = new URL(url);
  other.pathname = url.pathname.replace('BackupResourceList', 'BackupContents');
  expect(await read(other)).toBe(403);
  await sleep(200);
  expect(await read(url)).toBe(403);
  await until('the request to be gone', () => shop.store.list('downloadrequests.velero.io').length === 0);
});

test('a DownloadRequest for an unknown name stays as it is', async () => {
  const shop = await start();
  const target = { kind: 'BackupResourceList', name: 'unknown' };
  shop.store.create('downloadrequests.velero.io', { metadata: { name: 'd', namespace: 'velero' }, spec: { target } });
  await sleep(60);
  expect(shop.store.get('downloadrequests.velero.io', 'velero', 'd')?.['status']).toBeUndefined();
});
