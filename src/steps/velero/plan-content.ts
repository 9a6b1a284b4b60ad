import { z } from 'zod';
import type { StepContext } from '../../contracts.ts';
import { type ContentPlan, compareContent, type LiveObject, selectRestorable } from '../../domain/compare-content.ts';
import { type Kind, type KubeObject, Namespace, ObjectMeta } from '../../domain/kinds.ts';
import type { Check } from '../../domain/plan.ts';
import { type ListedObject, VolumeInfos } from '../../domain/velero-files.ts';
import { coerceError } from '../../errors.ts';
import type { PickedBackup } from './pick-backup.ts';
import { readVeleroFile } from './read-velero-file.ts';

const Anything = z.looseObject({ metadata: ObjectMeta });

/** What the restore will create and what it will leave, object by object, from the backup's list and the live namespace. */
export async function planContent(
  { cluster, signal }: StepContext<unknown>,
  objects: readonly ListedObject[],
  namespace: string,
): Promise<ContentPlan> {
  const listed = selectRestorable(objects, namespace);
  const exists = (await cluster.read(Namespace, { name: namespace }, signal)) !== undefined;
  const versions = [...new Set(listed.map(({ apiVersion }) => apiVersion))];
  const served = new Set<string>();
  const live: LiveObject[] = [];
  await Promise.all(
    versions.map(async (apiVersion) => {
      const kinds = new Set(listed.filter((it) => it.apiVersion === apiVersion).map(({ kind }) => kind));
      for (const { kind, plural, namespaced } of await cluster.resources(apiVersion, signal)) {
        served.add(`${apiVersion}/${kind}`);
        if (!exists || !namespaced || !kinds.has(kind)) continue;
        const found = await cluster.list<KubeObject>(
          { apiVersion, kind, plural, namespaced, schema: Anything } satisfies Kind<KubeObject>,
          { namespace },
          signal,
        );
        live.push(...found.map(({ metadata }) => ({ apiVersion, kind, name: metadata.name, uid: metadata.uid })));
      }
    }),
  );
  return compareContent(listed, live, served);
}

/** For each PVC of the backup: is its data inside? A Completed backup may hold none (velero issue 8483). */
export async function checkCoverage(
  context: StepContext<unknown>,
  { backup, location, objects }: PickedBackup,
  namespace: string,
): Promise<Check> {
  const name = 'volume data';
  const claims = objects.filter(
    (it) => it.namespace === namespace && it.apiVersion === 'v1' && it.kind === 'PersistentVolumeClaim',
  );
  if (claims.length === 0) return { name, verdict: 'pass', detail: 'the backup holds no PVC' };
  try {
    const infos = await readVeleroFile(context, {
      kind: 'BackupVolumeInfos',
      name: backup.metadata.name,
      location,
      schema: VolumeInfos,
    });
    const covered = new Set(infos.filter(hasData).map(({ pvcName }) => pvcName));
    const bare = claims.filter((claim) => !covered.has(claim.name)).map((claim) => claim.name);
    if (bare.length === 0)
      return { name, verdict: 'pass', detail: `all ${claims.length} PVCs have their data in the backup` };
    return { name, verdict: 'fail', detail: `NOT in the backup: the data of ${bare.join(', ')}; they come back empty` };
  } catch (thrown) {
    const error = coerceError(thrown);
    if (error.retryable) throw error;
    return { name, verdict: 'unchecked', detail: error.message };
  }
}

function hasData({ backupMethod, result, skipped }: VolumeInfos[number]): boolean {
  return skipped !== true && (backupMethod ?? '') !== '' && (result === undefined || result === 'succeeded');
}
