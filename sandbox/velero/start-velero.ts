import type { Store, StoredObject } from '../cluster/store.ts';
import { startBackupController } from './backup-controller.ts';
import { createBucket } from './bucket.ts';
import { startDownloadServer } from './download-server.ts';
import type { VeleroFaults } from './faults.ts';
import { createFileReader } from './file-reader.ts';
import { installVelero } from './install.ts';
import { startNodeAgent } from './node-agent.ts';
import { startRequestController } from './request-controller.ts';
import { type SeenRestore, startRestoreController } from './restore-controller.ts';
import { type StorageLocation, startStorageLocation } from './storage-location.ts';
import { type BackupRequest, takeBackup } from './take-backup.ts';
import { DEFAULT_VELERO_TIMINGS, type VeleroTimings } from './timings.ts';

export interface Velero {
  /** Set a field to make something go wrong, delete it to heal it. */
  faults: VeleroFaults;
  /** The storage location `default`. */
  storage: Pick<StorageLocation, 'setUnavailable' | 'setAvailable' | 'setAccessMode'>;
  /** Backs the cluster up as it is now, at once, and makes the Backup object. */
  takeBackup(request: BackupRequest): StoredObject;
  /** Every Restore that was ever created, oldest first. */
  restoresSeen(): SeenRestore[];
  /** The server process ends and starts again: what was InProgress becomes Failed. */
  restart(): void;
  stop(): Promise<void>;
}

/** Installs Velero into the cluster and runs it: server, node agent, object storage. */
export async function startVelero(store: Store, given: Partial<VeleroTimings> = {}): Promise<Velero> {
  const timings = { ...DEFAULT_VELERO_TIMINGS, ...given };
  const faults: VeleroFaults = {};
  const bucket = createBucket();
  let location: StorageLocation | undefined;
  const downloads = await startDownloadServer(
    createFileReader(bucket, faults),
    () => location?.unavailable() !== undefined,
  );
  installVelero(store);
  location = startStorageLocation(store, downloads.url, faults, timings.validationMs);
  const life = new AbortController();
  const stopBackups = startBackupController({ store, bucket, faults, timings, signal: life.signal });
  const stopAgent = startNodeAgent(store, bucket, faults, timings.volumeMs);
  const requests = startRequestController({ store, faults, timings, downloads });
  const restores = startRestoreController({ store, bucket, faults, timings });
  const storage = location;
  return {
    faults,
    storage,
    takeBackup: (request) => takeBackup(store, bucket, request),
    restoresSeen: restores.restoresSeen,
    restart: restores.restart,
    async stop() {
      life.abort();
      stopBackups();
      stopAgent();
      requests.stop();
      restores.stop();
      storage.stop();
      await downloads.close();
    },
  };
}
