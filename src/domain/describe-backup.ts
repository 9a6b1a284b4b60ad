import { EXPIRY_MARGIN_MS, findFlaw, formatAge, newestFirst, SCHEDULE_LABEL, startOf } from './choose-backup.ts';
import { type Backup, isTerminalBackupPhase } from './velero.ts';

/** One line of a list of backups. Times in ms since 1970. */
export interface BackupRow {
  name: string;
  phase: string;
  /** Velero has not ended it. */
  underWay: boolean;
  startedAt: number;
  /** NaN where Velero has set none yet. */
  expiresAt: number;
  errors: number;
  warnings: number;
  /** Objects in it; undefined where Velero does not say. */
  items: number | undefined;
  schedule: string | undefined;
  location: string;
  /** As a clause: `can restore shop`, `no restore: it is PartiallyFailed`. */
  use: string;
  usable: boolean;
}

export interface BackupFilter {
  schedule: string | undefined;
  /** Whose restore is asked about; undefined: of any. */
  namespace: string | undefined;
  now: number;
}

/** Newest first, by when they began. */
export function listBackupRows(backups: readonly Backup[], filter: BackupFilter): BackupRow[] {
  return newestFirst(backups, filter.schedule).map((backup) => describeBackup(backup, filter.namespace, filter.now));
}

export function describeBackup(backup: Backup, namespace: string | undefined, now: number): BackupRow {
  const { metadata, spec, status = {} } = backup;
  const named = namespacesOf(backup);
  const flaw = findFlaw(backup, {
    namespace: namespace ?? named[0] ?? 'any',
    ...{ backup: undefined, schedule: undefined, partiallyFailed: false, since: undefined, now },
  });
  const whose = namespace ?? (named.length === 0 ? 'any namespace' : named.join(', '));
  return {
    name: metadata.name,
    phase: status.phase || 'New',
    underWay: !isTerminalBackupPhase(status.phase),
    startedAt: startOf(backup),
    expiresAt: Date.parse(status.expiration ?? ''),
    errors: status.errors ?? 0,
    warnings: status.warnings ?? 0,
    items: status.progress?.totalItems,
    schedule: metadata.labels?.[SCHEDULE_LABEL],
    location: spec.storageLocation ?? 'default',
    use: flaw === undefined ? `can restore ${whose}` : `no restore: it ${flaw}`,
    usable: flaw === undefined,
  };
}

/** The namespaces that it names; empty where it takes in all, or goes by patterns. */
export function namespacesOf({ spec }: Pick<Backup, 'spec'>): string[] {
  const included = spec.includedNamespaces ?? [];
  return included.some((name) => name.includes('*')) ? [] : included;
}

/** `9 h 12 min old`; for one that is under way since when. */
export function describeAge({ underWay, startedAt }: BackupRow, now: number): string {
  const age = formatAge(Math.max(0, now - startedAt));
  return underWay ? `for ${age} now` : `${age} old`;
}

/** `expires in 6 d`; what is nearly over says so in capitals. */
export function describeExpiry({ expiresAt }: Pick<BackupRow, 'expiresAt'>, now: number): string {
  if (Number.isNaN(expiresAt)) return 'no expiry';
  if (expiresAt < now) return `EXPIRED ${formatAge(now - expiresAt)} ago`;
  return `${expiresAt < now + EXPIRY_MARGIN_MS ? 'EXPIRES' : 'expires'} in ${formatAge(expiresAt - now)}`;
}
