import { gunzipSync } from 'node:zlib';
import type { StoredObject } from '../../../sandbox/cluster/store.ts';
import { startVelero } from '../../../sandbox/velero/start-velero.ts';
import type { BackupRequest } from '../../../sandbox/velero/take-backup.ts';
import { FAST_VELERO_TIMINGS, type VeleroTimings } from '../../../sandbox/velero/timings.ts';
import type { Restore, RestoreSpec } from '../../../sandbox/velero/velero-types.ts';
import { asDeployment, deploymentDraft, startSmallCluster, statefulSetDraft, until } from '../controllers/cluster.ts';

const OVER = ['Completed', 'PartiallyFailed', 'Failed', 'FailedValidation'];

export type Shop = Awaited<ReturnType<typeof startShop>>;

/** The namespace `shop` with a Deployment, a StatefulSet and settings, and Velero with the backup `full` of it. */
export async function startShop(backup: BackupRequest = {}, timings: Partial<VeleroTimings> = {}) {
  const { store, controllers } = startSmallCluster();
  const velero = await startVelero(store, { ...FAST_VELERO_TIMINGS, ...timings });
  store.modify('namespaces', undefined, 'shop', (object) => {
    object.metadata.labels = { ...object.metadata.labels, team: 'shop' };
  });
  store.create('configmaps', { metadata: { name: 'settings', namespace: 'shop' }, data: { colour: 'red' } });
  store.create('deployments.apps', deploymentDraft('web', 2));
  store.create('statefulsets.apps', statefulSetDraft('db', 1));
  store.create('services', {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  const ready = (resource: string, name: string, replicas: number) =>
    asDeployment(store.get(resource, 'shop', name))?.status?.readyReplicas === replicas;
  const isReady = () => ready('deployments.apps', 'web', 2) && ready('statefulsets.apps', 'db', 1);
  await until('the shop to be ready', isReady);
  velero.takeBackup({ name: 'full', namespaces: ['shop'], ...backup });
  const close = async () => {
    controllers.stop();
    await velero.stop();
  };
  return { store, controllers, velero, isReady, close };
}

export async function loseShop({ store }: Shop): Promise<void> {
  store.remove('namespaces', undefined, 'shop');
  await until('the namespace to be gone', () => store.get('namespaces', undefined, 'shop') === undefined);
}

export function createRestore({ store }: Shop, name: string, spec: RestoreSpec = { backupName: 'full' }): StoredObject {
  return store.create('restores.velero.io', {
    metadata: { name, namespace: 'velero' },
    spec: { includedNamespaces: ['shop'], ...spec },
  });
}

export function readRestore({ store }: Shop, name: string): Restore {
  return store.get('restores.velero.io', 'velero', name) as Restore;
}

export function inPhase(shop: Shop, name: string, phase: string): Promise<Restore> {
  return until(`${name} in ${phase}`, () => {
    const restore = readRestore(shop, name);
    return restore.status?.phase === phase && restore;
  });
}

export function restoreOver(shop: Shop, name: string): Promise<Restore> {
  return until(`${name} to end`, () => {
    const restore = readRestore(shop, name);
    return OVER.includes(restore.status?.phase ?? '') && restore;
  });
}

let requests = 0;

/** The URL that a DownloadRequest is given. */
export async function requestDownload({ store }: Shop, kind: string, name: string): Promise<string> {
  requests += 1;
  const request = `request-${requests}`;
  store.create('downloadrequests.velero.io', {
    metadata: { name: request, namespace: 'velero' },
    spec: { target: { kind, name } },
  });
  return until(`the URL of ${kind} ${name}`, () => {
    const status = store.get('downloadrequests.velero.io', 'velero', request)?.['status'];
    return (status as { downloadURL?: string } | undefined)?.downloadURL;
  });
}

/** What is in the file, uncompressed. */
export async function download(shop: Shop, kind: string, name: string): Promise<string> {
  const response = await fetch(await requestDownload(shop, kind, name), { signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`${response.status}`);
  return gunzipSync(Buffer.from(await response.arrayBuffer())).toString();
}
