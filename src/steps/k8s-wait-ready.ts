import { z } from 'zod';
import { defineStep, type StartedContext } from '../contracts.ts';
import { DaemonSet, Deployment, PersistentVolumeClaim, StatefulSet } from '../domain/kinds.ts';
import type { Check } from '../domain/plan.ts';
import { daemonSetRollout, deploymentRollout, type Rollout, statefulSetRollout } from '../domain/rollout.ts';

const Params = z.strictObject({ namespace: z.string() });
type Params = z.infer<typeof Params>;

interface Workload extends Rollout {
  name: string;
}

/** Waits until every workload of a namespace is ready by kubectl's own rollout rule. Reads only. */
export const step = defineStep<Params>({
  name: 'k8s.wait-ready',
  summary: 'Waits until all workloads of a namespace are ready and its PVCs are Bound.',
  effect: 'read',
  params: Params,

  plan: ({ params }) =>
    Promise.resolve({ facts: {}, notes: [`Then every workload in ${params.namespace} must become ready.`] }),

  async observe(context) {
    const workloads = await listWorkloads(context);
    if (workloads.length === 0) {
      return {
        state: 'failed',
        message: `There is no workload in ${context.params.namespace}.`,
        action: 'The backup held none; restore from one that does.',
      };
    }
    const failed = workloads.filter(({ state }) => state === 'failed');
    if (failed.length > 0) {
      return {
        state: 'failed',
        message: describe(failed),
        action: `Look at its pods: kubectl -n ${context.params.namespace} get pods`,
      };
    }
    const open = [...workloads.filter(({ state }) => state === 'waiting'), ...(await unboundClaims(context))];
    if (open.length > 0)
      return {
        state: 'running',
        detail: `${workloads.length - open.length}/${workloads.length} ready; ${describe(open)}`,
      };
    return { state: 'done', evidence: `${workloads.length} workloads ready.` };
  },

  apply: () => Promise.resolve(),

  async verify(context) {
    const [workloads, claims] = await Promise.all([listWorkloads(context), unboundClaims(context)]);
    return [...workloads, ...claims].map(
      ({ name, state, detail }): Check => ({ name, verdict: state === 'ready' ? 'pass' : 'fail', detail }),
    );
  },

  describeAbort: () => 'Only looked; nothing was changed.',
});

async function listWorkloads({ cluster, params, signal }: StartedContext<Params>): Promise<Workload[]> {
  const scope = { namespace: params.namespace };
  const [deployments, statefulSets, daemonSets] = await Promise.all([
    cluster.list(Deployment, scope, signal),
    cluster.list(StatefulSet, scope, signal),
    cluster.list(DaemonSet, scope, signal),
  ]);
  return [
    ...deployments.map((it) => ({ name: `deployment/${it.metadata.name}`, ...deploymentRollout(it) })),
    ...statefulSets.map((it) => ({ name: `statefulset/${it.metadata.name}`, ...statefulSetRollout(it) })),
    ...daemonSets.map((it) => ({ name: `daemonset/${it.metadata.name}`, ...daemonSetRollout(it) })),
  ];
}

async function unboundClaims({ cluster, params, signal }: StartedContext<Params>): Promise<Workload[]> {
  const claims = await cluster.list(PersistentVolumeClaim, { namespace: params.namespace }, signal);
  return claims
    .filter(({ status }) => status?.phase !== 'Bound')
    .map(({ metadata, status }) => ({
      name: `pvc/${metadata.name}`,
      state: 'waiting',
      detail: status?.phase ?? 'Pending',
    }));
}

function describe(workloads: readonly Workload[]): string {
  return workloads.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
}
