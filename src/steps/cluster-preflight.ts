import { z } from 'zod';
import { defineStep, type StepContext } from '../contracts.ts';
import { Namespace, PersistentVolumeClaim } from '../domain/kinds.ts';
import type { Check, Json, Refusal } from '../domain/plan.ts';
import { protectedReason } from '../domain/target.ts';
import { isTerminalRestorePhase, Restore } from '../domain/velero.ts';

const Params = z.strictObject({ namespace: z.string() });
type Params = z.infer<typeof Params>;

/** Whether the cluster is in a state in which a restore can do what its plan says. Reads only. */
export const step = defineStep<Params>({
  name: 'cluster.preflight',
  summary: 'Checks that the namespace can be restored into and that nothing is in the way.',
  effect: 'read',
  params: Params,

  async plan(context) {
    const { cluster, params, signal } = context;
    const [namespace, claims] = await Promise.all([
      cluster.read(Namespace, { name: params.namespace }, signal),
      cluster.list(PersistentVolumeClaim, { namespace: params.namespace }, signal),
    ]);
    const refusals = refuseTarget(context, namespace);
    const facts: Record<string, Json> = {
      namespace:
        namespace === undefined
          ? 'absent'
          : { uid: namespace.metadata.uid, phase: namespace.status?.phase ?? 'Active' },
      existingClaims: claims.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort(),
    };
    const notes = [
      namespace === undefined
        ? `Namespace ${params.namespace} does not exist; Velero creates it.`
        : `Namespace ${params.namespace} exists: what is there already is left as it is.`,
    ];
    if (claims.length > 0)
      notes.push(
        `Data will NOT change in ${claims.length} existing PVCs: ${claims.map(({ metadata }) => metadata.name).join(', ')}.`,
      );
    return { facts, notes, refusals, checks: [namespaceCheck(params.namespace, refusals)] };
  },

  async observe({ cluster, homes, signal, provenance }) {
    const restores = await cluster.list(Restore, { namespace: homes.veleroNamespace }, signal);
    const run = provenance.labels['muster.dev/run'];
    const busy = restores.find(
      ({ metadata, status }) => !isTerminalRestorePhase(status?.phase) && metadata.labels?.['muster.dev/run'] !== run,
    );
    if (busy === undefined) return { state: 'done', evidence: 'No other restore is in the way.' };
    return {
      state: 'running',
      detail: `Restore ${busy.metadata.name} is ${busy.status?.phase || 'New'}; Velero does one at a time`,
      changed: (stop) => cluster.awaitChange(Restore, busy, stop),
    };
  },

  apply: () => Promise.resolve(),
  verify: () => Promise.resolve([]),
  describeAbort: () => 'Only looked; nothing was changed.',
});

/** Velero waits ten minutes per item for a Terminating namespace (velero issue 9988), so that is refused before it begins. */
function refuseTarget({ params, homes }: StepContext<Params>, namespace: Namespace | undefined): Refusal[] {
  const reason = protectedReason(params.namespace, homes);
  if (reason !== undefined) {
    return [
      {
        code: 'PLAN_REFUSED',
        message: `${reason}; Muster never restores it.`,
        action: 'Run Muster and its Redis outside what they are to restore.',
      },
    ];
  }
  const terminating = namespace?.metadata.deletionTimestamp !== undefined || namespace?.status?.phase === 'Terminating';
  if (!terminating) return [];
  const holding =
    namespace?.status?.conditions?.filter(({ status }) => status === 'True').map(({ message }) => message) ?? [];
  return [
    {
      code: 'PLAN_REFUSED',
      message: `Namespace ${params.namespace} is Terminating. ${holding.join(' ')}`.trim(),
      action: `Wait until it is gone (kubectl get namespace ${params.namespace} -w), then ask again.`,
    },
  ];
}

function namespaceCheck(namespace: string, refusals: Refusal[]): Check {
  const [refusal] = refusals;
  if (refusal !== undefined) return { name: 'namespace', verdict: 'fail', detail: refusal.message };
  return { name: 'namespace', verdict: 'pass', detail: `${namespace} can be restored into` };
}
