import { DaemonSet, Deployment, EndpointSlice, Service, StatefulSet } from '../../domain/kinds.ts';
import type { Standing, WorkloadReader } from './read-workloads.ts';
import { plannedNames } from './read-workloads.ts';

/** Ready is what a Service sends traffic to: `ready` and not `terminating`; an unknown `ready` counts as ready (EndpointSlice API). */
function countReady(slices: readonly EndpointSlice[]): number {
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  return endpoints
    .filter(({ conditions }) => conditions?.ready !== false && conditions?.terminating !== true)
    .flatMap(({ addresses }) => addresses).length;
}

/**
 * Each Service that selects pods of a workload that wants replicas must have a ready endpoint. A Service without a selector, or
 * before a workload that is scaled to 0, has nothing to be ready.
 */
export async function readEndpoints(context: WorkloadReader, namespace: string): Promise<Standing[]> {
  const { cluster, plan, signal } = context;
  const scope = { namespace };
  const [services, slices, wanted] = await Promise.all([
    cluster.list(Service, scope, signal),
    cluster.list(EndpointSlice, scope, signal),
    readWantedLabels(context, namespace),
  ]);
  const present = new Set(services.map(({ metadata }) => metadata.name));
  const missing = plannedNames(plan, 'services').filter((name) => !present.has(name));
  return [
    ...services.flatMap((service) => judgeService(service, slices, wanted)),
    ...missing.map(
      (name): Standing => ({
        name: `service/${name}`,
        state: 'waiting',
        detail: 'is in the backup, but not in the namespace',
      }),
    ),
  ];
}

type Labels = Record<string, string>;

function judgeService(
  { metadata, spec }: Service,
  slices: readonly EndpointSlice[],
  wanted: readonly Labels[],
): Standing[] {
  const selector = Object.entries(spec.selector ?? {});
  if (selector.length === 0) return [];
  const name = `service/${metadata.name}`;
  const ready = countReady(
    slices.filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name),
  );
  if (ready > 0) return [{ name, state: 'ready', detail: `${ready} ready endpoints` }];
  const expected = wanted.some((labels) => selector.every(([key, value]) => labels[key] === value));
  if (expected) return [{ name, state: 'waiting', detail: 'no ready endpoint' }];
  return [{ name, state: 'ready', detail: 'no endpoint, and no workload that wants replicas stands behind it' }];
}

/** The pod labels of each workload that wants at least one replica. */
async function readWantedLabels({ cluster, signal }: WorkloadReader, namespace: string): Promise<Labels[]> {
  const lists = await Promise.all([
    cluster.list(Deployment, { namespace }, signal),
    cluster.list(StatefulSet, { namespace }, signal),
  ]);
  const daemons = await cluster.list(DaemonSet, { namespace }, signal);
  return [...lists.flat().filter(({ spec }) => spec.replicas !== 0), ...daemons].flatMap(({ spec }) => [
    spec.template?.metadata?.labels ?? {},
  ]);
}
