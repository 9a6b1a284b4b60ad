import { afterEach, expect, test } from 'vitest';
import { asDeployment, statefulSetDraft, until } from '../controllers/cluster.ts';
import {
  createRestore,
  download,
  inPhase,
  loseShop,
  readRestore,
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

test('a lost namespace comes back: labels, workloads, data restores, every pod ready and none twice', async () => {
  const shop = await start();
  await loseShop(shop);
  createRestore(shop, 'r');
  const restore = await restoreOver(shop, 'r');
  expect(restore.status).toMatchObject({ phase: 'Completed' });
  expect(restore.status?.errors).toBeUndefined();
  expect(restore.status?.completionTimestamp).toBeDefined();
  expect(restore.metadata.finalizers).toEqual(['restores.velero.io/external-resources-finalizer']);
  await until('ready again', shop.isReady);
  expect(shop.store.get('namespaces', undefined, 'shop')?.metadata.labels).toMatchObject({ team: 'shop' });
  expect(shop.store.list('pods', 'shop')).toHaveLength(3);
  expect(shop.store.list('replicasets.apps', 'shop')).toHaveLength(1);
  const labels = { 'velero.io/restore-name': 'r', 'velero.io/backup-name': 'full' };
  expect(shop.store.get('configmaps', 'shop', 'settings')?.metadata.labels).toEqual(labels);
  const volumes = shop.store.list('podvolumerestores.velero.io', 'velero');
  expect(volumes.map((volume) => volume['status'])).toMatchObject([{ phase: 'Completed' }]);
  expect(volumes[0]?.metadata.labels).toMatchObject({ 'velero.io/restore-name': 'r' });
});

test('the result files say what was created and what was left', async () => {
  const shop = await start();
  await loseShop(shop);
  createRestore(shop, 'r');
  await restoreOver(shop, 'r');
  const list = JSON.parse(await download(shop, 'RestoreResourceList', 'r'));
  expect(list['v1/Namespace']).toEqual(['shop(created)']);
  expect(list['apps/v1/Deployment']).toEqual(['shop/web(created)']);
  expect(list['v1/PersistentVolume']).toEqual([expect.stringMatching(/^pvc-.*\(skipped\)$/)]);
  const backedUp = JSON.parse(await download(shop, 'BackupResourceList', 'full'));
  expect(backedUp['v1/Namespace']).toEqual(['shop']);
  for (const [kind, names] of Object.entries(backedUp) as [string, string[]][]) {
    expect(list[kind]?.map((entry: string) => entry.replace(/\(.*/, ''))).toEqual([...names].sort());
  }
  expect(JSON.parse(await download(shop, 'RestoreResults', 'r'))).toEqual({ warnings: {}, errors: {} });
  const [volume] = JSON.parse(await download(shop, 'BackupVolumeInfos', 'full'));
  expect(volume).toMatchObject({
    pvcName: 'data-db-0',
    pvcNamespace: 'shop',
    backupMethod: 'PodVolumeBackup',
    result: 'succeeded',
  });
  expect(await download(shop, 'RestoreLog', 'r')).toContain('level=info');
});

test('what exists and differs is left with a warning; what is the same is skipped in silence', async () => {
  const shop = await start();
  shop.store.modify('configmaps', 'shop', 'settings', (object) => Object.assign(object, { data: { colour: 'blue' } }));
  createRestore(shop, 'r', { backupName: 'full', includedResources: ['configmaps'] });
  const restore = await restoreOver(shop, 'r');
  expect(restore.status).toMatchObject({ phase: 'Completed', warnings: 1 });
  expect(shop.store.get('configmaps', 'shop', 'settings')?.['data']).toEqual({ colour: 'blue' });
  const list = JSON.parse(await download(shop, 'RestoreResourceList', 'r'));
  expect(list).toEqual({ 'v1/ConfigMap': ['shop/kube-root-ca.crt(skipped)', 'shop/settings(failed)'] });
  const warning =
    'could not restore, ConfigMap:settings already exists. Warning: the in-cluster version is different than the backed-up version';
  const results = JSON.parse(await download(shop, 'RestoreResults', 'r'));
  expect(results).toEqual({ warnings: { namespaces: { shop: [warning] } }, errors: {} });
});

test('existingResourcePolicy update brings what differs back to the backup', async () => {
  const shop = await start();
  shop.store.modify('configmaps', 'shop', 'settings', (object) => Object.assign(object, { data: { colour: 'blue' } }));
  createRestore(shop, 'r', { backupName: 'full', includedResources: ['configmaps'], existingResourcePolicy: 'update' });
  expect((await restoreOver(shop, 'r')).status).toMatchObject({ phase: 'Completed' });
  expect(shop.store.get('configmaps', 'shop', 'settings')?.['data']).toEqual({ colour: 'red' });
});

test('an existing namespace is used as it is', async () => {
  const shop = await start();
  await loseShop(shop);
  shop.store.create('namespaces', { metadata: { name: 'shop' } });
  createRestore(shop, 'r');
  await restoreOver(shop, 'r');
  await until('ready', shop.isReady);
  expect(shop.store.get('namespaces', undefined, 'shop')?.metadata.labels).not.toHaveProperty('team');
});

test('a terminating namespace is waited for, and then counts as an error for every object', async () => {
  const shop = await start();
  shop.store.modify('configmaps', 'shop', 'settings', (object) => {
    object.metadata.finalizers = ['example.com/hold'];
  });
  shop.store.remove('namespaces', undefined, 'shop');
  createRestore(shop, 'r', { backupName: 'full', includedResources: ['configmaps', 'services'] });
  const restore = await restoreOver(shop, 'r');
  expect(restore.status).toMatchObject({ phase: 'PartiallyFailed', errors: 3 });
  const results = JSON.parse(await download(shop, 'RestoreResults', 'r'));
  expect(results.errors.velero[0]).toContain('terminating namespace shop');
});

test('a mapped namespace receives the objects, the original stays untouched', async () => {
  const shop = await start();
  const before = shop.store.get('deployments.apps', 'shop', 'web')?.metadata.uid;
  createRestore(shop, 'r', { backupName: 'full', namespaceMapping: { shop: 'shop-drill' } });
  expect((await restoreOver(shop, 'r')).status?.phase).toBe('Completed');
  const copy = () => asDeployment(shop.store.get('deployments.apps', 'shop-drill', 'web'));
  await until('the copy to be ready', () => copy()?.status?.readyReplicas === 2);
  expect(shop.store.get('namespaces', undefined, 'shop-drill')?.metadata.labels).toMatchObject({ team: 'shop' });
  expect(shop.store.get('deployments.apps', 'shop', 'web')?.metadata.uid).toBe(before);
});

test('restores run one at a time, in the order in which they came', async () => {
  const shop = await start();
  await loseShop(shop);
  shop.velero.faults.stuckIn = 'InProgress';
  createRestore(shop, 'z-first');
  createRestore(shop, 'a-second');
  await inPhase(shop, 'z-first', 'InProgress');
  expect(readRestore(shop, 'a-second').status?.phase).toBeUndefined();
  delete shop.velero.faults.stuckIn;
  await restoreOver(shop, 'z-first');
  await restoreOver(shop, 'a-second');
  expect(shop.velero.restoresSeen().map(({ name }) => name)).toEqual(['z-first', 'a-second']);
});

test('finished jobs and pods are not restored and not listed', async () => {
  const shop = await start();
  const metadata = { name: 'migrate', namespace: 'shop' };
  shop.store.create('jobs.batch', { metadata, spec: {}, status: { completionTime: '2026-01-01T00:00:00Z' } });
  shop.store.create('pods', { metadata, spec: { containers: [] }, status: { phase: 'Succeeded' } });
  shop.velero.takeBackup({ name: 'later', namespaces: ['shop'] });
  await loseShop(shop);
  createRestore(shop, 'r', { backupName: 'later' });
  await restoreOver(shop, 'r');
  expect(shop.store.get('jobs.batch', 'shop', 'migrate')).toBeUndefined();
  expect(shop.store.get('pods', 'shop', 'migrate')).toBeUndefined();
  expect(await download(shop, 'RestoreResourceList', 'r')).not.toContain('migrate');
  expect(await download(shop, 'BackupResourceList', 'later')).toContain('shop/migrate');
});

test('a label selector restores only what carries the label', async () => {
  const shop = await start();
  await loseShop(shop);
  createRestore(shop, 'r', { backupName: 'full', labelSelector: { matchLabels: { app: 'web' } } });
  await restoreOver(shop, 'r');
  expect(shop.store.get('deployments.apps', 'shop', 'web')).toBeDefined();
  expect(shop.store.get('configmaps', 'shop', 'settings')).toBeUndefined();
  expect(shop.store.get('statefulsets.apps', 'shop', statefulSetDraft('db', 1).metadata.name)).toBeUndefined();
});

test('moved data is restored after the objects, through DataDownloads', async () => {
  const shop = await start({ moveData: true });
  await loseShop(shop);
  shop.velero.faults.holdVolumes = 'InProgress';
  createRestore(shop, 'r');
  await inPhase(shop, 'r', 'WaitingForPluginOperations');
  const [held] = shop.store.list('datadownloads.velero.io', 'velero');
  await until('bytes', () =>
    JSON.stringify(shop.store.list('datadownloads.velero.io', 'velero')).includes('bytesDone'),
  );
  expect(held?.['spec']).toMatchObject({ targetVolume: { namespace: 'shop', pvc: 'data-db-0' } });
  delete shop.velero.faults.holdVolumes;
  expect((await restoreOver(shop, 'r')).status).toMatchObject({
    phase: 'Completed',
    restoreItemOperationsAttempted: 1,
    restoreItemOperationsCompleted: 1,
  });
});

test('deleting a restore removes its files and its finalizer', async () => {
  const shop = await start();
  createRestore(shop, 'r', { backupName: 'full', includedResources: ['configmaps'] });
  await restoreOver(shop, 'r');
  shop.store.remove('restores.velero.io', 'velero', 'r');
  await until('the restore to be gone', () => shop.store.get('restores.velero.io', 'velero', 'r') === undefined);
  expect(shop.velero.restoresSeen()).toHaveLength(1);
});
