import { formatDuration } from './duration.ts';
import type { Refusal } from './plan.ts';
import { didYouMean, nearest } from './suggest.ts';
import type { Backup } from './velero.ts';

export interface BackupWish {
  namespace: string;
  /** An exact backup name, or undefined. */
  backup: string | undefined;
  /** The newest of this schedule, or of all. */
  schedule: string | undefined;
  /** Whether a PartiallyFailed backup will do: only where a human says so. */
  partiallyFailed: boolean;
  /** When the disaster was, if somebody knows; a backup that began later may hold the damage. In ms since 1970. */
  since: number | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** A newer backup that was not taken. `flaw` completes "it ...": `is PartiallyFailed`. */
export interface PassedOver {
  backup: Backup;
  flaw: string;
}

/** `passedOver`: newest first. */
export type BackupChoice = { ok: true; backup: Backup; passedOver: PassedOver[] } | { ok: false; refusal: Refusal };

/** A backup must live this much longer, or Velero's garbage collection may take it during the restore. In ms. */
const EXPIRY_MARGIN_MS = 30 * 60_000;
const MINUTE_MS = 60_000;
export const SCHEDULE_LABEL = 'velero.io/schedule-name';
/** How many backups or reasons a refusal names. */
const NAMED = 5;

/**
 * The newest backup that can bring the namespace back. Velero's own "latest" looks at the phase alone (restore_controller.go
 * mostRecentCompletedBackup) and so picks a backup without workloads; and with a name given it checks not even the phase.
 */
export function chooseBackup(backups: readonly Backup[], wish: BackupWish): BackupChoice {
  if (wish.backup !== undefined) return chooseByName(backups, wish.backup, wish);
  const passedOver: PassedOver[] = [];
  for (const backup of newestFirst(backups, wish.schedule)) {
    const flaw = findFlaw(backup, wish);
    if (flaw === undefined) return { ok: true, backup, passedOver };
    passedOver.push({ backup, flaw });
  }
  if (wish.schedule !== undefined && passedOver.length === 0) return refuseSchedule(backups, wish.schedule);
  const whose = wish.schedule === undefined ? '' : ` of schedule ${wish.schedule}`;
  return refuse(
    [`No backup${whose} can restore ${wish.namespace}.`, ...describePassedOver(passedOver, wish.now)].join(' '),
    'See what there is: velero backup get',
  );
}

function chooseByName(backups: readonly Backup[], name: string, wish: BackupWish): BackupChoice {
  const backup = backups.find(({ metadata }) => metadata.name === name);
  const newest = newestFirst(backups, undefined).find((it) => findFlaw(it, wish) === undefined)?.metadata.name;
  const usable = newest === undefined ? `None can restore ${wish.namespace}` : `The newest that can is ${newest}`;
  if (backup === undefined) {
    const names = newestFirst(backups, undefined).map(({ metadata }) => metadata.name);
    const near = nearest(name, names, 3);
    const meant = near.length === 0 ? '' : ` Near to it: ${near.join(', ')}.`;
    return refuse(`There is no backup "${name}".${meant}`, `${usable}; leave --from out to use the newest.`);
  }
  const flaw = findFlaw(backup, wish);
  if (flaw === undefined) return { ok: true, backup, passedOver: [] };
  return refuse(
    `Backup ${name} cannot restore ${wish.namespace}: it ${flaw}.`,
    `${usable}; leave --from out to use it.`,
  );
}

function refuseSchedule(backups: readonly Backup[], schedule: string): BackupChoice {
  const known = new Set(backups.flatMap(({ metadata }) => metadata.labels?.[SCHEDULE_LABEL] ?? []));
  return refuse(`There is no backup of schedule "${schedule}"; ${didYouMean(schedule, known)}.`, 'Correct --schedule.');
}

function refuse(message: string, action: string): BackupChoice {
  return { ok: false, refusal: { code: 'PLAN_REFUSED', message, action } };
}

/** Why this backup cannot be used, to complete "it ..."; undefined when it can. */
export function findFlaw(backup: Backup, { namespace, now, since, partiallyFailed }: BackupWish): string | undefined {
  const { spec, status = {} } = backup;
  const usable = status.phase === 'Completed' || (partiallyFailed && status.phase === 'PartiallyFailed');
  if (!usable) return `is ${status.phase ?? 'New'}`;
  const expiry = Date.parse(status.expiration ?? '');
  if (expiry < now + EXPIRY_MARGIN_MS) return `${expiry < now ? 'expired' : 'expires'} at ${status.expiration}`;
  if (since !== undefined && startOf(backup) > since) return 'began after the disaster';
  if (!includesNamespace(spec, namespace)) return `does not include ${namespace}`;
  const resources = spec.includedResources ?? [];
  if (resources.length > 0 && !resources.includes('*')) return `has no Deployments (only ${resources.join(', ')})`;
  const left = (spec.excludedResources ?? []).filter((name) => /^(deployments|statefulsets|pods)(\.|$)/.test(name));
  return left.length > 0 ? `leaves out ${left.join(', ')}` : undefined;
}

/** The newest of each flaw, and how many more have it: `hourly-20260131, 35 min old, has no Deployments; and 8 more like it`. */
export function describePassedOver(passedOver: readonly PassedOver[], now: number): string[] {
  const groups = Map.groupBy(passedOver, ({ flaw }) => flaw);
  return [...groups.values()].slice(0, NAMED).flatMap(([newest, ...others]) => {
    if (newest === undefined) return [];
    const age = formatAge(now - startOf(newest.backup));
    const more = others.length === 0 ? '' : `; and ${others.length} more like it`;
    return [`${newest.backup.metadata.name}, ${age} old, ${newest.flaw}${more}.`];
  });
}

/** Seconds say nothing about something that is minutes old. */
function formatAge(ms: number): string {
  return formatDuration(ms < MINUTE_MS ? ms : Math.floor(ms / MINUTE_MS) * MINUTE_MS);
}

function includesNamespace(spec: Backup['spec'], namespace: string): boolean {
  const included = spec.includedNamespaces ?? [];
  if ((spec.excludedNamespaces ?? []).includes(namespace)) return false;
  return included.length === 0 || included.includes('*') || included.includes(namespace);
}

function newestFirst(backups: readonly Backup[], schedule: string | undefined): Backup[] {
  return backups
    .filter(({ metadata }) => schedule === undefined || metadata.labels?.[SCHEDULE_LABEL] === schedule)
    .sort((a, b) => startOf(b) - startOf(a));
}

/** A backup shows the data as it was when it started (Velero: `startTimestamp`), not when it completed. */
export function startOf({ metadata, status }: Backup): number {
  return Date.parse(status?.startTimestamp ?? metadata.creationTimestamp);
}
