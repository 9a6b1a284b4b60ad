import { EXPIRY_MARGIN_MS, findFlaw, startOf } from './choose-backup.ts';
import { counted } from './counted.ts';
import { describeAge, describeBackup, describeExpiry } from './describe-backup.ts';
import { judgeLocation } from './judge-location.ts';
import type { Check } from './plan.ts';
import type { Backup, BackupStorageLocation } from './velero.ts';
import { type ListedObject, type Results, type VolumeInfos, workloadsOf } from './velero-files.ts';

/** A file of Velero's, or why it could not be read. */
export type Read<T> = { found: T } | { unread: string };

/** Everything that can be known of a backup without restoring it. */
export interface BackupEvidence {
  backup: Backup;
  location: BackupStorageLocation | undefined;
  objects: Read<ListedObject[]>;
  volumes: Read<VolumeInfos>;
  results: Read<Results>;
}

/** The cluster beside the backup, where it could be looked at. */
export interface Beside {
  namespace: string;
  /** The namespace's PVCs now: name and when it was made, in ms since 1970. */
  claims: readonly { name: string; madeAt: number }[];
  /** Newer backups, whatever became of them. */
  newer: readonly Backup[];
  /** In ms since 1970. */
  now: number;
}

/** `next`: what to do about it. */
export interface BackupCheck extends Check {
  next?: string;
}

/** Whether a restore of the namespace from this backup would bring everything back, as far as can be told without one. */
export function judgeBackup(evidence: BackupEvidence, beside: Beside): BackupCheck[] {
  return [
    judgePhase(evidence.backup),
    judgeExpiry(evidence.backup, beside),
    ...judgeResults(evidence),
    ...judgeWorkloads(evidence, beside),
    ...judgeVolumes(evidence, beside),
    ...judgeStorage(evidence, beside.now),
    ...judgeNewer(beside),
  ];
}

function judgePhase({ metadata, status = {} }: Backup): BackupCheck {
  const { phase = 'New', errors = 0, warnings = 0, failureReason, validationErrors } = status;
  const why = [failureReason, ...(validationErrors ?? [])].filter((it) => it !== undefined && it !== '');
  const detail = `${phase}, ${errors} errors, ${warnings} warnings${why.length === 0 ? '' : `: ${why.join('; ')}`}`;
  if (phase === 'Completed' && errors === 0) return { name: 'phase', verdict: 'pass', detail };
  return { name: 'phase', verdict: 'fail', detail, next: `See why: dr backup logs ${metadata.name}` };
}

function judgeExpiry(backup: Backup, { namespace, now }: Beside): BackupCheck {
  const row = describeBackup(backup, undefined, now);
  const detail = `${describeAge(row, now)}, ${describeExpiry(row, now)}`;
  // Where Velero set no expiry yet, it does not delete it either.
  if (!(row.expiresAt < now + EXPIRY_MARGIN_MS)) return { name: 'expiry', verdict: 'pass', detail };
  return { name: 'expiry', verdict: 'fail', detail, next: `Take a new one now: dr backup create ${namespace}` };
}

/** A full bucket loses this file first, while the backup says Completed. */
function judgeResults({ backup, results }: BackupEvidence): BackupCheck[] {
  const name = 'results';
  if ('unread' in results) {
    const next = 'Velero may not have been able to write it: is the object store full, does it refuse writing?';
    return [{ name, verdict: 'fail', detail: `cannot be read: ${results.unread}`, next }];
  }
  const { errors, warnings } = countMessages(results.found);
  const detail = `${errors} errors, ${warnings} warnings`;
  if (errors === 0) return [{ name, verdict: 'pass', detail }];
  return [{ name, verdict: 'fail', detail, next: `Read them: dr backup describe ${backup.metadata.name}` }];
}

export function countMessages({ errors, warnings }: Results): { errors: number; warnings: number } {
  return { errors: listMessages(errors).length, warnings: listMessages(warnings).length };
}

/** Each with where it belongs: `shop: cannot read PVC data`. */
export function listMessages(messages: Results['errors']): string[] {
  const { velero, cluster, namespaces } = messages ?? {};
  return [
    ...(velero ?? []).map((text) => `velero: ${text}`),
    ...(cluster ?? []).map((text) => `cluster: ${text}`),
    ...Object.entries(namespaces ?? {}).flatMap(([name, texts]) => texts.map((text) => `${name}: ${text}`)),
  ];
}

function judgeWorkloads({ backup, objects }: BackupEvidence, { namespace, now }: Beside): BackupCheck[] {
  const name = 'workloads';
  const next = `Take one of the whole namespace: dr backup create ${namespace}`;
  const wish = { backup: undefined, schedule: undefined, since: undefined, namespace, now };
  // Its phase and its age are judged by themselves.
  const completed = { ...backup, status: { ...backup.status, phase: 'Completed', expiration: undefined } };
  const flaw = findFlaw(completed, { ...wish, partiallyFailed: false });
  if (flaw !== undefined) return [{ name, verdict: 'fail', detail: `it ${flaw}`, next }];
  if ('unread' in objects)
    return [{ name, verdict: 'fail', detail: `what is inside cannot be read: ${objects.unread}`, next }];
  const inside = objects.found.filter((it) => it.namespace === namespace);
  const workloads = workloadsOf(objects.found, namespace);
  const detail = `${counted(workloads.length, 'workload')} among ${counted(inside.length, 'object')} of ${namespace}`;
  return [workloads.length > 0 ? { name, verdict: 'pass', detail } : { name, verdict: 'fail', detail, next }];
}

/** Each PVC must have its data inside: one that is in the backup without data comes back empty, and one that is not does not come back. */
function judgeVolumes({ backup, objects, volumes }: BackupEvidence, { namespace, claims }: Beside): BackupCheck[] {
  const next = `Without data the volume comes back empty. Look for the reason: dr backup logs ${backup.metadata.name}`;
  if ('unread' in volumes || 'unread' in objects) {
    const why = 'unread' in volumes ? volumes.unread : 'what is inside cannot be read';
    return [{ name: 'volumes', verdict: 'fail', detail: `cannot tell which PVCs have data: ${why}`, next }];
  }
  const inside = objects.found.filter((it) => it.namespace === namespace && it.kind === 'PersistentVolumeClaim');
  const names = inside.map(({ name }) => name);
  const missing = claims.filter(({ name, madeAt }) => !names.includes(name) && madeAt < startOf(backup));
  return [
    ...names.map((claim): BackupCheck => {
      const { ok, detail } = describeVolume(volumes.found, namespace, claim);
      return { name: `pvc/${claim}`, verdict: ok ? 'pass' : 'fail', detail, ...(ok ? {} : { next }) };
    }),
    ...missing.map(
      (claim): BackupCheck => ({
        name: `pvc/${claim.name}`,
        verdict: 'fail',
        detail: 'is in the cluster, but not in this backup',
        next: `Take one of the whole namespace: dr backup create ${namespace}`,
      }),
    ),
  ];
}

/** How the data of a PVC got into the backup, or that it did not. */
export function describeVolume(infos: VolumeInfos, namespace: string, claim: string): { ok: boolean; detail: string } {
  const info = infos.find(({ pvcName, pvcNamespace }) => pvcName === claim && pvcNamespace === namespace);
  if (info === undefined) return { ok: false, detail: 'NO DATA: Velero says nothing of its volume' };
  const {
    backupMethod,
    result = 'succeeded',
    skipped = false,
    skippedReason,
    pvbInfo,
    snapshotDataMovementInfo,
  } = info;
  if (skipped)
    return { ok: false, detail: `NO DATA: skipped${skippedReason === undefined ? '' : `, ${skippedReason}`}` };
  if (backupMethod === undefined || backupMethod === '') return { ok: false, detail: 'NO DATA: by no method' };
  if (result !== 'succeeded') return { ok: false, detail: `NO DATA: ${backupMethod} ${result}` };
  const size = pvbInfo?.size ?? snapshotDataMovementInfo?.size;
  const mib = size === undefined ? '' : `, ${Math.round(size / 1_048_576)} MiB`;
  return { ok: true, detail: `${backupMethod} ${result}${mib}` };
}

/** A location that takes no more writes is read as before, so only this says that the next backup will fail. */
function judgeStorage({ backup, location }: BackupEvidence, now: number): BackupCheck[] {
  const next = 'Mend the object store: velero backup-location get';
  if (location === undefined) {
    const name = `storage ${backup.spec.storageLocation ?? 'default'}`;
    return [{ name, verdict: 'fail', detail: 'there is no such storage location', next }];
  }
  const check = judgeLocation(location, now);
  if (check.verdict === 'pass' && location.spec.accessMode === 'ReadOnly') {
    const detail = `${check.detail}; new backups fail`;
    return [{ ...check, verdict: 'fail', detail, next: 'Set its accessMode to ReadWrite when the recovery is over.' }];
  }
  return [check.verdict === 'pass' ? check : { ...check, next }];
}

const BROKEN = ['Failed', 'PartiallyFailed', 'FailedValidation'];

function judgeNewer({ newer }: Beside): BackupCheck[] {
  const broken = newer.filter(({ status }) => BROKEN.includes(status?.phase ?? ''));
  const [first] = broken;
  if (first === undefined) return [];
  const more = broken.length === 1 ? '' : `, and ${broken.length - 1} more are not well`;
  return [
    {
      name: 'newer backups',
      verdict: 'fail',
      detail: `${first.metadata.name} is ${first.status?.phase}${more}`,
      next: `Backups fail since then; see why: dr backup logs ${first.metadata.name}`,
    },
  ];
}
