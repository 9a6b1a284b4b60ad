import type { ClusterReader } from '../contracts.ts';
import type { HealthCheck } from '../domain/health-check.ts';
import type { HealthFacts } from '../domain/judge-health.ts';
import { findPodTroubles } from '../domain/judge-pods.ts';
import { DaemonSet, Deployment, Namespace, Pod, StatefulSet } from '../domain/kinds.ts';
import type { Check } from '../domain/plan.ts';
import { isDrError } from '../errors.ts';
import { readEndpoints } from '../steps/workloads/read-endpoints.ts';
import { readUnboundClaims, readWorkloads } from '../steps/workloads/read-workloads.ts';

/** Looks once, and waits for nothing. @throws DrError CLUSTER_* */
export async function readHealth(
  reader: ClusterReader,
  namespace: string,
  declared: readonly HealthCheck[],
): Promise<HealthFacts> {
  const { cluster, clock, signal } = reader;
  const looking = { cluster, signal, plan: undefined };
  const [found, workloads, services, claims, pods, probes] = await Promise.all([
    cluster.read(Namespace, { name: namespace }, signal),
    readWorkloads(looking, namespace),
    readEndpoints(looking, namespace),
    readUnboundClaims(looking, namespace),
    cluster.list(Pod, { namespace }, signal),
    Promise.all(declared.map((check) => probe(reader, namespace, check))),
  ]);
  return {
    namespace,
    absent: found === undefined ? 'does not exist' : isGoing(found) ? 'is Terminating' : undefined,
    ...{ workloads, services, claims, probes },
    pods: findPodTroubles(pods, clock.now()),
  };
}

function isGoing({ metadata, status }: Namespace): boolean {
  return metadata.deletionTimestamp !== undefined || status?.phase === 'Terminating';
}

/** What cannot be asked is not known, and is no failure of the service. */
async function probe({ cluster, signal }: ClusterReader, namespace: string, check: HealthCheck): Promise<Check> {
  const { service, port, path } = check;
  const name = `health ${service}:${port}${path}`;
  try {
    const { status } = await cluster.probe({ namespace, service, port, path }, signal);
    return { name, verdict: status === 200 ? 'pass' : 'fail', detail: `HTTP ${status}` };
  } catch (thrown) {
    if (!isDrError(thrown)) throw thrown;
    return { name, verdict: 'unchecked', detail: thrown.message };
  }
}

/** The namespaces in which anything is to run. */
export async function listUsedNamespaces({ cluster, signal }: ClusterReader): Promise<string[]> {
  const lists = await Promise.all([
    cluster.list(Deployment, {}, signal),
    cluster.list(StatefulSet, {}, signal),
    cluster.list(DaemonSet, {}, signal),
  ]);
  return [...new Set(lists.flat().flatMap(({ metadata }) => metadata.namespace ?? []))].sort();
}
