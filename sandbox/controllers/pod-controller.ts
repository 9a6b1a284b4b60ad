import { type Store, type StoredObject, timestamp } from '../cluster/store.ts';
import { isTrue } from './conditions.ts';
import type { PodFaults } from './pod-faults.ts';
import { missingReference, unboundClaim } from './pod-references.ts';
import { failedStatus, runningStatus, unschedulableStatus, waitingStatus } from './pod-status.ts';
import type { SidecarInjector } from './sidecar-injector.ts';
import type { ControllerTimings } from './timings.ts';
import { keyOf, splitKey, startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { Pod, PodStatus } from './workload-types.ts';

const NODE_WITHOUT_NODES = 'sandbox-node-1';

let lastAddress = 0;

function allocateAddress(): string {
  lastAddress += 1;
  return `10.244.${(lastAddress >> 8) & 255}.${lastAddress & 255}`;
}

function pickNode(store: Store, pod: Pod): string {
  const nodes = store.list('nodes');
  const busy = (name: string) => store.list('pods').filter((other) => (other as Pod).spec.nodeName === name).length;
  const free = nodes.map(({ metadata }) => ({ name: metadata.name, pods: busy(metadata.name) }));
  free.sort((a, b) => a.pods - b.pods);
  return pod.spec.nodeName ?? free[0]?.name ?? NODE_WITHOUT_NODES;
}

interface Kubelet {
  store: Store;
  timings: ControllerTimings;
  faults: PodFaults;
  injector: SidecarInjector;
  /** By uid: when the pod got its node; when its deletion was seen. Milliseconds since 1970. */
  startedAt: Map<string, number>;
  stoppingAt: Map<string, number>;
}

function writeStatus({ store }: Kubelet, pod: Pod, status: PodStatus): void {
  store.modify('pods', pod.metadata.namespace, pod.metadata.name, (object) => {
    object['status'] = status;
  });
}

function bind({ store, injector }: Kubelet, pod: Pod): void {
  const spec = { ...pod.spec, nodeName: pickNode(store, pod), containers: injector.containersFor(pod) };
  const waiting = waitingStatus({ ...pod, spec }, 'ContainerCreating');
  store.modify('pods', pod.metadata.namespace, pod.metadata.name, (object) => {
    object['spec'] = spec;
    object['status'] = { ...waiting, startTime: timestamp(), hostIP: '10.0.0.1' };
  });
}

function stop({ store, timings, startedAt, stoppingAt }: Kubelet, pod: Pod): number | undefined {
  const { uid, namespace, name, deletionGracePeriodSeconds = 0 } = pod.metadata;
  const since = stoppingAt.get(uid) ?? Date.now();
  stoppingAt.set(uid, since);
  const left = since + Math.min(timings.podStopMs, deletionGracePeriodSeconds * 1000) - Date.now();
  if (left > 0) return left;
  stoppingAt.delete(uid);
  startedAt.delete(uid);
  if (deletionGracePeriodSeconds > 0) store.remove('pods', namespace, name, { uid, gracePeriodSeconds: 0 });
  return undefined;
}

function run(kubelet: Kubelet, pod: Pod): number | undefined {
  const since = kubelet.startedAt.get(pod.metadata.uid) ?? Date.now();
  kubelet.startedAt.set(pod.metadata.uid, since);
  const running = pod.status?.phase === 'Running';
  const missing = running ? undefined : missingReference(kubelet.store, pod);
  if (missing !== undefined) {
    writeStatus(kubelet, pod, waitingStatus(pod, 'CreateContainerConfigError', missing));
    return undefined;
  }
  const left = since + kubelet.timings.podStartMs - Date.now();
  if (left > 0) return left;
  const fault = kubelet.faults.podFault(pod);
  // An image that is there already needs no pulling: only pods that have not run yet can fail this way.
  const fails = fault !== undefined && !(fault === 'ImagePullBackOff' && isTrue(pod.status?.conditions, 'Ready'));
  writeStatus(
    kubelet,
    pod,
    fails ? failedStatus(pod, fault) : runningStatus(pod, pod.status?.podIP ?? allocateAddress()),
  );
  return undefined;
}

function reconcile(kubelet: Kubelet, key: string): number | undefined {
  const pod = kubelet.store.get('pods', ...splitKey(key)) as Pod | undefined;
  if (pod === undefined) return undefined;
  if (pod.metadata.deletionTimestamp !== undefined) return stop(kubelet, pod);
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return undefined;
  if (isTrue(pod.status?.conditions, 'PodScheduled')) return run(kubelet, pod);
  const unbound = unboundClaim(kubelet.store, pod);
  if (unbound === undefined) bind(kubelet, pod);
  else writeStatus(kubelet, pod, unschedulableStatus(pod, `0/1 nodes are available: ${unbound}.`));
  return undefined;
}

/** Scheduler and kubelet in one: pods get a node, start, become Ready or fail as asked, and go away when deleted. */
export function startPodController(
  store: Store,
  timings: ControllerTimings,
  faults: PodFaults,
  injector: SidecarInjector,
): WorkLoop {
  const kubelet: Kubelet = { store, timings, faults, injector, startedAt: new Map(), stoppingAt: new Map() };
  const pending = (pod: StoredObject) => (pod as Pod).status?.phase === 'Pending';
  const podsBeside = ({ metadata }: StoredObject) => store.list('pods', metadata.namespace).filter(pending).map(keyOf);
  return startWorkLoop(store, {
    watches: {
      pods: (pod) => [keyOf(pod)],
      persistentvolumeclaims: podsBeside,
      configmaps: podsBeside,
      secrets: podsBeside,
    },
    reconcile: (key) => reconcile(kubelet, key),
  });
}
