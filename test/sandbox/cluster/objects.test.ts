import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Bench,
  CONFIG_MAPS,
  configMap,
  DEPLOYMENTS,
  deployment,
  RESTORES,
  restore,
  startBench,
} from './api-client.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

test('create, read, replace, delete', async () => {
  const created = await bench.call('POST', CONFIG_MAPS, { body: configMap('crud') });
  expect(created).toMatchObject({ status: 201, body: { metadata: { name: 'crud', namespace: 'shop' } } });
  const body = { ...created.body, data: { key: 'new' } };
  expect(await bench.call('PUT', `${CONFIG_MAPS}/crud`, { body })).toMatchObject({
    status: 200,
    body: { data: { key: 'new' } },
  });
  const stale = await bench.call('PUT', `${CONFIG_MAPS}/crud`, { body });
  expect(stale.status).toBe(409);
  expect(stale.body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message:
      'Operation cannot be fulfilled on configmaps "crud": the object has been modified; ' +
      'please apply your changes to the latest version and try again',
    reason: 'Conflict',
    details: { name: 'crud', kind: 'configmaps' },
    code: 409,
  });
  const gone = await bench.call('DELETE', `${CONFIG_MAPS}/crud`);
  expect(gone).toMatchObject({ status: 200, body: { kind: 'Status', status: 'Success', details: { name: 'crud' } } });
  expect(await bench.call('GET', `${CONFIG_MAPS}/crud`)).toMatchObject({
    status: 404,
    body: { reason: 'NotFound', message: 'configmaps "crud" not found', details: { name: 'crud', kind: 'configmaps' } },
  });
});

test('creating twice, in no namespace, and in one that is going away', async () => {
  await bench.call('POST', RESTORES, { body: restore('twice') });
  expect(await bench.call('POST', RESTORES, { body: restore('twice') })).toMatchObject({
    status: 409,
    body: { reason: 'AlreadyExists', details: { name: 'twice', group: 'velero.io', kind: 'restores' } },
  });
  const elsewhere = await bench.call('POST', '/api/v1/namespaces/nowhere/configmaps', { body: configMap('a') });
  expect(elsewhere).toMatchObject({ status: 404, body: { message: 'namespaces "nowhere" not found' } });
  bench.store.create('namespaces', { metadata: { name: 'ending' } });
  const deleted = await bench.call('DELETE', '/api/v1/namespaces/ending');
  expect(deleted).toMatchObject({ status: 200, body: { kind: 'Namespace', status: { phase: 'Terminating' } } });
  const late = await bench.call('POST', '/api/v1/namespaces/ending/configmaps', { body: configMap('a') });
  expect(late).toMatchObject({
    status: 403,
    body: { reason: 'Forbidden', details: { causes: [{ reason: 'NamespaceTerminating' }] } },
  });
  const finalized = { ...deleted.body, spec: { finalizers: [] } };
  await bench.call('PUT', '/api/v1/namespaces/ending', { body: finalized });
  expect((await bench.call('GET', '/api/v1/namespaces/ending')).status).toBe(200);
  await bench.call('PUT', '/api/v1/namespaces/ending/finalize', { body: finalized });
  expect((await bench.call('GET', '/api/v1/namespaces/ending')).status).toBe(404);
});

test('generateName makes a name', async () => {
  const body = { ...restore(''), metadata: { generateName: 'daily-' } };
  const created = await bench.call('POST', RESTORES, { body });
  expect(created.body.metadata.name).toMatch(/^daily-[a-z0-9]{5}$/);
});

test('dry run stores nothing, in the query and in a DELETE body', async () => {
  expect((await bench.call('POST', `${CONFIG_MAPS}?dryRun=All`, { body: configMap('dry') })).status).toBe(201);
  expect((await bench.call('GET', `${CONFIG_MAPS}/dry`)).status).toBe(404);
  await bench.call('POST', CONFIG_MAPS, { body: configMap('dry') });
  const patch = { body: { data: { key: 'no' } }, type: 'application/merge-patch+json' };
  expect((await bench.call('PATCH', `${CONFIG_MAPS}/dry?dryRun=All`, patch)).body.data.key).toBe('no');
  expect((await bench.call('DELETE', `${CONFIG_MAPS}/dry`, { body: { dryRun: ['All'] } })).status).toBe(200);
  expect((await bench.call('GET', `${CONFIG_MAPS}/dry`)).body.data.key).toBe('value');
  expect((await bench.call('DELETE', `${CONFIG_MAPS}/dry?dryRun=Some`)).status).toBe(422);
});

test('delete honours preconditions, grace and propagation', async () => {
  const created = await bench.call('POST', CONFIG_MAPS, { body: configMap('pre') });
  const refused = await bench.call('DELETE', `${CONFIG_MAPS}/pre`, { body: { preconditions: { uid: 'other' } } });
  expect(refused).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
  const old = await bench.call('DELETE', `${CONFIG_MAPS}/pre`, { body: { preconditions: { resourceVersion: '1' } } });
  expect(old.status).toBe(409);
  const { uid } = created.body.metadata;
  expect((await bench.call('DELETE', `${CONFIG_MAPS}/pre`, { body: { preconditions: { uid } } })).status).toBe(200);
  expect((await bench.call('DELETE', `${CONFIG_MAPS}/pre`)).status).toBe(404);

  const spec = { containers: [{ name: 'c', image: 'i' }] };
  bench.store.create('pods', { metadata: { name: 'p', namespace: 'shop' }, spec });
  const graceful = await bench.call('DELETE', '/api/v1/namespaces/shop/pods/p?gracePeriodSeconds=9');
  expect(graceful.body.metadata.deletionGracePeriodSeconds).toBe(9);
  await bench.call('DELETE', '/api/v1/namespaces/shop/pods/p', { body: { gracePeriodSeconds: 0 } });
  expect(bench.store.get('pods', 'shop', 'p')).toBeUndefined();
});

test('orphaned dependents lose their owner', async () => {
  const owner = await bench.call('POST', DEPLOYMENTS, { body: deployment('owner') });
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'owner', uid: owner.body.metadata.uid };
  const metadata = { name: 'owned', namespace: 'shop', ownerReferences: [reference] };
  bench.store.create('configmaps', { metadata });
  await bench.call('DELETE', `${DEPLOYMENTS}/owner`, { body: { propagationPolicy: 'Orphan' } });
  expect(bench.store.get('configmaps', 'shop', 'owned')?.metadata.ownerReferences).toEqual([]);
  expect((await bench.call('DELETE', `${DEPLOYMENTS}/owner?propagationPolicy=Sideways`)).status).toBe(422);
});

test('deletecollection takes what the selector matches', async () => {
  for (const [name, tier] of [
    ['c1', 'x'],
    ['c2', 'x'],
    ['c3', 'y'],
  ] as const) {
    bench.store.create('secrets', { metadata: { name, namespace: 'shop', labels: { tier } } });
  }
  const answer = await bench.call('DELETE', '/api/v1/namespaces/shop/secrets?labelSelector=tier%3Dx');
  expect(answer.body.items).toHaveLength(2);
  expect(bench.store.list('secrets', 'shop').map((secret) => secret.metadata.name)).toEqual(['c3']);
  expect((await bench.call('DELETE', '/api/v1/namespaces')).status).toBe(405);
});

test('status has its own path where the kind has the subresource, and none where it has not', async () => {
  const { body } = await bench.call('POST', DEPLOYMENTS, { body: { ...deployment('st'), status: { replicas: 9 } } });
  expect(body.status).toBeUndefined();
  const merge = 'application/merge-patch+json';
  const both = { spec: { replicas: 4 }, status: { replicas: 2 } };
  const status = await bench.call('PATCH', `${DEPLOYMENTS}/st/status`, { type: merge, body: both });
  expect(status.body).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 2 } });
  const main = await bench.call('PATCH', `${DEPLOYMENTS}/st`, {
    type: merge,
    body: { ...both, status: { replicas: 7 } },
  });
  expect(main.body).toMatchObject({ spec: { replicas: 4 }, status: { replicas: 2 }, metadata: { generation: 2 } });
  expect((await bench.call('GET', `${DEPLOYMENTS}/st/status`)).body.status.replicas).toBe(2);

  await bench.call('POST', RESTORES, { body: restore('st') });
  const phase = { type: merge, body: { status: { phase: 'Completed' } } };
  expect((await bench.call('PATCH', `${RESTORES}/st`, phase)).body.status.phase).toBe('Completed');
  expect(await bench.call('PATCH', `${RESTORES}/st/status`, phase)).toMatchObject({
    status: 404,
    body: { reason: 'NotFound' },
  });
});

test('scale reads and writes replicas', async () => {
  await bench.call('POST', DEPLOYMENTS, { body: deployment('sc', 3) });
  const scale = await bench.call('GET', `${DEPLOYMENTS}/sc/scale`);
  expect(scale.body).toMatchObject({ kind: 'Scale', spec: { replicas: 3 }, status: { selector: 'app=sc' } });
  const body = { ...scale.body, spec: { replicas: 0 } };
  expect((await bench.call('PUT', `${DEPLOYMENTS}/sc/scale`, { body })).body.spec.replicas).toBe(0);
  expect((await bench.call('PUT', `${DEPLOYMENTS}/sc/scale`, { body })).status).toBe(409);
  const patch = { type: 'application/merge-patch+json', body: { spec: { replicas: -1 } } };
  expect((await bench.call('PATCH', `${DEPLOYMENTS}/sc/scale`, patch)).status).toBe(422);
  expect(bench.store.get('deployments.apps', 'shop', 'sc')).toMatchObject({ spec: { replicas: 0 } });
});

test('a finalizer holds an object until it is patched away; no new one can be added meanwhile', async () => {
  bench.store.create('configmaps', { metadata: { name: 'held', namespace: 'shop', finalizers: ['x.io/hold'] } });
  const marked = await bench.call('DELETE', `${CONFIG_MAPS}/held`);
  expect(marked).toMatchObject({ status: 200, body: { kind: 'ConfigMap' } });
  expect(marked.body.metadata.deletionTimestamp).toBeDefined();
  const patch = (finalizers: string[]) =>
    bench.call('PATCH', `${CONFIG_MAPS}/held`, {
      type: 'application/merge-patch+json',
      body: { metadata: { finalizers } },
    });
  expect((await patch(['x.io/hold', 'x.io/more'])).body.details.causes[0].reason).toBe('FieldValueForbidden');
  expect((await patch([])).status).toBe(200);
  expect((await bench.call('GET', `${CONFIG_MAPS}/held`)).status).toBe(404);
});
