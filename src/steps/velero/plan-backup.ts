import { z } from 'zod';
import type { StepContext, StepPlan } from '../../contracts.ts';
import { chooseSchedule, narrowTemplate } from '../../domain/choose-schedule.ts';
import { judgeLocation } from '../../domain/judge-location.ts';
import { Namespace } from '../../domain/kinds.ts';
import { Json, type Refusal } from '../../domain/plan.ts';
import { Backup, BackupStorageLocation, Schedule } from '../../domain/velero.ts';
import type { BackupParams } from './backup-object.ts';

const Spec = z.record(z.string(), Json);

/** Pins the template that the backup is made from, word for word; refuses what Velero would refuse, and what would hold nothing. */
export async function planBackup(context: StepContext<BackupParams>): Promise<StepPlan> {
  const { cluster, homes, params, clock, signal } = context;
  const scope = { namespace: homes.veleroNamespace };
  const { namespace } = params;
  const [schedules, backups, found] = await Promise.all([
    cluster.list(Schedule, scope, signal),
    cluster.list(Backup, scope, signal),
    cluster.read(Namespace, { name: namespace }, signal),
  ]);
  const gone = refuseNamespace(namespace, found);
  if (gone !== undefined) return { facts: {}, refusals: [gone] };
  const choice = chooseSchedule(schedules, backups, { namespace, schedule: params.schedule, now: clock.now() });
  if (!choice.ok) return { facts: {}, refusals: [choice.refusal] };
  const spec = Spec.parse(narrowTemplate(choice.schedule, namespace));
  const { name, uid } = choice.schedule.metadata;
  const stored = await checkLocation(
    context,
    typeof spec['storageLocation'] === 'string' ? spec['storageLocation'] : undefined,
  );
  const latest = params['counts-as-latest'] ? `counts as the newest of ${name}` : `does not count as one of ${name}`;
  const notes = [
    `Backs up ${namespace} as Schedule ${name} does (hooks, volumes, retention ${String(spec['ttl'] ?? 'of Velero')}); it ${latest}.`,
  ];
  return { facts: { schedule: { name, uid }, spec }, notes, ...stored };
}

function refuseNamespace(name: string, found: Namespace | undefined): Refusal | undefined {
  const why =
    found === undefined ? 'does not exist' : found.status?.phase === 'Terminating' ? 'is Terminating' : undefined;
  if (why === undefined) return undefined;
  const message = `Namespace ${name} ${why}: a backup would hold nothing, or half of it.`;
  return { code: 'PLAN_REFUSED', message, action: `Bring it back: dr restore namespace ${name}` };
}

/** Velero refuses a backup to a location that is ReadOnly or Unavailable (backup_controller.go prepareBackupRequest). */
async function checkLocation(
  { cluster, homes, clock, signal }: StepContext<BackupParams>,
  wanted: string | undefined,
): Promise<Pick<StepPlan, 'checks' | 'refusals'>> {
  const locations = await cluster.list(BackupStorageLocation, { namespace: homes.veleroNamespace }, signal);
  const location = locations.find(({ metadata, spec }) =>
    wanted === undefined ? spec.default === true || metadata.name === 'default' : metadata.name === wanted,
  );
  const action = 'Mend the object store: velero backup-location get';
  if (location === undefined) {
    const message = `There is no storage location ${wanted ?? 'default'} to back up to.`;
    return { refusals: [{ code: 'PLAN_REFUSED', message, action }] };
  }
  const check = judgeLocation(location, clock.now());
  const { name } = location.metadata;
  if (check.verdict === 'fail')
    return { refusals: [{ code: 'PLAN_REFUSED', message: `Storage location ${name} is ${check.detail}.`, action }] };
  if (location.spec.accessMode !== 'ReadOnly') return { checks: [check] };
  const message = `Storage location ${name} is ReadOnly: Velero takes no backup to it.`;
  return { refusals: [{ code: 'PLAN_REFUSED', message, action: 'Set its accessMode to ReadWrite.' }] };
}
