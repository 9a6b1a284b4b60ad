import { describeOwners, type OwnedObject } from '../../domain/describe-owners.ts';
import { DaemonSet, Deployment, type Kind, type KubeObject, Namespace, StatefulSet } from '../../domain/kinds.ts';
import { Canary, HorizontalPodAutoscaler, ScaledObject } from '../../domain/kinds-owners.ts';
import { type Finding, finding, type PreflightContext } from './finding.ts';
import { lookAt, lookFor, type Seen, uncheckedOf } from './look-for.ts';

const WORKLOADS: Kind<KubeObject>[] = [Deployment, StatefulSet, DaemonSet];

/** Who else changes what is there: GitOps, Helm, Flagger, autoscalers, operators; by what can be seen in the namespace now. */
export async function checkOwners(context: PreflightContext): Promise<Finding> {
  const { namespace } = context.params;
  const [self, workloads, canaries, autoscalers, scaledObjects] = await Promise.all([
    lookAt(context, Namespace, { name: namespace }),
    Promise.all(WORKLOADS.map((kind) => lookFor(context, kind, { namespace }))),
    lookFor(context, Canary, { namespace }, true),
    lookFor(context, HorizontalPodAutoscaler, { namespace }),
    lookFor(context, ScaledObject, { namespace }, true),
  ]);
  const notes = describeOwners({
    objects: [...name(Namespace, self), ...workloads.flatMap((seen, index) => name(WORKLOADS[index], seen))],
    canaries: canaries.items,
    autoscalers: autoscalers.items,
    scaledObjects: scaledObjects.items,
  });
  const unchecked = uncheckedOf('owners', self, ...workloads, canaries, autoscalers, scaledObjects);
  if (notes.length > 0)
    return finding([{ name: 'owners', verdict: 'fail', detail: countOf(notes) }, ...unchecked], notes);
  if (unchecked.length > 0) return finding(unchecked);
  return finding([{ name: 'owners', verdict: 'pass', detail: `nothing in ${namespace} is changed by anybody else` }]);
}

function name(kind: Kind<unknown> | undefined, seen: Seen<KubeObject>): OwnedObject[] {
  return seen.items.map(({ metadata }) => ({ kind: kind?.kind ?? '', metadata }));
}

function countOf(notes: readonly string[]): string {
  return notes.length === 1
    ? 'to read: 1 note on who else changes it'
    : `to read: ${notes.length} notes on who else changes it`;
}
