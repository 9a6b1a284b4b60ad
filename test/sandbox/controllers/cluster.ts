import { createStore, type StoredObject } from '../../../sandbox/cluster/store.ts';
import { type ControllerOptions, startControllers } from '../../../sandbox/controllers/start-controllers.ts';
import { FAST_CONTROLLER_TIMINGS } from '../../../sandbox/controllers/timings.ts';
import type { Deployment, Pod, StatefulSet } from '../../../sandbox/controllers/workload-types.ts';

/** A store with the controllers on it, a node, and the namespace `shop`. */
export function startSmallCluster(options: ControllerOptions = {}) {
  const store = createStore();
  const controllers = startControllers(store, { ...FAST_CONTROLLER_TIMINGS, ...options });
  store.create('nodes', { metadata: { name: 'node-a' } });
  store.create('namespaces', { metadata: { name: 'shop' } });
  return { store, controllers };
}

/** Waits, in short steps, until `condition` gives something. @throws after 3 s, naming what was waited for */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + 3000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited 3 s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

export function deploymentDraft(name: string, replicas: number, spec: object = {}) {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: `${name}:1` }] } };
  return {
    metadata: { name, namespace: 'shop', labels },
    spec: { replicas, selector: { matchLabels: labels }, template, ...spec },
  };
}

export function statefulSetDraft(name: string, replicas: number) {
  const draft = deploymentDraft(name, replicas);
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: claim }];
  return { ...draft, spec: { ...draft.spec, serviceName: name, volumeClaimTemplates } };
}

export const statusOf = <T extends StoredObject>(object: T | undefined) => (object as Deployment | undefined)?.status;
export const asDeployment = (object: StoredObject | undefined) => object as Deployment | undefined;
export const asStatefulSet = (object: StoredObject | undefined) => object as StatefulSet | undefined;
export const asPods = (objects: StoredObject[]) => objects as Pod[];
