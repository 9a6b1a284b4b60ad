import { createStore, type Store, type StoredObject } from '../../../sandbox/cluster/store.ts';
import { startControllers } from '../../../sandbox/controllers/start-controllers.ts';
import { FAST_CONTROLLER_TIMINGS } from '../../../sandbox/controllers/timings.ts';
import { DATA_PROCESSING } from '../../../sandbox/seed/data-processing.ts';
import { backupHistory } from '../../../sandbox/seed/schedules.ts';
import { seedWorkloads } from '../../../sandbox/seed/seed-cluster.ts';
import { type Bucket, createBucket } from '../../../sandbox/velero/bucket.ts';
import { type BackupRequest, takeBackup } from '../../../sandbox/velero/take-backup.ts';
import { VELERO_NAMESPACE } from '../../../sandbox/velero/velero-types.ts';

/** The cluster as it was before the disaster: where the backups come from. It serves no API. */
export interface PastCluster {
  bucket: Bucket;
  /** The Backups that its schedules have left, oldest first. */
  backups: readonly StoredObject[];
  /** Backs everything up once more, with its Backup object. */
  takeBackup(request: BackupRequest): StoredObject;
  /** As `takeBackup`, of a namespace in which there is one ConfigMap only. */
  takeBareBackup(request: BackupRequest): StoredObject;
  /** The objects that a resource's key has in the namespace that was lost. */
  list(resource: string): readonly StoredObject[];
}

export async function rememberCluster(): Promise<PastCluster> {
  const bucket = createBucket();
  const store = createStoreWithVelero();
  const controllers = startControllers(store, FAST_CONTROLLER_TIMINGS);
  await seedWorkloads(store).finally(() => controllers.stop());
  // Where it is restored there is no mesh whose sidecars could be asked for.
  store.modify('namespaces', undefined, DATA_PROCESSING, ({ metadata }) => {
    for (const marks of [metadata.labels, metadata.annotations]) delete marks?.['linkerd.io/inject'];
  });
  const bare = createStoreWithVelero();
  bare.create('namespaces', { metadata: { name: DATA_PROCESSING } });
  bare.create('configmaps', { metadata: { name: 'alone', namespace: DATA_PROCESSING }, data: {} });
  return {
    bucket,
    backups: backupHistory(Date.now()).map((request) => takeBackup(store, bucket, request)),
    takeBackup: (request) => takeBackupOf(store, bucket, request),
    takeBareBackup: (request) => takeBackupOf(bare, bucket, request),
    list: (resource) => store.list(resource, DATA_PROCESSING),
  };
}

/** The Backup object is not kept here, so that its name is free again. */
function takeBackupOf(store: Store, bucket: Bucket, request: BackupRequest): StoredObject {
  const backup = takeBackup(store, bucket, request);
  store.remove('backups.velero.io', VELERO_NAMESPACE, backup.metadata.name);
  return backup;
}

function createStoreWithVelero(): Store {
  const store = createStore();
  store.create('namespaces', { metadata: { name: VELERO_NAMESPACE } });
  return store;
}
