import { afterAll, beforeAll, expect, test } from 'vitest';
import { TICKS } from '../../../sandbox/seed/clickhouse.ts';
import { type SandboxCluster, startCluster } from '../../../sandbox/start-cluster.ts';

const NAMESPACE = 'data-processing';
const HOUR = 3_600_000;
let cluster: SandboxCluster;
beforeAll(async () => {
  cluster = await startCluster({ pace: 'fast' });
});
afterAll(() => cluster.close());

const query = (sql: string) =>
  cluster.services.probe({
    namespace: NAMESPACE,
    service: 'clickhouse',
    port: 8123,
    path: `/?query=${encodeURIComponent(sql)}`,
  });
const count = () => query(`SELECT count() FROM ${TICKS.table}`);

async function lose(): Promise<void> {
  cluster.store.remove('namespaces', undefined, NAMESPACE);
  await expect.poll(() => cluster.store.get('namespaces', undefined, NAMESPACE)).toBeUndefined();
}

async function restore(backupName: string): Promise<void> {
  const name = `r-${backupName}`;
  cluster.store.create('restores.velero.io', {
    metadata: { name, namespace: 'velero' },
    spec: { backupName, includedNamespaces: [NAMESPACE] },
  });
  const phase = () =>
    (cluster.store.get('restores.velero.io', 'velero', name)?.['status'] as { phase?: string })?.phase;
  await expect.poll(phase, { timeout: 15_000 }).toBe('Completed');
  await expect.poll(async () => (await query('')).status, { timeout: 15_000 }).not.toBe(503);
}

test('queries are answered from the volume; anything else is refused as ClickHouse refuses it', async () => {
  expect(await count()).toEqual({ status: 200, body: `${TICKS.rows}\n` });
  const newest = await query(`SELECT toUnixTimestamp(max(ts)) FROM ${TICKS.table}`);
  expect(Math.abs(Number(newest.body) - Date.now() / 1_000)).toBeLessThan(60);
  expect(await query('SELECT count() FROM market.none')).toMatchObject({ status: 404 });
  expect(await query(`DROP TABLE ${TICKS.table}`)).toMatchObject({ status: 400 });
});

test.each([
  ['files', false],
  ['moved', true],
])('a restore brings back the rows of its backup, and none that is newer: %s', async (name, moveData) => {
  await cluster.seed();
  const startedAt = new Date(Date.now() - 5 * HOUR);
  cluster.velero.takeBackup({ name, namespaces: [NAMESPACE], moveData, startedAt });
  await lose();
  await restore(name);
  expect(await count()).toEqual({ status: 200, body: `${TICKS.rows}\n` });
  const { body } = await query(`SELECT toUnixTimestamp(max(ts)) FROM ${TICKS.table}`);
  const age = Math.floor(startedAt.getTime() / 1_000) - Number(body);
  // The backup before this one may have left its rows there.
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(60);
});

test('where the backup holds no data of the volume, the table is not there', async () => {
  await lose();
  await cluster.seed();
  for (const { metadata } of cluster.store.list('pods', NAMESPACE))
    if (metadata.name === 'clickhouse-0')
      cluster.store.modify('pods', NAMESPACE, metadata.name, (pod) => {
        (pod['spec'] as { volumes?: unknown[] }).volumes = [];
      });
  cluster.velero.takeBackup({ name: 'bare', namespaces: [NAMESPACE] });
  await lose();
  await restore('bare');
  expect(await count()).toMatchObject({ status: 404 });
});
