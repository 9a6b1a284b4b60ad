import { type BackupWish, startOf } from '../../domain/choose-backup.ts';
import { type ContentPlan, countKinds, nameSome } from '../../domain/compare-content.ts';
import { formatDuration } from '../../domain/duration.ts';
import { formatTime } from '../../domain/moment.ts';
import { RPO_MS } from '../../domain/objectives.ts';
import type { Check } from '../../domain/plan.ts';
import type { ListedObject } from '../../domain/velero-files.ts';
import type { PickedBackup } from './pick-backup.ts';

/** What is lost by restoring from this backup, as one sentence. */
export function describeLoss({ backup }: PickedBackup, { since, now }: BackupWish): string {
  const age = (since ?? now) - startOf(backup);
  const target = age > RPO_MS ? 'OVER the 60 min target' : 'within the 60 min target';
  const span =
    since === undefined
      ? `in the last ${formatDuration(age)}`
      : `in the ${formatDuration(age)} before the disaster at ${formatTime(since)}, and after it,`;
  return `From backup ${backup.metadata.name}: everything written ${span} is lost (${target}).`;
}

/** What a copy in another namespace holds: nothing is lost by it. */
export function describeCopy({ backup }: PickedBackup, source: string, now: number): string {
  const [start, age] = [formatTime(startOf(backup)), formatDuration(now - startOf(backup))];
  return `From backup ${backup.metadata.name}: a copy of ${source} as it was at ${start}, ${age} ago.`;
}

/** For a copy: that its original stays. */
export function describeOriginal(source: string, destination: string): string {
  return source === destination ? '' : `Namespace ${source} itself is not touched. `;
}

/** What exists already and stays. */
export function describeKept({ skip, unseen }: ContentPlan): string {
  const unknown =
    unseen.length === 0 ? [] : [`NOT known: which of ${countKinds(unseen)} exist; those stay as they are.`];
  if (skip.length === 0) return unknown[0] ?? 'Nothing exists there that would stay as it is.';
  const claims = skip.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ name }) => name);
  const data = claims.length === 0 ? [] : [`Data will NOT change in ${claims.join(', ')}.`];
  return [`${skip.length} objects exist and stay as they are: ${countKinds(skip)}.`, ...data, ...unknown].join(' ');
}

/** The backup's own state as a check. */
export function describeBackup({ backup }: PickedBackup, now: number): Check {
  const { phase, errors = 0, warnings = 0, expiration } = backup.status ?? {};
  const left =
    expiration === undefined ? 'never expires' : `expires in ${formatDuration(Date.parse(expiration) - now)}`;
  const clean = phase === 'Completed' && errors === 0;
  return {
    name: 'backup',
    verdict: clean ? 'pass' : 'fail',
    detail: `${backup.metadata.name} ${phase}, ${errors} errors, ${warnings} warnings, ${left}`,
  };
}

/** Whether the cluster has every kind that is to be restored. */
export function describeUnserved({ unserved }: ContentPlan): Check {
  if (unserved.length === 0)
    return { name: 'kinds', verdict: 'pass', detail: 'the cluster serves every kind in the backup' };
  const kinds = [...new Set(unserved.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))].join(', ');
  return {
    name: 'kinds',
    verdict: 'fail',
    detail: `the cluster does not serve ${kinds}: ${nameSome(unserved)} cannot be restored; install their CRDs first`,
  };
}

/** That Muster may not look at some kinds; nothing where it may look at all. */
export function describeUnseen({ unseen }: ContentPlan): Check[] {
  const [first] = unseen;
  if (first === undefined) return [];
  const detail = `which of ${countKinds(unseen)} exist could not be looked at: those that do stay as they are, the others are created. ${first.action}`;
  return [{ name: 'existing objects', verdict: 'unchecked', detail }];
}

/** What is made; `byItself`: old endpoints, which Kubernetes has under new names and clears up at once. */
export function describeCreated(
  { create, unseen }: Pick<ContentPlan, 'create' | 'unseen'>,
  byItself: readonly ListedObject[],
): string[] {
  return [...describeMade(create, byItself), ...describePerhaps(unseen)];
}

function describePerhaps(unseen: readonly ListedObject[]): string[] {
  return unseen.length === 0
    ? []
    : [`Creates those of ${unseen.length} more that do not exist: ${countKinds(unseen)}.`];
}

function describeMade(create: readonly ListedObject[], byItself: readonly ListedObject[]): string[] {
  const old = byItself.length === 0 ? [] : [`Kubernetes clears up ${byItself.length} old endpoints by itself.`];
  if (create.length === 0 && byItself.length > 0)
    return ['Creates nothing: all else that the backup holds exists already.', ...old];
  return [`Creates ${create.length} objects: ${countKinds(create) || 'none'}.`, ...old];
}
