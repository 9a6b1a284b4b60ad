import type { ClusterReader } from '../../contracts.ts';
import type { BackupEvidence, Read } from '../../domain/judge-backup.ts';
import { type Backup, BackupStorageLocation, isTerminalBackupPhase } from '../../domain/velero.ts';
import { listObjects, ResourceList, Results, VolumeInfos } from '../../domain/velero-files.ts';
import { coerceError, DrError } from '../../errors.ts';
import { readVeleroFile } from './read-velero-file.ts';

/** The backup's location and its files; a file that cannot be read says why. @throws DrError CLUSTER_* */
export async function readBackupEvidence(reader: ClusterReader, backup: Backup): Promise<BackupEvidence> {
  const { cluster, homes, signal } = reader;
  const ref = { namespace: homes.veleroNamespace, name: backup.spec.storageLocation ?? 'default' };
  const location = await cluster.read(BackupStorageLocation, ref, signal);
  const none = saysNone(backup, location);
  if (none !== undefined || location === undefined) {
    const unread = { unread: none ?? '' };
    return { backup, location, objects: unread, volumes: unread, results: unread };
  }
  const { name } = backup.metadata;
  const [objects, volumes, results] = await Promise.all([
    readOr(readVeleroFile(reader, { kind: 'BackupResourceList', name, location, schema: ResourceList })),
    readOr(readVeleroFile(reader, { kind: 'BackupVolumeInfos', name, location, schema: VolumeInfos })),
    readOr(readVeleroFile(reader, { kind: 'BackupResults', name, location, schema: Results })),
  ]);
  return {
    backup,
    location,
    objects: 'found' in objects ? { found: listObjects(objects.found) } : objects,
    volumes,
    results,
  };
}

/** Asked for a file that is not written yet, Velero may stay silent for a minute. */
function saysNone({ spec, status }: Backup, location: BackupStorageLocation | undefined): string | undefined {
  if (location === undefined) return `there is no storage location ${spec.storageLocation ?? 'default'}`;
  if (!isTerminalBackupPhase(status?.phase)) return 'Velero writes it when the backup is over';
  return status?.phase === 'FailedValidation' ? 'the backup never began' : undefined;
}

/** What the cluster itself does not answer is no word about the backup. */
async function readOr<T>(reading: Promise<T>): Promise<Read<T>> {
  try {
    return { found: await reading };
  } catch (thrown) {
    const error = thrown instanceof DrError ? thrown : coerceError(thrown);
    if (error.code === 'CLUSTER_UNREACHABLE' || error.code === 'CLUSTER_FORBIDDEN') throw error;
    return { unread: error.message.replace(/\.$/, '') };
  }
}
