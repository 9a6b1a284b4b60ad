import { resources } from '../cluster/resources.ts';
import type { Store, StoredObject } from '../cluster/store.ts';
import { setCondition } from './conditions.ts';
import { startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { Condition } from './workload-types.ts';

const ROOT_CA_DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

interface Content {
  resource: string;
  object: StoredObject;
}

interface Namespace extends StoredObject {
  spec: { finalizers?: string[] };
  status?: { phase?: string; conditions?: Condition[] };
}

function contentOf(store: Store, namespace: string): Content[] {
  const namespaced = resources.filter((resource) => resource.namespaced);
  return namespaced.flatMap(({ key }) => store.list(key, namespace).map((object) => ({ resource: key, object })));
}

function ensureDefaults(store: Store, namespace: string, rootCa: string): void {
  if (store.get('serviceaccounts', namespace, 'default') === undefined) {
    store.create('serviceaccounts', { metadata: { name: 'default', namespace } });
  }
  if (store.get('configmaps', namespace, 'kube-root-ca.crt') === undefined) {
    const annotations = { 'kubernetes.io/description': ROOT_CA_DESCRIPTION };
    const metadata = { name: 'kube-root-ca.crt', namespace, annotations };
    store.create('configmaps', { metadata, data: { 'ca.crt': rootCa } });
  }
}

function tally(names: string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function remaining(content: Content[]): Condition[] {
  const kinds = tally(content.map(({ resource }) => resource));
  const kept = tally(content.flatMap(({ object }) => object.metadata.finalizers ?? []));
  const condition = (
    type: string,
    found: boolean,
    bad: string,
    good: string,
    says: string,
    fine: string,
  ): Condition => ({
    type,
    status: found ? 'True' : 'False',
    reason: found ? bad : good,
    message: found ? says : fine,
  });
  const resourcesLeft = kinds.map(([kind, count]) => `${kind} has ${count} resource instances`).join(', ');
  const finalizersLeft = kept.map(([name, count]) => `${name} in ${count} resource instances`).join(', ');
  return [
    condition(
      'NamespaceContentRemaining',
      kinds.length > 0,
      'SomeResourcesRemain',
      'ContentRemoved',
      `Some resources are remaining: ${resourcesLeft}`,
      'All content successfully removed',
    ),
    condition(
      'NamespaceFinalizersRemaining',
      kept.length > 0,
      'SomeFinalizersRemain',
      'ContentHasNoFinalizers',
      `Some content in the namespace has finalizers remaining: ${finalizersLeft}`,
      'All content-preserving finalizers finished',
    ),
  ];
}

const SUCCEEDED: Condition[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    status: 'False',
    reason: 'ResourcesDiscovered',
    message: 'All resources successfully discovered',
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    status: 'False',
    reason: 'ParsedGroupVersions',
    message: 'All legacy kube types successfully parsed',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    status: 'False',
    reason: 'ContentDeleted',
    message: 'All content successfully deleted, may be waiting on finalization',
  },
];

function empty(store: Store, namespace: string): void {
  for (const { resource, object } of contentOf(store, namespace)) {
    const { name, uid, deletionTimestamp } = object.metadata;
    if (deletionTimestamp === undefined) store.remove(resource, namespace, name, { uid });
  }
  const left = contentOf(store, namespace);
  store.modify('namespaces', undefined, namespace, (object) => {
    const { spec, status } = object as Namespace;
    let conditions = status?.conditions;
    for (const condition of [...SUCCEEDED, ...remaining(left)]) conditions = setCondition(conditions, condition);
    object['status'] = { ...status, phase: 'Terminating', conditions };
    if (left.length === 0) spec.finalizers = (spec.finalizers ?? []).filter((name) => name !== 'kubernetes');
  });
}

/** Gives new namespaces what every namespace has; empties deleted ones and lets them go when nothing is left. */
export function startNamespaceController(store: Store, rootCa: string): WorkLoop {
  const namespaceOf = ({ metadata }: StoredObject) => (metadata.namespace === undefined ? [] : [metadata.namespace]);
  const inside = resources.filter(({ namespaced }) => namespaced).map(({ key }) => [key, namespaceOf] as const);
  return startWorkLoop(store, {
    watches: { ...Object.fromEntries(inside), namespaces: ({ metadata }) => [metadata.name] },
    reconcile(name) {
      const namespace = store.get('namespaces', undefined, name);
      if (namespace === undefined) return undefined;
      if (namespace.metadata.deletionTimestamp === undefined) ensureDefaults(store, name, rootCa);
      else empty(store, name);
      return undefined;
    },
  });
}
