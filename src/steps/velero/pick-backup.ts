import type { ClusterReader } from '../../contracts.ts';
import {
  type BackupChoice,
  type BackupWish,
  chooseBackup,
  describePassedOver,
  type PassedOver,
} from '../../domain/choose-backup.ts';
import type { Refusal } from '../../domain/plan.ts';
import { Backup, BackupStorageLocation } from '../../domain/velero.ts';
import { type ListedObject, listObjects, ResourceList, workloadsOf } from '../../domain/velero-files.ts';
import { readVeleroFile } from './read-velero-file.ts';

/** A backup that can do it, its location, and what is inside. */
export interface PickedBackup {
  backup: Backup;
  location: BackupStorageLocation;
  objects: ListedObject[];
  /** Newer ones that were not taken. */
  passedOver: PassedOver[];
}

/** How many backups are looked into before giving up; each look is a download. */
const LOOKS = 4;

/** The newest usable backup by phase, life and selection, and then by what it really holds. */
export async function pickBackup(
  context: ClusterReader,
  wish: BackupWish,
): Promise<{ ok: true; picked: PickedBackup } | { ok: false; refusal: Refusal }> {
  const { cluster, homes, signal } = context;
  const scope = { namespace: homes.veleroNamespace };
  const [backups, locations] = await Promise.all([
    cluster.list(Backup, scope, signal),
    cluster.list(BackupStorageLocation, scope, signal),
  ]);
  const emptyHanded: PassedOver[] = [];
  let candidates = backups;
  for (let look = 0; look < LOOKS; look += 1) {
    const choice: BackupChoice = chooseBackup(candidates, wish);
    if (!choice.ok) return { ok: false, refusal: withReasons(choice.refusal, emptyHanded, wish.now) };
    const { backup } = choice;
    const location = locations.find(({ metadata }) => metadata.name === (backup.spec.storageLocation ?? 'default'));
    if (location?.status?.phase !== 'Available') return { ok: false, refusal: refuseLocation(location, backup) };
    const objects = listObjects(
      await readVeleroFile(context, {
        kind: 'BackupResourceList',
        name: backup.metadata.name,
        location,
        schema: ResourceList,
      }),
    );
    if (workloadsOf(objects, wish.namespace).length > 0) {
      return { ok: true, picked: { backup, location, objects, passedOver: [...choice.passedOver, ...emptyHanded] } };
    }
    if (wish.backup !== undefined) return { ok: false, refusal: refuseEmpty(backup, wish) };
    emptyHanded.push({ backup, flaw: `holds no workload of ${wish.namespace}` });
    candidates = candidates.filter((it) => it !== backup);
  }
  const message = `No backup was found that holds a workload of ${wish.namespace}.`;
  const refusal: Refusal = { code: 'PLAN_REFUSED', message, action: 'Name one that does with --from.' };
  return { ok: false, refusal: withReasons(refusal, emptyHanded, wish.now) };
}

/** The one that was named is there, and cannot do it. */
function refuseEmpty({ metadata }: Backup, { namespace }: BackupWish): Refusal {
  return {
    code: 'PLAN_REFUSED',
    message: `Backup ${metadata.name} cannot restore ${namespace}: it holds no workload of it.`,
    action: 'Leave --from out to use the newest that can.',
  };
}

function withReasons(refusal: Refusal, reasons: readonly PassedOver[], now: number): Refusal {
  return { ...refusal, message: [refusal.message, ...describePassedOver(reasons, now)].join(' ') };
}

function refuseLocation(location: BackupStorageLocation | undefined, backup: Backup): Refusal {
  const what =
    location === undefined
      ? 'does not exist'
      : `is ${location.status?.phase ?? 'not validated'}: ${location.status?.message ?? 'no message'}`;
  return {
    code: 'PLAN_REFUSED',
    message: `Storage location ${backup.spec.storageLocation ?? 'default'} of backup ${backup.metadata.name} ${what}.`,
    action: 'Make the object store reachable: velero backup-location get',
  };
}
