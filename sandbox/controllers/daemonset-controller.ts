import { generateName, type Store, type StoredObject } from '../cluster/store.ts';
import { claimChildren, controllerOf, controllerReference } from './ownership.ts';
import { isReady, podFromTemplate } from './pod-counts.ts';
import { keyOf, splitKey, startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { Deployment as DaemonSet, Pod } from './workload-types.ts';

/** One pod on every node; templates are not rolled out. */
export function startDaemonSetController(store: Store): WorkLoop {
  function addPod(set: DaemonSet, nodeName: string): void {
    const { metadata, spec } = podFromTemplate(set.spec.template);
    const { namespace = '', name } = set.metadata;
    const ownerReferences = [controllerReference(set)];
    store.create('pods', {
      metadata: { ...metadata, name: generateName(`${name}-`), namespace, ownerReferences },
      spec: { ...spec, nodeName },
    });
  }

  function reconcile(key: string): number | undefined {
    const set = store.get('daemonsets.apps', ...splitKey(key)) as DaemonSet | undefined;
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
    const pods = (claimChildren(store, 'pods', set, set.spec.selector) as Pod[]).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    const nodes = store.list('nodes').map(({ metadata }) => metadata.name);
    for (const node of nodes) if (!pods.some((pod) => pod.spec.nodeName === node)) addPod(set, node);
    const ready = pods.filter(isReady).length;
    store.modify('daemonsets.apps', set.metadata.namespace, set.metadata.name, (object) => {
      object['status'] = {
        observedGeneration: set.metadata.generation,
        desiredNumberScheduled: nodes.length,
        currentNumberScheduled: pods.length,
        updatedNumberScheduled: pods.length,
        numberMisscheduled: 0,
        numberReady: ready,
        numberAvailable: ready,
        ...(nodes.length > ready ? { numberUnavailable: nodes.length - ready } : {}),
      };
    });
    return undefined;
  }

  function setsOf(pod: StoredObject): string[] {
    const owner = controllerOf(pod);
    if (owner?.kind === 'DaemonSet') return [`${pod.metadata.namespace ?? ''}/${owner.name}`];
    return owner === undefined ? store.list('daemonsets.apps', pod.metadata.namespace).map(keyOf) : [];
  }

  return startWorkLoop(store, {
    watches: {
      'daemonsets.apps': (set) => [keyOf(set)],
      pods: setsOf,
      nodes: () => store.list('daemonsets.apps').map(keyOf),
    },
    reconcile,
  });
}
