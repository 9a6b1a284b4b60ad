import type { StartedContext } from '../../contracts.ts';
import { judgeMessages, judgeRestoredItems, PlannedContent } from '../../domain/judge-restored.ts';
import type { Check } from '../../domain/plan.ts';
import { BackupStorageLocation, type Restore } from '../../domain/velero.ts';
import { listObjects, ResourceList, Results } from '../../domain/velero-files.ts';
import { coerceError } from '../../errors.ts';
import { readVeleroFile } from './read-velero-file.ts';
import { destinationOf, type RestoreParams, readOurRestore } from './restore-object.ts';

/** Phase and counters from the Restore, then object by object from the files Velero wrote about it. */
export async function verifyRestore(context: StartedContext<RestoreParams>): Promise<Check[]> {
  const restore = await readOurRestore(context);
  if (restore === undefined) return [{ name: 'restore', verdict: 'fail', detail: `Restore ${context.key} is gone` }];
  return [judgePhase(restore), ...(await judgeFiles(context))];
}

function judgePhase({ metadata, status }: Restore): Check {
  const { phase = 'New', errors = 0, warnings = 0 } = status ?? {};
  const clean = phase === 'Completed' && errors === 0;
  return {
    name: 'restore',
    verdict: clean ? 'pass' : 'fail',
    detail: `${metadata.name} ${phase}, ${errors} errors, ${warnings} warnings`,
  };
}

/** A results file that cannot be read means that nothing is known about single objects: that fails, it never passes. */
async function judgeFiles(context: StartedContext<RestoreParams>): Promise<Check[]> {
  const planned = PlannedContent.safeParse(context.facts);
  if (!planned.success)
    return [{ name: 'objects restored', verdict: 'fail', detail: 'the plan does not say what was to be restored' }];
  try {
    const location = await findLocation(context);
    const name = context.key;
    const [restored, results] = await Promise.all([
      readVeleroFile(context, { kind: 'RestoreResourceList', name, location, schema: ResourceList }),
      readVeleroFile(context, { kind: 'RestoreResults', name, location, schema: Results }),
    ]);
    return [
      ...judgeRestoredItems(listObjects(restored), planned.data, destinationOf(context.params)),
      ...judgeMessages(results, planned.data),
    ];
  } catch (thrown) {
    const error = coerceError(thrown);
    if (error.retryable) throw error;
    return [
      { name: 'objects restored', verdict: 'fail', detail: `what Velero restored cannot be read: ${error.message}` },
    ];
  }
}

async function findLocation({
  cluster,
  homes,
  facts,
  signal,
}: StartedContext<RestoreParams>): Promise<BackupStorageLocation> {
  const { name } = facts['location'] as { name: string };
  const location = await cluster.read(BackupStorageLocation, { namespace: homes.veleroNamespace, name }, signal);
  if (location === undefined) throw new Error(`storage location ${name} is gone`);
  return location;
}
