import type { ObjectMeta } from './kinds.ts';
import type { Canary, HorizontalPodAutoscaler, ScaledObject } from './kinds-owners.ts';
import { controllerOf, type Owner, ownerOf } from './owner-marks.ts';

export interface OwnedObject {
  /** As Kubernetes has it: `Deployment`. */
  kind: string;
  metadata: ObjectMeta;
}

export interface Surroundings {
  /** The namespace itself, if it exists, and its workloads. */
  objects: readonly OwnedObject[];
  canaries: readonly Canary[];
  autoscalers: readonly HorizontalPodAutoscaler[];
  scaledObjects: readonly ScaledObject[];
}

const CONSEQUENCES: Record<Owner, string> = {
  'Argo CD': 'with self-heal it will undo what the restore changes',
  'Flux Kustomization': 'at its next interval it will put back what Git says',
  'Flux HelmRelease': 'at its next interval it may put back what its chart says',
  Helm: 'the next helm upgrade will put its own values over what is restored',
};

/** Who goes on changing what is restored: one sentence for each owner, with what that means. */
export function describeOwners(surroundings: Surroundings): string[] {
  return [
    ...describeMarked(surroundings.objects),
    ...describeOperators(surroundings),
    ...surroundings.canaries.map(describeCanary),
    ...describeScaling(surroundings),
  ];
}

function describeMarked(objects: readonly OwnedObject[]): string[] {
  const owned = Map.groupBy(objects, ({ metadata }) => ownerOf(metadata));
  return Object.entries(CONSEQUENCES).flatMap(([owner, consequence]) => {
    const names = (owned.get(owner as Owner) ?? []).map(nameObject);
    return names.length === 0 ? [] : [`${owner} owns ${nameSome(names)}: ${consequence}.`];
  });
}

function describeOperators({ objects, canaries }: Surroundings): string[] {
  const owned = Map.groupBy(objects, ({ metadata }) => {
    const controller = controllerOf(metadata);
    const isCanary = canaries.some((it) => controller?.kind === 'Canary' && it.metadata.name === controller.name);
    return controller === undefined || isCanary ? '' : `${controller.kind} ${controller.name}`;
  });
  owned.delete('');
  return [...owned].map(
    ([owner, its]) =>
      `The operator of ${owner} owns ${nameSome(its.map(nameObject))}: it will make it again what ${owner} says.`,
  );
}

function describeCanary({ metadata, spec }: Canary): string {
  const { kind, name } = spec.targetRef;
  const target = `${(kind ?? 'Deployment').toLowerCase()}/${name}`;
  return `Flagger's Canary ${metadata.name} targets ${target}: it serves from ${name}-primary, and a changed pod template starts a new canary.`;
}

function describeScaling({ autoscalers, scaledObjects }: Surroundings): string[] {
  // KEDA makes an autoscaler for each ScaledObject; one sentence is enough.
  const own = autoscalers.filter(({ metadata }) => controllerOf(metadata)?.kind !== 'ScaledObject');
  return [
    ...own.map(
      (it) =>
        `HorizontalPodAutoscaler ${it.metadata.name} scales ${targetOf(it)}: it will change the restored replicas, but does nothing while they are 0.`,
    ),
    ...scaledObjects.map(
      (it) =>
        `KEDA ScaledObject ${it.metadata.name} scales ${targetOf(it)}: it will change the restored replicas, also to 0.`,
    ),
  ];
}

function targetOf({ spec }: HorizontalPodAutoscaler | ScaledObject): string {
  const { kind, name } = spec.scaleTargetRef;
  return `${(kind ?? 'Deployment').toLowerCase()}/${name}`;
}

function nameObject({ kind, metadata }: OwnedObject): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}

function nameSome(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}
