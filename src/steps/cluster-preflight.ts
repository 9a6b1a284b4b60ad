import { z } from 'zod';
import { defineStep, type StepContext } from '../contracts.ts';
import { Namespace, PersistentVolumeClaim } from '../domain/kinds.ts';
import type { Check, Json, Refusal } from '../domain/plan.ts';
import { protectedReason } from '../domain/target.ts';
import { Restore } from '../domain/velero.ts';
import { describeRestore, findBusyRestores } from '../domain/velero-queue.ts';
import { lookFor, type Seen, uncheckedOf } from './preflight/look-for.ts';
import { runChecks } from './preflight/run-checks.ts';

const Params = z.strictObject({ namespace: z.string() });
type Params = z.infer<typeof Params>;

/** Whether the cluster is in a state in which a restore can do what its plan says. Reads only, but for a question put to Velero. */
export const step = defineStep<Params>({
  name: 'cluster.preflight',
  summary: 'Checks that the namespace can be restored into and that nothing is in the way.',
  effect: 'read',
  params: Params,

  async plan(context) {
    const { cluster, params, signal } = context;
    const [namespace, claims, found] = await Promise.all([
      cluster.read(Namespace, { name: params.namespace }, signal),
      lookFor(context, PersistentVolumeClaim, { namespace: params.namespace }),
      runChecks(context),
    ]);
    const refusals = refuseTarget(context, namespace);
    const facts: Record<string, Json> = {
      namespace:
        namespace === undefined
          ? 'absent'
          : { uid: namespace.metadata.uid, phase: namespace.status?.phase ?? 'Active' },
      existingClaims:
        claims.unseen.length > 0
          ? 'unseen'
          : claims.items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort(),
    };
    return {
      facts,
      notes: [...describeKept(params.namespace, namespace, claims), ...found.notes],
      refusals: [...refusals, ...found.refusals],
      checks: [namespaceCheck(params.namespace, refusals), ...uncheckedOf('PVCs', claims), ...found.checks],
    };
  },

  async observe({ cluster, homes, signal, request }) {
    const restores = await cluster.list(Restore, { namespace: homes.veleroNamespace }, signal);
    const [busy] = findBusyRestores(restores, request.run);
    if (busy === undefined) return { state: 'done', evidence: 'No other restore is in the way.' };
    return {
      state: 'running',
      detail: `${describeRestore(busy)}; Velero does one at a time`,
      changed: (stop) => cluster.awaitChange(Restore, busy, stop),
    };
  },

  apply: () => Promise.resolve(),
  verify: () => Promise.resolve([]),
  describeAbort: () => 'Only looked; nothing was changed.',
});

/** What will not change comes first: it is what people expect a restore to do, and it does not. */
function describeKept(
  name: string,
  namespace: Namespace | undefined,
  { items: claims, unseen }: Seen<PersistentVolumeClaim>,
): string[] {
  if (namespace === undefined) return [`Namespace ${name} does not exist; Velero creates it.`];
  const kept = `Namespace ${name} exists: what is there already is left as it is.`;
  if (unseen.length > 0) return ['Data will NOT change in PVCs that exist; which do is NOT known.', kept];
  if (claims.length === 0) return [kept];
  const names = claims.map(({ metadata }) => metadata.name).join(', ');
  return [`Data will NOT change in ${claims.length} existing PVCs: ${names}.`, kept];
}

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
