import type { StepContext } from '../../contracts.ts';
import type { PodVolumeRestore } from '../../domain/velero.ts';
import { isDrError } from '../../errors.ts';
import type { ListScope } from '../../ports.ts';

/** Velero's data movement kinds may be missing from an older installation: then there are none. */
export async function listVolumes(
  { cluster, signal }: Pick<StepContext<unknown>, 'cluster' | 'signal'>,
  kind: typeof PodVolumeRestore,
  scope: ListScope,
): Promise<PodVolumeRestore[]> {
  try {
    return await cluster.list(kind, scope, signal);
  } catch (thrown) {
    if (isDrError(thrown, 'CLUSTER_NOT_SERVED')) return [];
    throw thrown;
  }
}
