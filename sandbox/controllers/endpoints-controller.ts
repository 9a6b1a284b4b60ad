import { generateName, type Store, type StoredObject } from '../cluster/store.ts';
import { isTrue } from './conditions.ts';
import { matchesSelector } from './label-selector.ts';
import { controllerReference } from './ownership.ts';
import { keyOf, splitKey, startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { Pod } from './workload-types.ts';

export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
const SLICES = 'endpointslices.discovery.k8s.io';
const MANAGED_BY = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };

interface Service extends StoredObject {
  spec: {
    selector?: Record<string, string>;
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[];
  };
}

function portsOf(service: Service, pods: Pod[]) {
  const containers = pods[0]?.spec.containers ?? [];
  return (service.spec.ports ?? []).map(({ name, port, targetPort, protocol = 'TCP' }) => {
    const named = containers.flatMap(({ ports = [] }) => ports).find((candidate) => candidate.name === targetPort);
    const number = typeof targetPort === 'number' ? targetPort : (named?.containerPort ?? port);
    return { name: name ?? '', port: number, protocol };
  });
}

function endpointOf(pod: Pod) {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isTrue(pod.status?.conditions, 'Ready');
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready: serving && !terminating, serving, terminating },
    nodeName: pod.spec.nodeName ?? '',
    targetRef: targetOf(pod),
  };
}

function targetOf({ metadata }: Pod) {
  return { kind: 'Pod', namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid };
}

function slicesOf(store: Store, namespace: string, service: string): StoredObject[] {
  const matchLabels = { ...MANAGED_BY, [SERVICE_NAME_LABEL]: service };
  return store.list(SLICES, namespace).filter(({ metadata }) => matchesSelector({ matchLabels }, metadata.labels));
}

/**
 * Slices that are not the Service's own, as restored ones are, lose to it: they list pods of the past
 * (endpointslice/reconciler.go deletes a slice none of whose endpoints are wanted).
 */
function writeSlice(store: Store, service: Service, pods: Pod[]): void {
  const { namespace = '', name, uid } = service.metadata;
  const slices = slicesOf(store, namespace, name);
  const own = slices.find(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  for (const slice of slices) if (slice !== own) store.remove(SLICES, namespace, slice.metadata.name);
  const content = { addressType: 'IPv4', endpoints: pods.map(endpointOf), ports: portsOf(service, pods) };
  if (own !== undefined) {
    store.modify(SLICES, namespace, own.metadata.name, (object) => Object.assign(object, content));
    return;
  }
  const labels = { [SERVICE_NAME_LABEL]: name, ...MANAGED_BY };
  const ownerReferences = [controllerReference(service)];
  const metadata = { name: generateName(`${name}-`), generateName: `${name}-`, namespace, labels, ownerReferences };
  store.create(SLICES, { metadata, ...content });
}

function writeEndpoints(store: Store, service: Service, pods: Pod[]): void {
  const { namespace = '', name } = service.metadata;
  const address = (pod: Pod) => ({ ip: pod.status?.podIP ?? '', targetRef: targetOf(pod) });
  const live = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const ready = live.filter((pod) => isTrue(pod.status?.conditions, 'Ready'));
  const unready = live.filter((pod) => !ready.includes(pod));
  const subset = {
    ...(ready.length > 0 ? { addresses: ready.map(address) } : {}),
    ...(unready.length > 0 ? { notReadyAddresses: unready.map(address) } : {}),
    ports: portsOf(service, pods),
  };
  const subsets = live.length > 0 ? [subset] : [];
  const changed = store.modify('endpoints', namespace, name, (object) => {
    object['subsets'] = subsets;
  });
  if (changed === undefined) store.create('endpoints', { metadata: { name, namespace }, subsets });
}

/** Keeps the EndpointSlice and the Endpoints of every Service that has a selector. */
export function startEndpointsController(store: Store): WorkLoop {
  function reconcile(key: string): number | undefined {
    const [namespace, name] = splitKey(key);
    const service = store.get('services', namespace, name) as Service | undefined;
    if (service === undefined) {
      // Endpoints restored ahead of their Service must stay: only those of a Service that was seen are removed.
      if (seen.delete(key)) store.remove('endpoints', namespace, name);
      return undefined;
    }
    if (service.metadata.deletionTimestamp !== undefined || service.spec.selector === undefined) return undefined;
    seen.add(key);
    const pods = (store.list('pods', namespace) as Pod[]).filter(
      (pod) =>
        matchesSelector({ matchLabels: service.spec.selector ?? {} }, pod.metadata.labels) &&
        pod.status?.podIP !== undefined,
    );
    writeSlice(store, service, pods);
    writeEndpoints(store, service, pods);
    return undefined;
  }

  const seen = new Set<string>();
  const servicesOf = (pod: StoredObject) =>
    (store.list('services', pod.metadata.namespace) as Service[])
      .filter(({ spec }) => spec.selector && matchesSelector({ matchLabels: spec.selector }, pod.metadata.labels))
      .map(keyOf);
  const serviceOf = ({ metadata }: StoredObject) => {
    const service = metadata.labels?.[SERVICE_NAME_LABEL];
    return service === undefined ? [] : [`${metadata.namespace ?? ''}/${service}`];
  };
  return startWorkLoop(store, {
    watches: { services: (service) => [keyOf(service)], pods: servicesOf, [SLICES]: serviceOf },
    reconcile,
  });
}
