import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Bench, DEPLOYMENTS, deployment, RESTORES, restore, startBench } from './api-client.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const WEB = `${DEPLOYMENTS}/web`;
beforeEach(async () => {
  await bench.call('DELETE', WEB);
  await bench.call('POST', DEPLOYMENTS, { body: deployment('web') });
});

function patch(type: string, body: unknown, path = WEB) {
  return bench.call('PATCH', path, { type, body });
}

test('json patch', async () => {
  const done = await patch(JSON_PATCH, [
    { op: 'test', path: '/spec/replicas', value: 1 },
    { op: 'replace', path: '/spec/replicas', value: 3 },
    { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
  ]);
  expect(done).toMatchObject({ status: 200, body: { spec: { replicas: 3 }, metadata: { labels: { a: 'b' } } } });
  expect((await patch(JSON_PATCH, [{ op: 'test', path: '/spec/replicas', value: 1 }])).status).toBe(422);
  expect((await patch(JSON_PATCH, [{ op: 'remove', path: '/spec/nothing' }])).status).toBe(422);
  expect((await patch(JSON_PATCH, { spec: {} })).body.message).toContain('cannot unmarshal object');
  expect((await patch(JSON_PATCH, [{ path: '/spec' }])).status).toBe(400);
});

test('merge patch replaces lists and deletes with null', async () => {
  const body = {
    metadata: { annotations: { a: '1' } },
    spec: { paused: true, template: { spec: { containers: [{ name: 'other', image: 'i' }] } } },
  };
  const done = await patch(MERGE, body);
  expect(done.body.spec.template.spec.containers).toEqual([{ name: 'other', image: 'i' }]);
  const cleared = await patch(MERGE, { metadata: { annotations: { a: null } }, spec: { paused: null } });
  expect(cleared.body.spec.paused).toBeUndefined();
  expect(cleared.body.metadata.annotations).toBeUndefined();
});

test('strategic merge patch merges containers by name and env by name', async () => {
  const container = { name: 'main', env: [{ name: 'B', value: '2' }] };
  const done = await patch(STRATEGIC, { spec: { template: { spec: { containers: [container] } } } });
  expect(done.body.spec.template.spec.containers).toEqual([
    {
      name: 'main',
      image: 'nginx:1',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ]);
});

test('strategic merge patch directives: delete, order, replace', async () => {
  const spec = {
    $setElementOrder: 0,
    '$setElementOrder/containers': [{ name: 'first' }, { name: 'main' }],
    containers: [
      { name: 'main', env: [{ name: 'A', $patch: 'delete' }] },
      { name: 'first', image: 'i' },
    ],
  };
  const done = await patch(STRATEGIC, { spec: { template: { spec } } });
  expect(done.body.spec.template.spec.containers).toEqual([
    { name: 'first', image: 'i' },
    { name: 'main', image: 'nginx:1', env: [] },
  ]);
  const strategy = { $retainKeys: ['type'], type: 'Recreate' };
  expect((await patch(STRATEGIC, { spec: { strategy } })).body.spec.strategy).toEqual({ type: 'Recreate' });
  const finalizers = ['x.io/a'];
  await patch(STRATEGIC, { metadata: { finalizers } });
  const both = await patch(STRATEGIC, { metadata: { finalizers: ['x.io/b'] } });
  expect(both.body.metadata.finalizers).toEqual(['x.io/a', 'x.io/b']);
  const removal = { '$deleteFromPrimitiveList/finalizers': ['x.io/a', 'x.io/b'] };
  expect((await patch(STRATEGIC, { metadata: removal })).body.metadata.finalizers).toBeUndefined();
});

test('server-side apply needs a manager, makes what is missing and merges into what is there', async () => {
  const yaml = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 6}\n';
  expect((await patch(APPLY, yaml)).status).toBe(422);
  const merged = await patch(APPLY, yaml, `${WEB}?fieldManager=me`);
  expect(merged).toMatchObject({
    status: 200,
    body: { spec: { replicas: 6, selector: { matchLabels: { app: 'web' } } } },
  });
  const made = await patch(APPLY, restore('applied'), `${RESTORES}/applied?fieldManager=me`);
  expect(made).toMatchObject({ status: 201, body: { metadata: { name: 'applied' }, spec: { backupName: 'nightly' } } });
  expect((await patch(APPLY, { spec: {} }, `${WEB}?fieldManager=me`)).status).toBe(400);
});

test('a custom resource takes no strategic merge patch, and nothing takes an unknown type', async () => {
  await bench.call('POST', RESTORES, { body: restore('cr') });
  const refused = await patch(STRATEGIC, { spec: {} }, `${RESTORES}/cr`);
  expect(refused).toMatchObject({ status: 415, body: { reason: 'UnsupportedMediaType', code: 415 } });
  expect((await patch('application/json', {})).status).toBe(415);
  expect((await patch(MERGE, {}, `${DEPLOYMENTS}/none`)).status).toBe(404);
});

test('a patch that names another resourceVersion conflicts; without one it does not', async () => {
  const metadata = { resourceVersion: '1' };
  expect((await patch(MERGE, { metadata, spec: { replicas: 2 } })).status).toBe(409);
  expect((await patch(MERGE, { spec: { replicas: 2 } })).status).toBe(200);
  expect((await patch(MERGE, '{"spec":')).status).toBe(400);
});
