import type { StepContext } from '../../contracts.ts';
import type { ContentPlan } from '../../domain/compare-content.ts';
import type { Check } from '../../domain/plan.ts';
import { describeEstimate, observeRate, sumVolumeBytes } from '../../domain/restore-rate.ts';
import { DataDownload, PodVolumeRestore } from '../../domain/velero.ts';
import { VolumeInfos } from '../../domain/velero-files.ts';
import { coerceError } from '../../errors.ts';
import { listVolumes } from './list-volumes.ts';
import type { PickedBackup } from './pick-backup.ts';
import { readVeleroFile } from './read-velero-file.ts';

const NAME = 'volume data';

export interface VolumePlan {
  check: Check;
  /** The PVCs that come back empty. */
  withoutData: string[];
  estimate: string;
}

/**
 * For each PVC that is to be made: is its data in the backup? A Completed backup may hold none (velero issue 8483). And how long
 * writing it will take, by what earlier restores in this cluster took.
 */
export async function planVolumes(
  context: StepContext<unknown>,
  picked: PickedBackup,
  namespace: string,
  content: Promise<ContentPlan>,
): Promise<VolumePlan> {
  const claims = picked.objects.filter((it) => it.namespace === namespace && isClaim(it)).map(({ name }) => name);
  if (claims.length === 0) return { ...covered('the backup holds no PVC'), estimate: describeEstimate(0, undefined) };
  try {
    const infos = await readVeleroFile(context, {
      kind: 'BackupVolumeInfos',
      name: picked.backup.metadata.name,
      location: picked.location,
      schema: VolumeInfos,
    });
    const kept = new Set((await content).skip.filter(isClaim).map(({ name }) => name));
    const made = claims.filter((name) => !kept.has(name));
    return { ...judgeCoverage(infos, made, namespace), estimate: await estimate(context, infos, namespace) };
  } catch (thrown) {
    const error = coerceError(thrown);
    if (error.retryable) throw error;
    return {
      check: { name: NAME, verdict: 'unchecked', detail: error.message },
      withoutData: [],
      estimate: describeEstimate(undefined, undefined),
    };
  }
}

type Coverage = Omit<VolumePlan, 'estimate'>;

function judgeCoverage(infos: VolumeInfos, made: readonly string[], namespace: string): Coverage {
  if (made.length === 0) return covered('no PVC is made: those of the backup exist and stay as they are');
  const filled = new Set(
    infos.filter((it) => it.pvcNamespace === namespace && hasData(it)).map(({ pvcName }) => pvcName),
  );
  const withoutData = made.filter((claim) => !filled.has(claim));
  if (withoutData.length === 0) return covered(`all ${made.length} PVCs have their data in the backup`);
  const detail = `NOT in the backup: the data of ${withoutData.join(', ')}; they come back empty`;
  return { check: { name: NAME, verdict: 'fail', detail }, withoutData };
}

function covered(detail: string): Coverage {
  return { check: { name: NAME, verdict: 'pass', detail }, withoutData: [] };
}

function isClaim({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return apiVersion === 'v1' && kind === 'PersistentVolumeClaim';
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
