import type { Store } from '../cluster/store.ts';
import { storageProblem } from './storage-location.ts';
import {
  type Backup,
  type Restore,
  type RestoreSpec,
  SCHEDULE_NAME_LABEL,
  STORAGE_LOCATION,
  VELERO_NAMESPACE,
} from './velero-types.ts';

/** Velero v1.18 `restore_controller.go` nonRestorableResources. */
const NON_RESTORABLE = [
  'nodes',
  'events',
  'events.events.k8s.io',
  'backups.velero.io',
  'restores.velero.io',
  'resticrepositories.velero.io',
  'csinodes.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'backuprepositories.velero.io',
];

export interface Validation {
  /** The spec as Velero writes it back: the other one of backupName and scheduleName filled in. */
  spec: RestoreSpec;
  errors: string[];
}

function mostRecentCompleted(store: Store, schedule: string): { found: number; name?: string } {
  const backups = store
    .list('backups.velero.io', VELERO_NAMESPACE)
    .filter(({ metadata }) => metadata.labels?.[SCHEDULE_NAME_LABEL] === schedule) as Backup[];
  const startOf = (backup: Backup) => Date.parse(backup.status?.startTimestamp ?? '1970-01-01T00:00:00Z');
  const newest = backups.sort((a, b) => startOf(b) - startOf(a)).find(({ status }) => status?.phase === 'Completed');
  return { found: backups.length, ...(newest ? { name: newest.metadata.name } : {}) };
}

function listErrors(spec: RestoreSpec): string[] {
  const errors: string[] = [];
  for (const name of NON_RESTORABLE) {
    if (spec.includedResources?.includes(name)) errors.push(`${name} are non-restorable resources`);
  }
  const both = spec.includedNamespaces?.filter((name) => spec.excludedNamespaces?.includes(name)) ?? [];
  for (const name of both) {
    const why = `excludes list cannot contain an item in the includes list: ${name}`;
    errors.push(`Invalid included/excluded namespace lists: ${why}`);
  }
  if (spec.labelSelector && spec.orLabelSelectors) {
    errors.push('encountered labelSelector as well as orLabelSelectors in restore spec, only one can be specified');
  }
  return errors;
}

/**
 * Checks a restore as `restore_controller.go` validateAndComplete does. It does not look at the phase of a named backup:
 * a failed or unfinished one is accepted.
 */
export function validateRestore(store: Store, restore: Restore): Validation {
  const excluded = new Set([...(restore.spec.excludedResources ?? []), ...NON_RESTORABLE]);
  const spec: RestoreSpec = { ...restore.spec, excludedResources: [...excluded] };
  const errors = listErrors(restore.spec);
  const { backupName = '', scheduleName = '' } = restore.spec;
  if ((backupName === '') === (scheduleName === '')) {
    errors.push('Either a backup or schedule must be specified as a source for the restore, but not both');
    return { spec, errors };
  }
  if (scheduleName !== '') {
    const { found, name } = mostRecentCompleted(store, scheduleName);
    if (found === 0) errors.push('No backups found for schedule');
    if (name === undefined) return { spec, errors: [...errors, 'No completed backups found for schedule'] };
    spec.backupName = name;
  }
  const backup = store.get('backups.velero.io', VELERO_NAMESPACE, spec.backupName ?? '') as Backup | undefined;
  if (backup === undefined) {
    const missing = `backups.velero.io "${spec.backupName ?? ''}" not found`;
    return { spec, errors: [...errors, `Error retrieving backup: ${missing}`] };
  }
  const problem = storageProblem(store, backup.spec.storageLocation ?? STORAGE_LOCATION, false);
  if (problem !== undefined) errors.push(`Error retrieving backup: ${problem}`);
  const schedule = backup.metadata.labels?.[SCHEDULE_NAME_LABEL];
  if (scheduleName === '' && schedule !== undefined) spec.scheduleName = schedule;
  return { spec, errors };
}
