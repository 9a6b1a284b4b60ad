import { expect, test } from 'vitest';
import { type Change, createStore } from '../../../sandbox/cluster/store.ts';

function storeWithNamespace() {
  const store = createStore();
  store.create('namespaces', { metadata: { name: 'shop' } });
  return store;
}

test('create sets what the server sets, and needs a namespace that lives', () => {
  const store = storeWithNamespace();
  const created = store.create('configmaps', { metadata: { name: 'a', namespace: 'shop' }, data: { k: 'v' } });
  expect(created).toMatchObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { generation: 1, namespace: 'shop' },
  });
  expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(created.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const draft = { metadata: { name: 'a', namespace: 'shop' } };
  expect(() => store.create('configmaps', draft)).toThrow('configmaps "a" already exists');
  expect(() => store.create('configmaps', { metadata: { name: 'a', namespace: 'no' } })).toThrow(
    'namespaces "no" not found',
  );
  store.remove('namespaces', undefined, 'shop');
  expect(() => store.create('configmaps', { metadata: { name: 'b', namespace: 'shop' } })).toThrow(
    'is being terminated',
  );
});

test('what it returns cannot be changed from outside', () => {
  const store = storeWithNamespace();
  const draft = { metadata: { name: 'a', namespace: 'shop' }, data: { k: 'v' } };
  const created = store.create('configmaps', draft);
  draft.data.k = 'other';
  expect(() => Object.assign(created, { data: {} })).toThrow(TypeError);
  expect(store.get('configmaps', 'shop', 'a')).toMatchObject({ data: { k: 'v' } });
});

test('update needs the stored resourceVersion, and no change is no write', () => {
  const store = storeWithNamespace();
  const first = store.create('deployments.apps', { metadata: { name: 'a', namespace: 'shop' }, spec: { replicas: 1 } });
  const second = store.update('deployments.apps', { ...first, spec: { replicas: 2 } });
  expect(second.metadata.generation).toBe(2);
  expect(() => store.update('deployments.apps', { ...first, spec: {} })).toThrow('the object has been modified');
  expect(store.update('deployments.apps', structuredClone(second)).metadata.resourceVersion).toBe(
    second.metadata.resourceVersion,
  );
  const third = store.modify('deployments.apps', 'shop', 'a', (object) =>
    Object.assign(object, { status: { replicas: 1 } }),
  );
  expect(third?.metadata.generation).toBe(2);
});

test('status counts towards the generation of a custom resource without a status subresource', () => {
  const store = storeWithNamespace();
  store.create('restores.velero.io', { metadata: { name: 'a', namespace: 'shop' }, spec: {} });
  const changed = store.modify('restores.velero.io', 'shop', 'a', (object) =>
    Object.assign(object, { status: { phase: 'New' } }),
  );
  expect(changed?.metadata.generation).toBe(2);
});

test('a finalizer delays removal until it is taken away', () => {
  const store = storeWithNamespace();
  store.create('configmaps', { metadata: { name: 'a', namespace: 'shop', finalizers: ['x.io/hold'] } });
  expect(store.remove('configmaps', 'shop', 'a')?.metadata.deletionTimestamp).toBeDefined();
  expect(store.get('configmaps', 'shop', 'a')).toBeDefined();
  store.modify('configmaps', 'shop', 'a', (object) => {
    object.metadata.finalizers = [];
  });
  expect(store.get('configmaps', 'shop', 'a')).toBeUndefined();
});

test('a pod keeps its grace period; a namespace waits for its controller', () => {
  const store = storeWithNamespace();
  store.create('pods', { metadata: { name: 'a', namespace: 'shop' }, spec: { terminationGracePeriodSeconds: 7 } });
  expect(store.remove('pods', 'shop', 'a')?.metadata.deletionGracePeriodSeconds).toBe(7);
  expect(store.get('pods', 'shop', 'a')).toBeDefined();
  store.remove('pods', 'shop', 'a', { gracePeriodSeconds: 0 });
  expect(store.get('pods', 'shop', 'a')).toBeUndefined();
  expect(store.remove('namespaces', undefined, 'shop')).toMatchObject({ status: { phase: 'Terminating' } });
  store.purge('namespaces', undefined, 'shop');
  expect(store.get('namespaces', undefined, 'shop')).toBeUndefined();
});

test('removal honours uid and resourceVersion', () => {
  const store = storeWithNamespace();
  const { uid } = store.create('configmaps', { metadata: { name: 'a', namespace: 'shop' } }).metadata;
  expect(() => store.remove('configmaps', 'shop', 'a', { uid: 'other' })).toThrow(
    'the UID in the precondition (other)',
  );
  expect(() => store.remove('configmaps', 'shop', 'a', { resourceVersion: '1' })).toThrow(
    'the ResourceVersion in the precondition (1)',
  );
  expect(store.remove('configmaps', 'shop', 'a', { uid })).toBeDefined();
  expect(store.remove('configmaps', 'shop', 'a')).toBeUndefined();
});

test('every listener sees changes in the order of revisions, even where one of them writes', () => {
  const store = storeWithNamespace();
  const seen: Change[] = [];
  store.subscribe((change) => {
    if (change.object.metadata.name === 'a') store.create('configmaps', { metadata: { name: 'b', namespace: 'shop' } });
  });
  const stop = store.subscribe((change) => seen.push(change));
  store.create('configmaps', { metadata: { name: 'a', namespace: 'shop' } });
  stop();
  store.purge('configmaps', 'shop', 'b');
  expect(seen.map((change) => [change.type, change.object.metadata.name])).toEqual([
    ['ADDED', 'a'],
    ['ADDED', 'b'],
  ]);
});

test('history reaches back to the last compaction', () => {
  const store = storeWithNamespace();
  const before = store.revision();
  store.create('configmaps', { metadata: { name: 'a', namespace: 'shop' } });
  expect(store.changesSince(before)).toMatchObject([{ type: 'ADDED', revision: before + 1 }]);
  store.compact();
  expect(store.changesSince(before)).toBe('expired');
  expect(store.changesSince(store.revision())).toEqual([]);
});
