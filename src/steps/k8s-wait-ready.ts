import { z } from 'zod';
import { defineStep, type StartedContext } from '../contracts.ts';
import type { Check } from '../domain/plan.ts';
import { checkSidecars } from './workloads/check-sidecars.ts';
import { readEndpoints } from './workloads/read-endpoints.ts';
import { readUnboundClaims, readWorkloads, type Standing } from './workloads/read-workloads.ts';

const Params = z.strictObject({ namespace: z.string() });
type Params = z.infer<typeof Params>;

/** Waits until every workload that is there, or should be by the backup, is ready by kubectl's own rollout rule. Reads only. */
export const step = defineStep<Params>({
  name: 'k8s.wait-ready',
  summary: 'Waits until all workloads of a namespace are ready, its PVCs Bound and its Services have endpoints.',
  effect: 'read',
  params: Params,

  plan: ({ params }) =>
    Promise.resolve({ facts: {}, notes: [`Then every workload in ${params.namespace} must become ready.`] }),

  async observe(context) {
    const { workloads, others } = await readAll(context);
    const { namespace } = context.params;
    if (workloads.length === 0) {
      return {
        state: 'failed',
        message: `There is no workload in ${namespace}.`,
        action: 'The backup held none; restore from one that does.',
      };
    }
    const failed = workloads.filter(({ state }) => state === 'failed');
    if (failed.length > 0)
      return {
        state: 'failed',
        message: describe(failed),
        action: `Look at its pods: kubectl -n ${namespace} get pods`,
      };
    const open = [...workloads, ...others].filter(({ state }) => state === 'waiting');
    const ready = workloads.filter(({ state }) => state === 'ready').length;
    if (open.length > 0)
      return { state: 'running', detail: `${ready}/${workloads.length} workloads ready; ${describe(open)}` };
    return { state: 'done', evidence: `${workloads.length} workloads ready.` };
  },

  apply: () => Promise.resolve(),

  async verify(context) {
    const [{ workloads, others }, sidecars] = await Promise.all([
      readAll(context),
      checkSidecars(context, context.params.namespace),
    ]);
    const checks = [...workloads, ...others].map(
      ({ name, state, detail }): Check => ({ name, verdict: state === 'ready' ? 'pass' : 'fail', detail }),
    );
    return workloads.length > 0
      ? [...checks, ...sidecars]
      : [{ name: 'workloads', verdict: 'fail', detail: 'there is none' }];
  },

  describeAbort: () => 'Only looked; nothing was changed.',
});

async function readAll(context: StartedContext<Params>): Promise<{ workloads: Standing[]; others: Standing[] }> {
  const { namespace } = context.params;
  const [workloads, claims, endpoints] = await Promise.all([
    readWorkloads(context, namespace),
    readUnboundClaims(context, namespace),
    readEndpoints(context, namespace),
  ]);
  return { workloads, others: [...claims, ...endpoints] };
}

function describe(standings: readonly Standing[]): string {
  return standings.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
}
