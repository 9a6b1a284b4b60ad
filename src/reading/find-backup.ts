import type { ClusterReader } from '../contracts.ts';
import { newestFirst } from '../domain/choose-backup.ts';
import { nearest } from '../domain/suggest.ts';
import { Backup } from '../domain/velero.ts';
import { DrError } from '../errors.ts';

export { readBackupEvidence } from '../steps/velero/read-backup.ts';

/** Every backup there is, newest first. */
export async function listBackups({ cluster, homes, signal }: ClusterReader): Promise<Backup[]> {
  return newestFirst(await cluster.list(Backup, { namespace: homes.veleroNamespace }, signal), undefined);
}

/** The backup of exactly this name. @throws DrError COMMAND_INVALID with the names near to it */
export function pickByName(backups: readonly Backup[], name: string): Backup {
  const found = backups.find(({ metadata }) => metadata.name === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    backups.map(({ metadata }) => metadata.name),
    3,
  );
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `There is no backup "${name}".${near.length === 0 ? '' : ` Near to it: ${near.join(', ')}.`}`,
    action: 'See what there is: dr backup list',
  });
}
