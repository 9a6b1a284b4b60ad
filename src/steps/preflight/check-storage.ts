import { judgeLocation } from '../../domain/judge-location.ts';
import { BackupStorageLocation } from '../../domain/velero.ts';
import { type Finding, finding, type PreflightContext } from './finding.ts';
import { lookFor, uncheckedOf } from './look-for.ts';

/** Whether every storage location can be read, and when Velero last made sure. The one of the backup is refused by the restore itself. */
export async function checkStorage(context: PreflightContext): Promise<Finding> {
  const { homes, clock } = context;
  const locations = await lookFor(context, BackupStorageLocation, { namespace: homes.veleroNamespace });
  if (locations.unseen.length > 0) return finding(uncheckedOf('storage', locations));
  if (locations.items.length === 0) {
    const detail = `there is no BackupStorageLocation in ${homes.veleroNamespace}: no backup can be read`;
    return finding([{ name: 'storage', verdict: 'fail', detail }]);
  }
  return finding(locations.items.map((location) => judgeLocation(location, clock.now())));
}
