import { findCondition, isTrue } from './conditions.ts';
import type { Pod, PodTemplate } from './workload-types.ts';

export function isReady(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && isTrue(pod.status?.conditions, 'Ready');
}

/** Ready for `minReadySeconds`, as availableReplicas counts. */
export function isAvailable(pod: Pod, minReadySeconds = 0): boolean {
  if (!isReady(pod)) return false;
  const since = findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime;
  return minReadySeconds === 0 || Date.parse(since ?? '') + minReadySeconds * 1000 <= Date.now();
}

/** A pod made from a template, to be completed with a name and an owner. */
export function podFromTemplate(template: PodTemplate) {
  const { labels, annotations } = template.metadata ?? {};
  return {
    metadata: { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    spec: structuredClone(template.spec),
  };
}
