import type { ClusterReader } from '../contracts.ts';
import { type Backup, BackupStorageLocation, isTerminalBackupPhase } from '../domain/velero.ts';
import { DrError } from '../errors.ts';
import { readVeleroText } from '../steps/velero/read-velero-file.ts';

/** What Velero logged while it made the backup. @throws DrError STORAGE_*, VELERO_SILENT, CLUSTER_* */
export async function readBackupLog(reader: ClusterReader, backup: Backup): Promise<string> {
  refuseEarly(backup, reader.homes.veleroNamespace);
  const ref = { namespace: reader.homes.veleroNamespace, name: backup.spec.storageLocation ?? 'default' };
  const location = await reader.cluster.read(BackupStorageLocation, ref, reader.signal);
  if (location !== undefined)
    return readVeleroText(reader, { kind: 'BackupLog', name: backup.metadata.name, location });
  throw new DrError({
    code: 'STORAGE_MISSING',
    message: `There is no storage location ${ref.name}, so the log cannot be fetched.`,
    action: 'See what there is: velero backup-location get',
  });
}

/** Velero offers the log of a backup only when it is over; asked sooner it never answers. */
function refuseEarly({ metadata, status }: Backup, namespace: string): void {
  const phase = status?.phase || 'New';
  if (phase === 'FailedValidation') {
    throw new DrError({
      code: 'STORAGE_MISSING',
      message: `Backup ${metadata.name} is FailedValidation: it never began, so it has no log.`,
      action: `See why: dr backup describe ${metadata.name}`,
    });
  }
  if (isTerminalBackupPhase(phase)) return;
  throw new DrError({
    code: 'STORAGE_MISSING',
    message: `Backup ${metadata.name} is ${phase}, so there is no log yet.`,
    action: `Velero's own log has it until then: kubectl -n ${namespace} logs deployment/velero`,
  });
}
