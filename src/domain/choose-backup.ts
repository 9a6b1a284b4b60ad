import type { Refusal } from './plan.ts';
import type { Backup } from './velero.ts';

export interface BackupWish {
  namespace: string;
  /** An exact backup name, or undefined. */
  backup: string | undefined;
  /** The newest of this schedule, or of all. */
  schedule: string | undefined;
  /** Whether a PartiallyFailed backup will do: only where a human says so. */
  partiallyFailed: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

/** `passedOver`: newer backups that were not taken, each with the reason, newest first. */
export type BackupChoice = { ok: true; backup: Backup; passedOver: string[] } | { ok: false; refusal: Refusal };

/** A backup must live this much longer, or Velero's garbage collection may take it during the restore. In ms. */
const EXPIRY_MARGIN_MS = 30 * 60_000;
const SCHEDULE_LABEL = 'velero.io/schedule-name';

/**
 * The newest backup that can bring the namespace back. Velero's own "latest" looks at the phase alone (restore_controller.go
 * mostRecentCompletedBackup) and so picks a backup without workloads; and with a name given it checks not even the phase.
 */
export function chooseBackup(backups: readonly Backup[], wish: BackupWish): BackupChoice {
  if (wish.backup !== undefined) return chooseByName(backups, wish.backup, wish);
  const passedOver: string[] = [];
  for (const backup of newestFirst(backups, wish.schedule)) {
    const flaw = findFlaw(backup, wish);
    if (flaw === undefined) return { ok: true, backup, passedOver };
    passedOver.push(`${backup.metadata.name}: ${flaw}`);
  }
  const whose = wish.schedule === undefined ? '' : ` of schedule ${wish.schedule}`;
  const reasons = passedOver.length > 0 ? ` ${passedOver.slice(0, 5).join('; ')}` : '';
  return refuse(`No backup${whose} can restore ${wish.namespace}.${reasons}`, 'See what there is: velero backup get');
}

function chooseByName(backups: readonly Backup[], name: string, wish: BackupWish): BackupChoice {
  const backup = backups.find(({ metadata }) => metadata.name === name);
  if (backup === undefined) {
    const near = newestFirst(backups, undefined)
      .slice(0, 3)
      .map(({ metadata }) => metadata.name);
    return refuse(`There is no backup "${name}".`, `The newest are: ${near.join(', ') || 'none'}`);
  }
  const flaw = findFlaw(backup, wish);
  if (flaw === undefined) return { ok: true, backup, passedOver: [] };
  return refuse(
    `Backup ${name} cannot restore ${wish.namespace}: ${flaw}.`,
    'Leave --from out to use the newest that can.',
  );
}

function refuse(message: string, action: string): BackupChoice {
  return { ok: false, refusal: { code: 'PLAN_REFUSED', message, action } };
}

/** Why this backup cannot be used; undefined when it can. */
export function findFlaw(
  { spec, status = {} }: Backup,
  { namespace, now, partiallyFailed }: BackupWish,
): string | undefined {
  const usable = status.phase === 'Completed' || (partiallyFailed && status.phase === 'PartiallyFailed');
  if (!usable) return `its phase is ${status.phase ?? 'New'}`;
  if (status.expiration !== undefined && Date.parse(status.expiration) < now + EXPIRY_MARGIN_MS) {
    return `it expires at ${status.expiration}`;
  }
  if (!includesNamespace(spec, namespace)) return `it does not include ${namespace}`;
  const resources = spec.includedResources ?? [];
  if (resources.length > 0 && !resources.includes('*')) return `it holds only ${resources.join(', ')}: no workloads`;
  const left = (spec.excludedResources ?? []).filter((name) => /^(deployments|statefulsets|pods)(\.|$)/.test(name));
  return left.length > 0 ? `it leaves out ${left.join(', ')}` : undefined;
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
