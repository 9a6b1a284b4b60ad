import type { Store, StoredObject } from '../cluster/store.ts';
import { claimChildren, controllerOf, controllerReference, safeHash } from './ownership.ts';
import { isAvailable, isReady, podFromTemplate } from './pod-counts.ts';
import { createPod } from './resource-quota.ts';
import { keyOf, splitKey, startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { Pod, StatefulSet } from './workload-types.ts';

const REVISION_LABEL = 'controller-revision-hash';

function ordinalOf(set: StatefulSet, pod: StoredObject): number {
  const text = pod.metadata.name.slice(set.metadata.name.length + 1);
  return pod.metadata.name.startsWith(`${set.metadata.name}-`) && /^\d+$/.test(text) ? Number(text) : -1;
}

function claimsOf(set: StatefulSet, ordinal: number) {
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    volume: metadata.name,
    claim: `${metadata.name}-${set.metadata.name}-${ordinal}`,
    labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
    spec,
  }));
}

/** Claims outlive their pods: they are made when missing and never deleted here (persistentVolumeClaimRetentionPolicy Retain). */
function ensureClaims(store: Store, set: StatefulSet, ordinal: number): void {
  const { namespace = '' } = set.metadata;
  for (const { claim, labels, spec } of claimsOf(set, ordinal)) {
    if (store.get('persistentvolumeclaims', namespace, claim) !== undefined) continue;
    store.create('persistentvolumeclaims', { metadata: { name: claim, namespace, labels }, spec });
  }
}

function addPod(store: Store, set: StatefulSet, ordinal: number, revision: string): void {
  ensureClaims(store, set, ordinal);
  const { metadata, spec } = podFromTemplate(set.spec.template);
  const name = `${set.metadata.name}-${ordinal}`;
  const volumes = claimsOf(set, ordinal).map(({ volume, claim }) => ({
    name: volume,
    persistentVolumeClaim: { claimName: claim },
  }));
  createPod(store, {
    metadata: {
      ...metadata,
      name,
      namespace: set.metadata.namespace ?? '',
      labels: {
        ...metadata.labels,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [REVISION_LABEL]: revision,
      },
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      ...spec,
      hostname: name,
      subdomain: set.spec.serviceName ?? '',
      volumes: [...(spec.volumes ?? []), ...volumes],
    },
  });
}

/** Does the one next thing: make, remove or replace a pod (kube stateful_set_control.go, OrderedReady). */
function step(store: Store, set: StatefulSet, pods: Pod[], revision: string): void {
  const wanted = set.spec.replicas ?? 1;
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = pods.find((candidate) => ordinalOf(set, candidate) === ordinal);
    if (pod === undefined) addPod(store, set, ordinal, revision);
    if (!parallel && (pod === undefined || !isReady(pod))) return;
  }
  const descending = [...pods].sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a));
  if (descending.some((pod) => pod.metadata.deletionTimestamp !== undefined)) return;
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  const first = type === 'OnDelete' ? Number.POSITIVE_INFINITY : (rollingUpdate?.partition ?? 0);
  const outdated = (pod: Pod) => ordinalOf(set, pod) >= first && pod.metadata.labels?.[REVISION_LABEL] !== revision;
  const next = descending.find((pod) => ordinalOf(set, pod) >= wanted) ?? descending.find(outdated);
  if (next !== undefined) store.remove('pods', next.metadata.namespace, next.metadata.name);
}

function writeStatus(store: Store, set: StatefulSet, pods: Pod[], revision: string): void {
  const wanted = set.spec.replicas ?? 1;
  const live = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && ordinalOf(set, pod) < wanted);
  const updated = live.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision);
  const complete = updated.length === wanted && updated.every(isReady);
  store.modify('statefulsets.apps', set.metadata.namespace, set.metadata.name, (object) => {
    const before = (object as StatefulSet).status?.currentRevision;
    const currentRevision = complete || before === undefined ? revision : before;
    object['status'] = {
      observedGeneration: set.metadata.generation,
      replicas: live.length,
      readyReplicas: live.filter(isReady).length,
      availableReplicas: live.filter((pod) => isAvailable(pod, set.spec.minReadySeconds)).length,
      currentReplicas: live.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === currentRevision).length,
      updatedReplicas: updated.length,
      currentRevision,
      updateRevision: revision,
      collisionCount: 0,
    };
  });
}

/** Keeps the numbered pods of StatefulSets and their claims. */
export function startStatefulSetController(store: Store): WorkLoop {
  function reconcile(key: string): number | undefined {
    const set = store.get('statefulsets.apps', ...splitKey(key)) as StatefulSet | undefined;
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
    const claimed = claimChildren(store, 'pods', set, set.spec.selector) as Pod[];
    const pods = claimed.filter((pod) => ordinalOf(set, pod) >= 0);
    const revision = `${set.metadata.name}-${safeHash(set.spec.template)}`;
    writeStatus(store, set, pods, revision);
    step(store, set, pods, revision);
    return undefined;
  }

  function setsOf(pod: StoredObject): string[] {
    const owner = controllerOf(pod);
    if (owner?.kind === 'StatefulSet') return [`${pod.metadata.namespace ?? ''}/${owner.name}`];
    return owner === undefined ? store.list('statefulsets.apps', pod.metadata.namespace).map(keyOf) : [];
  }

  return startWorkLoop(store, {
    watches: { 'statefulsets.apps': (set) => [keyOf(set)], pods: setsOf },
    reconcile,
  });
}
