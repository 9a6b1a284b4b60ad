import type { StoredObject } from '../cluster/store.ts';
import type { LabelSelector } from '../controllers/workload-types.ts';

export const VELERO_NAMESPACE = 'velero';
export const VELERO_VERSION = 'v1.18.1';
export const STORAGE_LOCATION = 'default';

export const BACKUP_NAME_LABEL = 'velero.io/backup-name';
export const RESTORE_NAME_LABEL = 'velero.io/restore-name';
export const SCHEDULE_NAME_LABEL = 'velero.io/schedule-name';

/** Restore phases of Velero v1.18 `restore_types.go`; an absent phase counts as New. */
export type RestorePhase =
  | 'New'
  | 'FailedValidation'
  | 'InProgress'
  | 'WaitingForPluginOperations'
  | 'WaitingForPluginOperationsPartiallyFailed'
  | 'Finalizing'
  | 'FinalizingPartiallyFailed'
  | 'Completed'
  | 'PartiallyFailed'
  | 'Failed';

export type VolumePhase = 'New' | 'Accepted' | 'Prepared' | 'InProgress' | 'Completed' | 'Failed' | 'Canceled';

/** What both a backup and a restore say about the objects they mean. */
export interface Selection {
  includedNamespaces?: string[] | null;
  excludedNamespaces?: string[] | null;
  includedResources?: string[] | null;
  excludedResources?: string[] | null;
  includeClusterResources?: boolean | null;
  labelSelector?: LabelSelector | null;
  orLabelSelectors?: LabelSelector[] | null;
}

export interface RestoreSpec extends Selection {
  backupName?: string;
  scheduleName?: string;
  namespaceMapping?: Record<string, string>;
  existingResourcePolicy?: string;
  preserveNodePorts?: boolean | null;
  itemOperationTimeout?: string;
}

export interface RestoreStatus {
  phase?: RestorePhase;
  validationErrors?: string[];
  failureReason?: string;
  warnings?: number;
  errors?: number;
  startTimestamp?: string;
  completionTimestamp?: string;
  progress?: { totalItems: number; itemsRestored: number };
  restoreItemOperationsAttempted?: number;
  restoreItemOperationsCompleted?: number;
  restoreItemOperationsFailed?: number;
}

export interface Restore extends StoredObject {
  spec: RestoreSpec;
  status?: RestoreStatus;
}

export interface BackupSpec extends Selection {
  ttl?: string;
  storageLocation?: string;
  snapshotMoveData?: boolean | null;
  [field: string]: unknown;
}

export interface Backup extends StoredObject {
  spec: BackupSpec;
  status?: { phase?: string; startTimestamp?: string; [field: string]: unknown };
}

/** Velero's `results.Result`: messages by where they belong. */
export interface Result {
  velero?: string[];
  cluster?: string[];
  namespaces?: Record<string, string[]>;
}

export type RestoreAction = 'created' | 'updated' | 'skipped' | 'failed';
