import { z } from 'zod';

/** The Velero resources that clients write, as the CRDs of Velero v1.18 (`config/crd/v1/bases`) describe them. */
const any = z.unknown().optional();
const int = z.int().optional();
const text = z.string().optional();
const flag = z.boolean().nullish();
const names = z.array(z.string()).nullish();
const strings = z.record(z.string(), z.string());
const time = z.string().nullish();
const top = { apiVersion: text, kind: text, metadata: any };

const filters = {
  includedNamespaces: names,
  excludedNamespaces: names,
  includedResources: names,
  excludedResources: names,
  includeClusterResources: flag,
  labelSelector: any,
  orLabelSelectors: any,
  hooks: any,
  uploaderConfig: any,
  itemOperationTimeout: text,
};

const backupSpec = z.strictObject({
  ...filters,
  metadata: any,
  includedClusterScopedResources: names,
  excludedClusterScopedResources: names,
  includedNamespaceScopedResources: names,
  excludedNamespaceScopedResources: names,
  snapshotVolumes: flag,
  ttl: text,
  storageLocation: text,
  volumeSnapshotLocations: z.array(z.string()).optional(),
  volumeGroupSnapshotLabelKey: text,
  defaultVolumesToRestic: flag,
  defaultVolumesToFsBackup: flag,
  orderedResources: strings.nullish(),
  csiSnapshotTimeout: text,
  resourcePolicy: any,
  snapshotMoveData: flag,
  datamover: text,
});

const outcome = {
  validationErrors: names,
  warnings: int,
  errors: int,
  failureReason: text,
  startTimestamp: time,
  completionTimestamp: time,
  hookStatus: z.strictObject({ hooksAttempted: int, hooksFailed: int }).nullish(),
};

const running = [
  'FailedValidation',
  'InProgress',
  'WaitingForPluginOperations',
  'WaitingForPluginOperationsPartiallyFailed',
  'Finalizing',
  'FinalizingPartiallyFailed',
  'Completed',
  'PartiallyFailed',
  'Failed',
] as const;

export const Backup = z.strictObject({
  ...top,
  spec: backupSpec.optional(),
  status: z
    .strictObject({
      ...outcome,
      phase: z.enum(['New', 'Queued', 'ReadyToStart', ...running, 'Deleting']).optional(),
      version: int,
      formatVersion: text,
      expiration: time,
      queuePosition: int,
      progress: z.strictObject({ totalItems: int, itemsBackedUp: int }).nullish(),
      volumeSnapshotsAttempted: int,
      volumeSnapshotsCompleted: int,
      csiVolumeSnapshotsAttempted: int,
      csiVolumeSnapshotsCompleted: int,
      backupItemOperationsAttempted: int,
      backupItemOperationsCompleted: int,
      backupItemOperationsFailed: int,
    })
    .optional(),
});

export const Restore = z.strictObject({
  ...top,
  spec: z
    .strictObject({
      ...filters,
      backupName: text,
      scheduleName: text,
      namespaceMapping: strings.optional(),
      restorePVs: flag,
      restoreStatus: z.strictObject({ includedResources: names, excludedResources: names }).nullish(),
      preserveNodePorts: flag,
      existingResourcePolicy: z.string().nullish(),
      resourceModifier: any,
    })
    .optional(),
  status: z
    .strictObject({
      ...outcome,
      phase: z.enum(['New', ...running]).optional(),
      progress: z.strictObject({ totalItems: int, itemsRestored: int }).nullish(),
      restoreItemOperationsAttempted: int,
      restoreItemOperationsCompleted: int,
      restoreItemOperationsFailed: int,
    })
    .optional(),
});

const downloadable = [
  'BackupLog',
  'BackupContents',
  'BackupVolumeSnapshots',
  'BackupItemOperations',
  'BackupResourceList',
  'BackupResults',
  'RestoreLog',
  'RestoreResults',
  'RestoreResourceList',
  'RestoreItemOperations',
  'CSIBackupVolumeSnapshots',
  'CSIBackupVolumeSnapshotContents',
  'BackupVolumeInfos',
  'RestoreVolumeInfo',
] as const;

export const DownloadRequest = z.strictObject({
  ...top,
  spec: z.strictObject({ target: z.strictObject({ kind: z.enum(downloadable), name: z.string() }) }).optional(),
  status: z
    .strictObject({ phase: z.enum(['New', 'Processed']).optional(), downloadURL: text, expiration: time })
    .optional(),
});

export const ServerStatusRequest = z.strictObject({
  ...top,
  spec: z.strictObject({}).optional(),
  status: z
    .strictObject({
      phase: z.enum(['New', 'Processed']).optional(),
      processedTimestamp: time,
      serverVersion: text,
      plugins: any,
    })
    .optional(),
});

export const Schedule = z.strictObject({
  ...top,
  spec: z
    .strictObject({
      template: backupSpec,
      schedule: z.string(),
      useOwnerReferencesInBackup: flag,
      paused: z.boolean().optional(),
      skipImmediately: flag,
    })
    .optional(),
  status: z
    .strictObject({
      phase: z.enum(['New', 'Enabled', 'FailedValidation']).optional(),
      lastBackup: time,
      lastSkipped: time,
      validationErrors: z.array(z.string()).optional(),
    })
    .optional(),
});

export const BackupStorageLocation = z.strictObject({
  ...top,
  spec: z
    .strictObject({
      provider: z.string(),
      objectStorage: z.strictObject({ bucket: z.string(), prefix: text, caCert: text, caCertRef: any }),
      config: strings.optional(),
      credential: any,
      default: z.boolean().optional(),
      accessMode: z.enum(['ReadOnly', 'ReadWrite']).optional(),
      backupSyncPeriod: z.string().nullish(),
      validationFrequency: z.string().nullish(),
    })
    .optional(),
  status: z
    .strictObject({
      phase: z.enum(['Available', 'Unavailable']).optional(),
      lastSyncedTime: time,
      lastSyncedRevision: text,
      lastValidationTime: time,
      message: text,
      accessMode: z.enum(['ReadOnly', 'ReadWrite']).optional(),
    })
    .optional(),
});
