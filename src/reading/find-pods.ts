import type { ClusterReader } from '../contracts.ts';
import { DaemonSet, Deployment, Pod, StatefulSet } from '../domain/kinds.ts';
import { mayMatch } from '../domain/label-selector.ts';
import { didYouMean } from '../domain/suggest.ts';
import { DrError } from '../errors.ts';

const PREFIX = /^(pod|po|deployment|deploy|statefulset|sts|daemonset|ds|job)s?\//;

/**
 * The pods that are meant: one by its name, or all that a workload of that name selects, or that something of that name owns (a Job,
 * a ReplicaSet). @throws DrError COMMAND_INVALID with what there is
 */
export async function findPods({ cluster, signal }: ClusterReader, namespace: string, wanted: string): Promise<Pod[]> {
  const name = wanted.toLowerCase().replace(PREFIX, '');
  const scope = { namespace };
  const [pods, ...lists] = await Promise.all([
    cluster.list(Pod, scope, signal),
    cluster.list(Deployment, scope, signal),
    cluster.list(StatefulSet, scope, signal),
    cluster.list(DaemonSet, scope, signal),
  ]);
  const workloads = lists.flat();
  const exact = pods.filter(({ metadata }) => metadata.name === name);
  if (exact.length > 0) return exact;
  // A selector that is not there selects nothing: an empty one would fit every pod.
  const selectors = workloads
    .filter(({ metadata }) => metadata.name === name)
    .map(({ spec }) => spec.selector)
    .filter((selector) => selector !== undefined);
  const selected = pods.filter(({ metadata }) =>
    selectors.some((selector) => mayMatch(selector, metadata.labels ?? {})),
  );
  const owned = pods.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name));
  const found = selected.length > 0 ? selected : owned;
  if (found.length > 0) return found;
  const known = workloads.map(({ metadata }) => metadata.name);
  throw new DrError({
    code: 'COMMAND_INVALID',
    message:
      selectors.length > 0
        ? `${name} has no pod in ${namespace} now.`
        : `There is no workload or pod "${name}" in ${namespace}; ${didYouMean(name, known)}`,
    action: `See how it stands: dr health ${namespace}`,
  });
}
