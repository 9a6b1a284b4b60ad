import { chooseBackup, startOf } from '../../domain/choose-backup.ts';
import { type Diagnosis, ok, red, unchecked, warning } from '../../domain/diagnosis.ts';
import { formatDuration } from '../../domain/duration.ts';
import { RPO_MS } from '../../domain/objectives.ts';
import { Backup } from '../../domain/velero.ts';
import { lookFor } from '../../steps/preflight/look-for.ts';
import { defineExamination } from '../examination.ts';
import { namespacesOn } from '../namespaces-on.ts';

const MINUTE_MS = 60_000;

/** From which backup each namespace would be restored if it were lost now, and what that would cost. */
export const examination = defineExamination({
  name: 'recovery',
  about: 'cluster',
  examine: async (context) => {
    const { cluster, homes, policy, clock, nameLine } = context;
    const namespaces = namespacesOn(policy, cluster.name);
    if (namespaces.length === 0) return [];
    const { items, unseen } = await lookFor(context, Backup, { namespace: homes.veleroNamespace });
    if (unseen[0] !== undefined) return [unchecked(nameLine('recovery'), unseen[0])];
    return namespaces.map((namespace) => judge(nameLine(`recovery of ${namespace}`), items, namespace, clock.now()));
  },
});

function judge(line: string, backups: Backup[], namespace: string, now: number): Diagnosis {
  const wish = { backup: undefined, schedule: undefined, partiallyFailed: false, since: undefined };
  const choice = chooseBackup(backups, { ...wish, namespace, now });
  if (!choice.ok) {
    const { message } = choice.refusal;
    return red(line, message, `Make one now: velero backup create --include-namespaces ${namespace}`);
  }
  const age = now - startOf(choice.backup);
  const lost = formatDuration(age < MINUTE_MS ? age : Math.floor(age / MINUTE_MS) * MINUTE_MS);
  const detail = `from ${choice.backup.metadata.name}: everything written in the last ${lost} would be lost`;
  if (age <= RPO_MS) return ok(line, `${detail} (within the 60 min target)`);
  const remedy = `Let a schedule that takes its workloads run every hour; take one now: dr backup create ${namespace}`;
  return warning(line, `${detail} (OVER the 60 min target)`, remedy);
}
