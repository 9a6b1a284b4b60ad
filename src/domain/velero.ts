import { z } from 'zod';
import { type Kind, ObjectMeta } from './kinds.ts';

/**
 * The velero.io kinds that Muster reads or writes, and what their phases mean.
 * Phases: Velero v1.18 `pkg/apis/velero/v1/{backup,restore}_types.go`. A phase we do not know is never terminal.
 */
function velero<T>(name: string, plural: string, schema: z.ZodType<T>, apiVersion = 'velero.io/v1'): Kind<T> {
  return { apiVersion, kind: name, plural, namespaced: true, schema };
}

const object = <S extends z.ZodRawShape>(shape: S) => z.looseObject({ metadata: ObjectMeta, ...shape });
const count = z.number().optional();
const text = z.string().optional();
const names = z.array(z.string()).nullish();

export const Restore = velero(
  'Restore',
  'restores',
  object({
    spec: z.looseObject({ backupName: text, scheduleName: text, includedNamespaces: names }),
    status: z
      .looseObject({
        phase: text,
        errors: count,
        warnings: count,
        failureReason: text,
        validationErrors: names,
        startTimestamp: text,
        completionTimestamp: text,
        progress: z.looseObject({ totalItems: count, itemsRestored: count }).optional(),
        hookStatus: z.looseObject({ hooksAttempted: count, hooksFailed: count }).optional(),
      })
      .optional(),
  }),
);

export const Backup = velero(
  'Backup',
  'backups',
  object({
    spec: z.looseObject({
      includedNamespaces: names,
      excludedNamespaces: names,
      includedResources: names,
      excludedResources: names,
      storageLocation: text,
      ttl: text,
    }),
    status: z
      .looseObject({
        phase: text,
        errors: count,
        warnings: count,
        startTimestamp: text,
        completionTimestamp: text,
        expiration: text,
        failureReason: text,
        validationErrors: names,
        progress: z.looseObject({ totalItems: count, itemsBackedUp: count }).optional(),
      })
      .optional(),
  }),
);

export const BackupStorageLocation = velero(
  'BackupStorageLocation',
  'backupstoragelocations',
  object({
    spec: z.looseObject({ accessMode: text, default: z.boolean().optional() }),
    status: z.looseObject({ phase: text, lastValidationTime: text, message: text }).optional(),
  }),
);

export const Schedule = velero(
  'Schedule',
  'schedules',
  object({
    spec: z.looseObject({
      schedule: z.string(),
      paused: z.boolean().optional(),
      template: z.looseObject({}).optional(),
    }),
    status: z.looseObject({ phase: text, validationErrors: names }).optional(),
  }),
);

export const PodVolumeRestore = velero(
  'PodVolumeRestore',
  'podvolumerestores',
  object({
    status: z
      .looseObject({
        phase: text,
        message: text,
        startTimestamp: text,
        completionTimestamp: text,
        progress: z.looseObject({ bytesDone: count, totalBytes: count }).optional(),
      })
      .optional(),
  }),
);

export const DataDownload = velero('DataDownload', 'datadownloads', PodVolumeRestore.schema, 'velero.io/v2alpha1');

export const ServerStatusRequest = velero(
  'ServerStatusRequest',
  'serverstatusrequests',
  object({ status: z.looseObject({ phase: text, serverVersion: text }).optional() }),
);

export const DownloadRequest = velero(
  'DownloadRequest',
  'downloadrequests',
  object({ status: z.looseObject({ phase: text, downloadURL: text }).optional() }),
);

export type Restore = z.infer<typeof Restore.schema>;
export type Backup = z.infer<typeof Backup.schema>;
export type Schedule = z.infer<typeof Schedule.schema>;
export type BackupStorageLocation = z.infer<typeof BackupStorageLocation.schema>;
export type PodVolumeRestore = z.infer<typeof PodVolumeRestore.schema>;
export type ServerStatusRequest = z.infer<typeof ServerStatusRequest.schema>;

/** Restore phases after which Velero does nothing more (restore_types.go; the same four in the CLI's wait loop). */
export const TERMINAL_RESTORE_PHASES = ['Completed', 'PartiallyFailed', 'Failed', 'FailedValidation'] as const;

/** Backup phases after which Velero does nothing more to it (backup_types.go). A phase we do not know is none of them. */
const TERMINAL_BACKUP_PHASES = ['Completed', 'PartiallyFailed', 'Failed', 'FailedValidation', 'Deleting'];

export function isTerminalBackupPhase(phase: string | undefined): boolean {
  return TERMINAL_BACKUP_PHASES.includes(phase ?? '');
}

export function isTerminalRestorePhase(phase: string | undefined): boolean {
  return (TERMINAL_RESTORE_PHASES as readonly string[]).includes(phase ?? '');
}

/** Volume data operations (PodVolumeRestore, DataDownload) are over in these phases. */
export const TERMINAL_VOLUME_PHASES = ['Completed', 'Failed', 'Canceled'] as const;

export function isTerminalVolumePhase(phase: string | undefined): boolean {
  return (TERMINAL_VOLUME_PHASES as readonly string[]).includes(phase ?? '');
}
