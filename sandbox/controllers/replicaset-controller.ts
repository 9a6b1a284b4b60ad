import { StatusError } from '../cluster/status-error.ts';
import { generateName, type Store, type StoredObject } from '../cluster/store.ts';
import { setCondition } from './conditions.ts';
import { claimChildren, controllerOf, controllerReference } from './ownership.ts';
import { isAvailable, isReady, podFromTemplate } from './pod-counts.ts';
import { createPod } from './resource-quota.ts';
import { keyOf, splitKey, startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { Condition, Pod, ReplicaSet } from './workload-types.ts';

const REFUSED_RETRY_MS = 200;

/** Pods that serve nobody go first (kube controller_utils.go ActivePods). */
function deletionOrder(a: Pod, b: Pod): number {
  return Number(isReady(a)) - Number(isReady(b));
}

function addPods(store: Store, set: ReplicaSet, count: number): string | undefined {
  for (let made = 0; made < count; made += 1) {
    const pod = podFromTemplate(set.spec.template);
    const { namespace = '', name } = set.metadata;
    const metadata = { ...pod.metadata, namespace, name: generateName(`${name}-`), generateName: `${name}-` };
    try {
      createPod(store, { ...pod, metadata: { ...metadata, ownerReferences: [controllerReference(set)] } });
    } catch (error) {
      if (error instanceof StatusError) return error.message;
      throw error;
    }
  }
  return undefined;
}

function writeStatus(store: Store, set: ReplicaSet, pods: Pod[], refusal: string | undefined): void {
  const { namespace, name, generation } = set.metadata;
  const failure: Condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal ?? '' };
  store.modify('replicasets.apps', namespace, name, (object) => {
    const conditions = (object as ReplicaSet).status?.conditions;
    object['status'] = {
      replicas: pods.length,
      fullyLabeledReplicas: pods.length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: pods.filter((pod) => isAvailable(pod, set.spec.minReadySeconds)).length,
      observedGeneration: generation,
      ...(refusal === undefined ? {} : { conditions: setCondition(conditions, failure) }),
    };
  });
}

/** Keeps the number of pods of each ReplicaSet. */
export function startReplicaSetController(store: Store): WorkLoop {
  function reconcile(key: string): number | undefined {
    const set = store.get('replicasets.apps', ...splitKey(key)) as ReplicaSet | undefined;
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
    const claimed = claimChildren(store, 'pods', set, set.spec.selector) as Pod[];
    const gone = (pod: Pod) => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
    const pods = claimed.filter((pod) => pod.metadata.deletionTimestamp === undefined && !gone(pod));
    const wanted = set.spec.replicas ?? 1;
    const surplus = [...pods].sort(deletionOrder).slice(0, Math.max(0, pods.length - wanted));
    for (const { metadata } of surplus) store.remove('pods', metadata.namespace, metadata.name, { uid: metadata.uid });
    const refusal = addPods(store, set, wanted - pods.length);
    const kept = pods.filter((pod) => !surplus.includes(pod));
    writeStatus(store, set, kept, refusal);
    if (refusal !== undefined) return REFUSED_RETRY_MS;
    const settling = kept.some((pod) => isReady(pod) && !isAvailable(pod, set.spec.minReadySeconds));
    return settling ? 250 : undefined;
  }

  function setsOf(pod: StoredObject): string[] {
    const owner = controllerOf(pod);
    if (owner?.kind === 'ReplicaSet') return [`${pod.metadata.namespace ?? ''}/${owner.name}`];
    return owner === undefined ? store.list('replicasets.apps', pod.metadata.namespace).map(keyOf) : [];
  }

  return startWorkLoop(store, {
    watches: { 'replicasets.apps': (set) => [keyOf(set)], pods: setsOf },
    reconcile,
  });
}
