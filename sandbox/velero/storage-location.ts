import { type Store, timestamp } from '../cluster/store.ts';
import type { VeleroFaults } from './faults.ts';
import { STORAGE_LOCATION, VELERO_NAMESPACE } from './velero-types.ts';

export interface StorageLocation {
  setUnavailable(message: string): void;
  setAvailable(): void;
  setAccessMode(mode: 'ReadWrite' | 'ReadOnly'): void;
  /** Why nothing can be read from the bucket now, if so. */
  unavailable(): string | undefined;
  stop(): void;
}

const KEY = ['backupstoragelocations.velero.io', VELERO_NAMESPACE, STORAGE_LOCATION] as const;

/** The BackupStorageLocation `default` and the controller that validates it. */
export function startStorageLocation(
  store: Store,
  s3Url: string,
  faults: VeleroFaults,
  everyMs: number,
): StorageLocation {
  let trouble: string | undefined;

  function validate(): void {
    if (faults.down === true) return;
    const now = timestamp();
    store.modify(...KEY, (object) => {
      object['status'] =
        trouble === undefined
          ? { phase: 'Available', lastValidationTime: now, lastSyncedTime: now }
          : { phase: 'Unavailable', lastValidationTime: now, message: trouble };
    });
  }

  store.create('backupstoragelocations.velero.io', {
    metadata: { name: STORAGE_LOCATION, namespace: VELERO_NAMESPACE, labels: { component: 'velero' } },
    spec: {
      accessMode: 'ReadWrite',
      config: { region: 'minio', s3ForcePathStyle: 'true', s3Url },
      default: true,
      objectStorage: { bucket: 'velero-backups' },
      provider: 'aws',
    },
  });
  validate();
  const timer = setInterval(validate, everyMs);

  function setTrouble(message: string | undefined): void {
    trouble = message;
    validate();
  }

  return {
    setUnavailable: setTrouble,
    setAvailable: () => setTrouble(undefined),
    setAccessMode(accessMode) {
      store.modify(...KEY, (object) => Object.assign(object['spec'] as object, { accessMode }));
    },
    unavailable: () => trouble,
    stop: () => clearInterval(timer),
  };
}

/** Why the location cannot be used; `write` also asks for ReadWrite. */
export function storageProblem(store: Store, name: string, write: boolean): string | undefined {
  const location = store.get('backupstoragelocations.velero.io', VELERO_NAMESPACE, name);
  if (location === undefined) return `backupstoragelocations.velero.io "${name}" not found`;
  const { phase } = (location['status'] ?? {}) as { phase?: string };
  if (phase !== 'Available') return `backup storage location ${name} is unavailable`;
  const { accessMode } = location['spec'] as { accessMode?: string };
  if (!write || accessMode !== 'ReadOnly') return undefined;
  return `backup can't be created because backup storage location ${name} is currently in read-only mode`;
}
