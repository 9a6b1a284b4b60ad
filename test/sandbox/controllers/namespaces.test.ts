import { afterEach, expect, test } from 'vitest';
import { findCondition } from '../../../sandbox/controllers/conditions.ts';
import {
  asDeployment,
  asPods,
  deploymentDraft,
  startSmallCluster,
  statefulSetDraft,
  statusOf,
  until,
} from './cluster.ts';

let stop: () => void = () => undefined;
afterEach(() => stop());

function start() {
  const cluster = startSmallCluster();
  stop = cluster.controllers.stop;
  return cluster.store;
}

function serviceDraft(name: string) {
  return {
    metadata: { name, namespace: 'shop' },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 8080 }] },
  };
}

const readyAddresses = (store: ReturnType<typeof start>, name: string) =>
  store
    .list('endpointslices.discovery.k8s.io', 'shop')
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name)
    .flatMap((slice) => slice['endpoints'] as { conditions: { ready: boolean } }[])
    .filter((endpoint) => endpoint.conditions.ready).length;

test('a new namespace gets its ServiceAccount and root CA', async () => {
  const store = start();
  await until('the ServiceAccount', () => store.get('serviceaccounts', 'shop', 'default'));
  expect(store.get('configmaps', 'shop', 'kube-root-ca.crt')?.['data']).toHaveProperty(['ca.crt']);
});

test('a deleted namespace is emptied, volumes included, and goes away', async () => {
  const store = start();
  store.create('deployments.apps', deploymentDraft('web', 2));
  store.create('statefulsets.apps', statefulSetDraft('db', 1));
  store.create('services', serviceDraft('web'));
  await until('all ready', () => readyAddresses(store, 'web') === 2 && store.list('persistentvolumes').length === 1);
  await until(
    'db ready',
    () => asDeployment(store.get('statefulsets.apps', 'shop', 'db'))?.status?.readyReplicas === 1,
  );
  store.remove('namespaces', undefined, 'shop');
  expect(store.get('namespaces', undefined, 'shop')?.['status']).toMatchObject({ phase: 'Terminating' });
  await until('the namespace to be gone', () => store.get('namespaces', undefined, 'shop') === undefined);
  expect(store.list('pods')).toEqual([]);
  await until('its volumes to be gone', () => store.list('persistentvolumes').length === 0);
});

test('an object with a finalizer holds the namespace, which says so', async () => {
  const store = start();
  store.create('configmaps', { metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/hold'] } });
  await until('the defaults', () => store.get('serviceaccounts', 'shop', 'default'));
  store.remove('namespaces', undefined, 'shop');
  const namespace = () => store.get('namespaces', undefined, 'shop');
  const condition = await until('the condition', () => {
    const found = findCondition(statusOf(namespace())?.conditions, 'NamespaceFinalizersRemaining');
    return found?.status === 'True' && found;
  });
  expect(condition.message).toBe(
    'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  );
  expect(store.get('serviceaccounts', 'shop', 'default')).toBeUndefined();
  store.modify('configmaps', 'shop', 'held', (object) => {
    object.metadata.finalizers = [];
  });
  await until('the namespace to be gone', () => namespace() === undefined);
});

test('what an owner leaves behind is collected', async () => {
  const store = start();
  store.create('deployments.apps', deploymentDraft('web', 2));
  await until('two pods', () => store.list('pods', 'shop').length === 2);
  store.remove('deployments.apps', 'shop', 'web');
  await until(
    'nothing left',
    () => store.list('pods', 'shop').length + store.list('replicasets.apps', 'shop').length === 0,
  );
  expect(store.get('namespaces', undefined, 'shop')?.['status']).toMatchObject({ phase: 'Active' });
});

test('EndpointSlices and Endpoints follow the pods, terminating ones not ready', async () => {
  const store = start();
  store.create('services', serviceDraft('web'));
  store.create('deployments.apps', deploymentDraft('web', 2));
  await until('two addresses', () => readyAddresses(store, 'web') === 2);
  const [slice] = store.list('endpointslices.discovery.k8s.io', 'shop');
  expect(slice).toMatchObject({ addressType: 'IPv4', ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] });
  const subsets = store.get('endpoints', 'shop', 'web')?.['subsets'] as { addresses: unknown[] }[];
  expect(subsets[0]?.addresses).toHaveLength(2);
  const seen: string[] = [];
  store.subscribe(({ object, resource }) => {
    if (resource === 'endpointslices.discovery.k8s.io') seen.push(JSON.stringify(object['endpoints']));
  });
  store.remove('pods', 'shop', asPods(store.list('pods', 'shop'))[0]?.metadata.name ?? '');
  await until('two again', () => seen.length > 0 && readyAddresses(store, 'web') === 2);
  expect(seen.join()).toContain('"conditions":{"ready":false,"serving":true,"terminating":true}');
  store.remove('services', 'shop', 'web');
  await until(
    'both gone',
    () => store.list('endpointslices.discovery.k8s.io').length + store.list('endpoints', 'shop').length === 0,
  );
});

test("a slice that is not the Service's own, as a restored one, is taken away", async () => {
  const store = start();
  store.create('services', serviceDraft('web'));
  store.create('deployments.apps', deploymentDraft('web', 1));
  await until('an address', () => readyAddresses(store, 'web') === 1);
  const [own] = store.list('endpointslices.discovery.k8s.io', 'shop');
  store.create('endpointslices.discovery.k8s.io', {
    metadata: { name: 'web-past', namespace: 'shop', labels: own?.metadata.labels ?? {} },
    endpoints: [{ addresses: ['10.0.0.9'], conditions: { ready: true } }],
  });
  await until('it to be gone', () => store.get('endpointslices.discovery.k8s.io', 'shop', 'web-past') === undefined);
  expect(store.list('endpointslices.discovery.k8s.io', 'shop').map(({ metadata }) => metadata.uid)).toEqual([
    own?.metadata.uid,
  ]);
});
