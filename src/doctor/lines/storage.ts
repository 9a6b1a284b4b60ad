import { type Diagnosis, ok, red, unchecked, warning } from '../../domain/diagnosis.ts';
import { judgeLocation } from '../../domain/judge-location.ts';
import { BackupStorageLocation } from '../../domain/velero.ts';
import { lookFor } from '../../steps/preflight/look-for.ts';
import { defineExamination } from '../examination.ts';

/** Whether each place where backups lie can be read, as far as Velero tells, and written to. */
export const examination = defineExamination({
  name: 'storage',
  about: 'cluster',
  examine: async (context) => {
    const { homes, clock, nameLine } = context;
    const { items, unseen } = await lookFor(context, BackupStorageLocation, { namespace: homes.veleroNamespace });
    if (unseen[0] !== undefined) return [unchecked(nameLine('storage'), unseen[0])];
    if (items.length === 0) {
      const remedy = 'Create a BackupStorageLocation: velero backup-location create --help';
      return [red(nameLine('storage'), `there is no BackupStorageLocation in ${homes.veleroNamespace}`, remedy)];
    }
    return items.map((location) => judge(nameLine(`storage ${location.metadata.name}`), location, clock.now()));
  },
});

function judge(line: string, location: BackupStorageLocation, now: number): Diagnosis {
  const { verdict, detail } = judgeLocation(location, now);
  const { name, namespace = 'velero' } = location.metadata;
  const look = `kubectl -n ${namespace} describe backupstoragelocation ${name}`;
  if (verdict === 'fail') return red(line, detail, `Check its bucket and credentials: ${look}`);
  if (verdict === 'unchecked') return unchecked(line, detail, `See when it was validated last: ${look}`);
  if (location.spec.accessMode === 'ReadOnly')
    return warning(
      line,
      detail,
      `If that is over: set spec.accessMode to ReadWrite, so that backups are made again (${look})`,
    );
  return ok(line, detail);
}
