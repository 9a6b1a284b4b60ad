import { type Store, type StoredObject, timestamp } from '../cluster/store.ts';
import { collectContent, putBackup } from './backup-content.ts';
import type { Bucket } from './bucket.ts';
import { type BackupSpec, SCHEDULE_NAME_LABEL, STORAGE_LOCATION, VELERO_NAMESPACE } from './velero-types.ts';

export interface BackupRequest {
  /** The backup's name, or the schedule that it belongs to; then the name is `<schedule>-YYYYMMDDhhmmss`. */
  name?: string;
  schedule?: string;
  /** Left out: all namespaces. */
  namespaces?: string[];
  includedResources?: string[];
  excludedResources?: string[];
  /** Moves the volumes' data with the CSI data mover instead of the file-system backup. */
  moveData?: boolean;
  /** As Velero writes it: `168h0m0s`. */
  ttl?: string;
  /** Left out: now. The content is the cluster as it is now in any case. */
  startedAt?: Date;
  /** Left out: Completed. */
  outcome?: { phase: 'PartiallyFailed' | 'Failed' | 'InProgress'; errors: number };
}

/** `YYYYMMDDhhmmss` in UTC (schedule_types.go TimestampedName). */
export function nameStamp(date: Date): string {
  return date.toISOString().replaceAll(/[-T:]/g, '').slice(0, 14);
}

/** Milliseconds of `168h0m0s`; Velero's default of 30 days where there is none. */
export function parseTtl(ttl = '720h0m0s'): number {
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(ttl) ?? [];
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

export const BACKUP_ANNOTATIONS = {
  'velero.io/resource-timeout': '10m0s',
  'velero.io/source-cluster-k8s-gitversion': 'v1.31.2',
  'velero.io/source-cluster-k8s-major-version': '1',
  'velero.io/source-cluster-k8s-minor-version': '31',
};

function specOf(request: BackupRequest): BackupSpec {
  return {
    csiSnapshotTimeout: '10m0s',
    defaultVolumesToFsBackup: request.moveData !== true,
    hooks: {},
    includedNamespaces: request.namespaces ?? ['*'],
    ...(request.includedResources ? { includedResources: request.includedResources } : {}),
    ...(request.excludedResources ? { excludedResources: request.excludedResources } : {}),
    itemOperationTimeout: '4h0m0s',
    metadata: {},
    snapshotMoveData: request.moveData === true,
    storageLocation: STORAGE_LOCATION,
    ttl: request.ttl ?? '720h0m0s',
  };
}

/** Puts the cluster as it is now into the bucket and makes the Backup object that says so. */
export function takeBackup(store: Store, bucket: Bucket, request: BackupRequest): StoredObject {
  const startedAt = request.startedAt ?? new Date();
  const name = request.name ?? `${request.schedule ?? 'backup'}-${nameStamp(startedAt)}`;
  const spec = specOf(request);
  const content = collectContent(store, spec, startedAt);
  const items = content.items.length;
  const startTimestamp = timestamp(startedAt.getTime());
  const phase = request.outcome?.phase ?? 'Completed';
  putBackup(bucket, name, content, startTimestamp);
  const labels = {
    'velero.io/storage-location': STORAGE_LOCATION,
    ...(request.schedule === undefined ? {} : { [SCHEDULE_NAME_LABEL]: request.schedule }),
  };
  return store.create('backups.velero.io', {
    metadata: { name, namespace: VELERO_NAMESPACE, labels, annotations: BACKUP_ANNOTATIONS },
    spec,
    status: {
      phase,
      version: 1,
      formatVersion: '1.1.0',
      startTimestamp,
      ...(phase === 'InProgress' ? {} : { completionTimestamp: timestamp(startedAt.getTime() + 74_000) }),
      expiration: timestamp(startedAt.getTime() + parseTtl(spec.ttl)),
      progress: { totalItems: items, itemsBackedUp: phase === 'InProgress' ? Math.floor(items / 2) : items },
      ...(request.outcome ? { errors: request.outcome.errors } : {}),
      hookStatus: {},
    },
  });
}
