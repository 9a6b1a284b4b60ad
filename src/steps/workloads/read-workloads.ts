import { z } from 'zod';
import type { StartedContext } from '../../contracts.ts';
import { keyOf } from '../../domain/compare-content.ts';
import { DaemonSet, Deployment, PersistentVolumeClaim, StatefulSet } from '../../domain/kinds.ts';
import { daemonSetRollout, deploymentRollout, type Rollout, statefulSetRollout } from '../../domain/rollout.ts';

/** A workload, or something it needs, and where it stands. */
export interface Standing extends Rollout {
  name: string;
}

/** `plan`: the approved one, of a run; without one nothing is expected but what is there. */
export type WorkloadReader = Pick<StartedContext<unknown>, 'cluster' | 'plan' | 'signal'>;

/** Every workload that is there, by kubectl's rule; and every one that the approved plan expects and is not there. */
export async function readWorkloads({ cluster, plan, signal }: WorkloadReader, namespace: string): Promise<Standing[]> {
  const scope = { namespace };
  const [deployments, statefulSets, daemonSets] = await Promise.all([
    cluster.list(Deployment, scope, signal),
    cluster.list(StatefulSet, scope, signal),
    cluster.list(DaemonSet, scope, signal),
  ]);
  const found = [
    ...deployments.map((it) => ({ kind: 'Deployment', name: it.metadata.name, ...deploymentRollout(it) })),
    ...statefulSets.map((it) => ({ kind: 'StatefulSet', name: it.metadata.name, ...statefulSetRollout(it) })),
    ...daemonSets.map((it) => ({ kind: 'DaemonSet', name: it.metadata.name, ...daemonSetRollout(it) })),
  ];
  const there = new Set(found.map((it) => keyOf({ apiVersion: 'apps/v1', ...it })));
  const missing = plannedNames(plan, 'workloads').filter((key) => !there.has(key));
  return [
    ...found.map(({ kind, name, state, detail }) => ({ name: `${kind.toLowerCase()}/${name}`, state, detail })),
    ...missing.map((key) => ({
      name: key.split('/').slice(-2).join('/').toLowerCase(),
      state: 'waiting' as const,
      detail: 'is in the backup, but not in the namespace',
    })),
  ];
}

/** The PVCs that are not Bound. */
export async function readUnboundClaims(
  { cluster, signal }: Pick<WorkloadReader, 'cluster' | 'signal'>,
  namespace: string,
): Promise<Standing[]> {
  const claims = await cluster.list(PersistentVolumeClaim, { namespace }, signal);
  return claims
    .filter(({ status }) => status?.phase !== 'Bound')
    .map(({ metadata, status }) => ({
      name: `pvc/${metadata.name}`,
      state: 'waiting',
      detail: status?.phase ?? 'Pending',
    }));
}

/** A list of names that some part of the plan carries under this fact. */
export function plannedNames(plan: StartedContext<unknown>['plan'], fact: string): string[] {
  return (plan?.parts ?? []).flatMap(({ facts }) => z.array(z.string()).catch([]).parse(facts[fact]));
}
