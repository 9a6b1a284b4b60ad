import type { StepContext } from '../../contracts.ts';
import type { Check } from '../../domain/plan.ts';
import { describeEstimate, observeRate, sumVolumeBytes } from '../../domain/restore-rate.ts';
import { DataDownload, PodVolumeRestore } from '../../domain/velero.ts';
import { VolumeInfos } from '../../domain/velero-files.ts';
import { coerceError } from '../../errors.ts';
import { listVolumes } from './list-volumes.ts';
import type { PickedBackup } from './pick-backup.ts';
import { readVeleroFile } from './read-velero-file.ts';

const NAME = 'volume data';

/**
 * For each PVC of the backup: is its data inside? A Completed backup may hold none (velero issue 8483). And how long writing it
 * will take, by what earlier restores in this cluster took.
 */
export async function planVolumes(
  context: StepContext<unknown>,
  picked: PickedBackup,
  namespace: string,
): Promise<{ check: Check; estimate: string }> {
  const claims = picked.objects.filter(
    (it) => it.namespace === namespace && it.apiVersion === 'v1' && it.kind === 'PersistentVolumeClaim',
  );
  if (claims.length === 0)
    return {
      check: { name: NAME, verdict: 'pass', detail: 'the backup holds no PVC' },
      estimate: describeEstimate(0, undefined),
    };
  try {
    const infos = await readVeleroFile(context, {
      kind: 'BackupVolumeInfos',
      name: picked.backup.metadata.name,
      location: picked.location,
      schema: VolumeInfos,
    });
    const names = claims.map(({ name }) => name);
    return { check: judgeCoverage(infos, names, namespace), estimate: await estimate(context, infos, namespace) };
  } catch (thrown) {
    const error = coerceError(thrown);
    if (error.retryable) throw error;
    return {
      check: { name: NAME, verdict: 'unchecked', detail: error.message },
      estimate: describeEstimate(undefined, undefined),
    };
  }
}

function judgeCoverage(infos: VolumeInfos, claims: readonly string[], namespace: string): Check {
  const covered = new Set(
    infos.filter((it) => it.pvcNamespace === namespace && hasData(it)).map(({ pvcName }) => pvcName),
  );
  const bare = claims.filter((claim) => !covered.has(claim));
  if (bare.length === 0)
    return { name: NAME, verdict: 'pass', detail: `all ${claims.length} PVCs have their data in the backup` };
  return {
    name: NAME,
    verdict: 'fail',
    detail: `NOT in the backup: the data of ${bare.join(', ')}; they come back empty`,
  };
}

async function estimate(context: StepContext<unknown>, infos: VolumeInfos, namespace: string): Promise<string> {
  const scope = { namespace: context.homes.veleroNamespace };
  const earlier = await Promise.all([PodVolumeRestore, DataDownload].map((kind) => listVolumes(context, kind, scope)));
  const withData = infos.filter(hasData);
  return describeEstimate(sumVolumeBytes(withData, namespace), observeRate(earlier.flat()));
}

function hasData({ backupMethod, result, skipped }: VolumeInfos[number]): boolean {
  return skipped !== true && (backupMethod ?? '') !== '' && (result === undefined || result === 'succeeded');
}
