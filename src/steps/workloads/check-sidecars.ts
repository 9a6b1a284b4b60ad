import type { StartedContext } from '../../contracts.ts';
import { judgeSidecars } from '../../domain/judge-sidecar.ts';
import { Namespace, Pod } from '../../domain/kinds.ts';
import type { Check } from '../../domain/plan.ts';
import { isDrError } from '../../errors.ts';

/** Whether the pods carry the service mesh's sidecar that is asked for. What may not be looked at is unchecked. @throws DrError CLUSTER_UNREACHABLE */
export async function checkSidecars({ cluster, signal }: StartedContext<unknown>, namespace: string): Promise<Check[]> {
  try {
    const [found, pods] = await Promise.all([
      cluster.read(Namespace, { name: namespace }, signal),
      cluster.list(Pod, { namespace }, signal),
    ]);
    return judgeSidecars(found, pods);
  } catch (thrown) {
    if (!isDrError(thrown, 'CLUSTER_FORBIDDEN', 'CLUSTER_UNREADABLE')) throw thrown;
    const detail = `the namespace's marks and its pods could not be looked at. ${thrown.action}`;
    return [{ name: 'sidecars', verdict: 'unchecked', detail }];
  }
}
