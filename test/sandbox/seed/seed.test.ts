import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitReady, isEverythingReady } from '../../../sandbox/seed/seed-cluster.ts';
import { type SandboxCluster, startCluster } from '../../../sandbox/start-cluster.ts';
import type { Backup } from '../../../sandbox/velero/velero-types.ts';
import { until } from '../controllers/cluster.ts';

const MINUTE = 60_000;
const NAMESPACE = 'data-processing';
let cluster: SandboxCluster;
let startedInMs = 0;

beforeAll(async () => {
  const begun = Date.now();
  cluster = await startCluster({ pace: 'fast' });
  startedInMs = Date.now() - begun;
});
afterAll(() => cluster.close());

const backups = () => cluster.store.list('backups.velero.io', 'velero') as Backup[];
const ofSchedule = (name: string) => backups().filter((b) => b.metadata.labels?.['velero.io/schedule-name'] === name);
const startOf = (backup: Backup) => Date.parse(backup.status?.startTimestamp ?? '');
const newest = (list: Backup[]) => Math.max(...list.map(startOf));
const probe = (service: string, port = 8080, path = '/health') =>
  cluster.services.probe({ namespace: NAMESPACE, service, port, path });

test('the cluster starts soon, with everything ready', () => {
  expect(startedInMs).toBeLessThan(1500);
  expect(isEverythingReady(cluster.store)).toBe(true);
  const replicas = cluster.store.list('deployments.apps', NAMESPACE).map(({ metadata, spec }) => [metadata.name, spec]);
  expect(replicas.map(([name, spec]) => [name, (spec as { replicas: number }).replicas])).toEqual([
    ['aggregation-service', 2],
    ['enrichment-service', 2],
    ['normalization-service', 3],
    ['projection-service', 2],
  ]);
  expect(cluster.store.list('persistentvolumeclaims', NAMESPACE)).toHaveLength(2);
  expect(cluster.store.get('namespaces', undefined, NAMESPACE)?.metadata.labels).toHaveProperty(['linkerd.io/inject']);
});

test('every schedule has the backups that it would have left, named by their times', () => {
  const names = ['hourly-incremental', 'daily-full-backup', 'weekly-full-backup', 'monthly-full-backup'];
  expect(names.map((name) => ofSchedule(name).length)).toEqual([24, 7, 4, 6]);
  const age = (name: string) => Date.now() - newest(ofSchedule(name));
  expect(Math.round(age('hourly-incremental') / MINUTE)).toBeGreaterThanOrEqual(35);
  expect(Math.round(age('hourly-incremental') / MINUTE)).toBeLessThanOrEqual(37);
  expect(age('daily-full-backup')).toBeLessThan(24 * 60 * MINUTE);
  for (const backup of ofSchedule('daily-full-backup')) {
    const stamp = new Date(startOf(backup)).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
    expect(backup.metadata.name).toBe(`daily-full-backup-${stamp}`);
  }
  const phases = backups().map(({ status }) => status?.phase);
  expect(phases.filter((phase) => phase === 'PartiallyFailed')).toHaveLength(1);
  expect(phases.filter((phase) => phase === 'Completed')).toHaveLength(backups().length - 1);
  expect(backups().every(({ status }) => Date.parse(String(status?.['expiration'])) > Date.now())).toBe(true);
});

test('services answer while a pod is ready, and as told otherwise', async () => {
  expect(await probe('normalization-service')).toEqual({ status: 200, body: '{"status":"ok"}' });
  expect((await probe('clickhouse', 8123, '/ping')).status).toBe(200);
  expect((await probe('normalization-service', 8080, '/nope')).status).toBe(404);
  await expect(probe('postgresql', 5432)).rejects.toThrow('malformed HTTP response');
  cluster.services.set(NAMESPACE, 'projection-service', { status: 500, body: 'broken' });
  expect(await probe('projection-service')).toEqual({ status: 500, body: 'broken' });
  cluster.services.set(NAMESPACE, 'projection-service', 'hang');
  const hanging = probe('projection-service');
  cluster.services.set(NAMESPACE, 'projection-service', 'ok');
  expect((await hanging).status).toBe(200);
  const heal = cluster.controllers.failPods(
    { namespace: NAMESPACE, labels: { app: 'enrichment-service' } },
    'NeverReady',
  );
  await until('not ready', () => !isEverythingReady(cluster.store, NAMESPACE));
  await until('no endpoint', async () => (await probe('enrichment-service')).status === 503);
  heal();
  await awaitReady(cluster.store);
  expect((await probe('enrichment-service')).status).toBe(200);
});

test('the lost namespace comes back from the newest daily backup', async () => {
  const before = cluster.store.list('pods', NAMESPACE).length;
  cluster.store.remove('namespaces', undefined, NAMESPACE);
  await until('the namespace to be gone', () => cluster.store.get('namespaces', undefined, NAMESPACE) === undefined);
  cluster.store.create('restores.velero.io', {
    metadata: { name: 'back', namespace: 'velero' },
    spec: { scheduleName: 'daily-full-backup', includedNamespaces: [NAMESPACE] },
  });
  const status = () =>
    cluster.store.get('restores.velero.io', 'velero', 'back')?.['status'] as { phase?: string } | undefined;
  await until('the restore to end', () => status()?.phase === 'Completed');
  expect(status()).not.toHaveProperty('errors');
  await awaitReady(cluster.store, NAMESPACE);
  expect(cluster.store.list('pods', NAMESPACE)).toHaveLength(before);
  expect((await probe('aggregation-service')).status).toBe(200);
});

test('a process that closes its cluster in the middle of its work ends by itself', async () => {
  const program = `
    import { startCluster } from ${JSON.stringify(new URL('../../../sandbox/start-cluster.ts', import.meta.url).href)};
    const cluster = await startCluster({ pace: 'fast' });
    cluster.velero.faults.stuckIn = 'InProgress';
    const [{ metadata }] = cluster.store.list('backups.velero.io');
    const spec = { backupName: metadata.name };
    cluster.store.create('restores.velero.io', { metadata: { name: 'r', namespace: 'velero' }, spec });
    cluster.store.remove('namespaces', undefined, '${NAMESPACE}');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await cluster.close();
    console.log('closed');
  `;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { timeout: 10_000 });
  expect((await run).stdout).toBe('closed\n');
});

test('seeding again puts back what is missing, and only that', async () => {
  const kept = cluster.store.get('deployments.apps', NAMESPACE, 'projection-service')?.metadata.uid;
  cluster.store.remove('deployments.apps', NAMESPACE, 'enrichment-service');
  await cluster.seed();
  expect(cluster.store.get('deployments.apps', NAMESPACE, 'enrichment-service')).toBeDefined();
  expect(cluster.store.get('deployments.apps', NAMESPACE, 'projection-service')?.metadata.uid).toBe(kept);
});
