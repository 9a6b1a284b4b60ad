import { type Store, type StoredObject, timestamp } from '../cluster/store.ts';
import { collectContent, putBackup } from './backup-content.ts';
import type { Bucket } from './bucket.ts';
import { pass, runUntilAborted, type VeleroFaults, waitFor } from './faults.ts';
import { storageProblem } from './storage-location.ts';
import { BACKUP_ANNOTATIONS, parseTtl } from './take-backup.ts';
import type { VeleroTimings } from './timings.ts';
import { type Backup, STORAGE_LOCATION, VELERO_NAMESPACE } from './velero-types.ts';

export interface BackupContext {
  store: Store;
  bucket: Bucket;
  faults: VeleroFaults;
  timings: VeleroTimings;
  signal: AbortSignal;
}

function writeStatus(store: Store, name: string, status: object): Backup | undefined {
  return store.modify('backups.velero.io', VELERO_NAMESPACE, name, (object) => {
    object['status'] = { ...(object as Backup).status, ...status };
  }) as Backup | undefined;
}

function complete(store: Store, name: string): void {
  store.modify('backups.velero.io', VELERO_NAMESPACE, name, (object) => {
    const backup = object as Backup;
    backup.spec.storageLocation ??= STORAGE_LOCATION;
    backup.spec.ttl ??= '720h0m0s';
    object.metadata.annotations = { ...object.metadata.annotations, ...BACKUP_ANNOTATIONS };
    object.metadata.labels = { ...object.metadata.labels, 'velero.io/storage-location': backup.spec.storageLocation };
  });
}

async function runBackup({ store, bucket, faults, timings, signal }: BackupContext, name: string): Promise<void> {
  await pass(0, faults, signal);
  complete(store, name);
  const backup = store.get('backups.velero.io', VELERO_NAMESPACE, name) as Backup | undefined;
  if (backup === undefined) return;
  const problem = storageProblem(store, backup.spec.storageLocation ?? STORAGE_LOCATION, true);
  if (problem !== undefined) {
    writeStatus(store, name, { phase: 'FailedValidation', validationErrors: [problem] });
    return;
  }
  const startTimestamp = timestamp();
  const expiration = timestamp(Date.now() + parseTtl(backup.spec.ttl));
  const begun = { phase: 'InProgress', version: 1, formatVersion: '1.1.0', startTimestamp, expiration };
  writeStatus(store, name, begun);
  const content = collectContent(store, backup.spec);
  const totalItems = content.items.length;
  writeStatus(store, name, { progress: { totalItems, itemsBackedUp: 0 } });
  await pass(timings.backupMs, faults, signal);
  await waitFor(() => faults.holdBackups !== true, signal);
  if (faults.failBackups !== undefined) {
    writeStatus(store, name, { phase: 'Failed', failureReason: faults.failBackups, completionTimestamp: timestamp() });
    return;
  }
  putBackup(bucket, name, content, startTimestamp);
  writeStatus(store, name, { phase: 'Finalizing', progress: { totalItems, itemsBackedUp: totalItems } });
  await pass(timings.finalizingMs, faults, signal);
  const errors = faults.backupErrors ?? 0;
  const outcome = errors === 0 ? { phase: 'Completed' } : { phase: 'PartiallyFailed', errors };
  writeStatus(store, name, { ...outcome, completionTimestamp: timestamp(), hookStatus: {} });
}

/** Processes Backups that clients create, several at a time; what takeBackup makes is over already. */
export function startBackupController(context: BackupContext): () => void {
  const begun = new Set<string>();
  function consider(object: StoredObject): void {
    const phase = (object as Backup).status?.phase ?? 'New';
    if (phase !== 'New' || begun.has(object.metadata.uid)) return;
    begun.add(object.metadata.uid);
    void runUntilAborted(runBackup(context, object.metadata.name));
  }
  return context.store.subscribe(({ type, resource, object }) => {
    if (type === 'ADDED' && resource === 'backups.velero.io') consider(object);
  });
}
