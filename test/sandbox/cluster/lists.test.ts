import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, CONFIG_MAPS, startBench } from './api-client.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  const labels = [{ app: 'a', n: '1' }, { app: 'b', n: '2' }, { app: 'c', n: '3' }, {}];
  for (const [index, label] of labels.entries()) {
    bench.store.create('configmaps', { metadata: { name: `m${index}`, namespace: 'shop', labels: label } });
  }
  bench.store.create('configmaps', { metadata: { name: 'm9', namespace: 'velero' } });
});
afterAll(() => bench.close());

async function names(query: string, path = CONFIG_MAPS): Promise<string[]> {
  const answer = await bench.call('GET', `${path}?${query}`);
  return answer.body.items.map((item: { metadata: { name: string } }) => item.metadata.name);
}

test('a list carries the store revision and the kind of its items', async () => {
  const { body } = await bench.call('GET', CONFIG_MAPS);
  expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
  expect(body.metadata.resourceVersion).toBe(String(bench.store.revision()));
  expect(await names('', '/api/v1/configmaps')).toHaveLength(5);
});

test('pages follow one another', async () => {
  const first = await bench.call('GET', `${CONFIG_MAPS}?limit=3`);
  expect(first.body.items).toHaveLength(3);
  expect(first.body.metadata.remainingItemCount).toBe(1);
  const token = encodeURIComponent(first.body.metadata.continue);
  const second = await bench.call('GET', `${CONFIG_MAPS}?limit=3&continue=${token}`);
  expect(second.body.items).toMatchObject([{ metadata: { name: 'm3' } }]);
  expect(second.body.metadata.continue).toBeUndefined();
  expect(await bench.call('GET', `${CONFIG_MAPS}?continue=nonsense`)).toMatchObject({
    status: 400,
    body: { reason: 'BadRequest' },
  });
  expect((await bench.call('GET', `${CONFIG_MAPS}?limit=many`)).status).toBe(400);
});

test('a page from before compaction has expired', async () => {
  const own = await startBench();
  try {
    for (const name of ['a', 'b']) own.store.create('configmaps', { metadata: { name, namespace: 'shop' } });
    const first = await own.call('GET', `${CONFIG_MAPS}?limit=1`);
    own.store.purge('configmaps', 'shop', 'b');
    own.store.compact();
    const second = await own.call(
      'GET',
      `${CONFIG_MAPS}?limit=1&continue=${encodeURIComponent(first.body.metadata.continue)}`,
    );
    expect(second).toMatchObject({ status: 410, body: { reason: 'Expired', code: 410 } });
  } finally {
    await own.close();
  }
});

test.each([
  ['app=a', ['m0']],
  ['app==a', ['m0']],
  ['app!=a', ['m1', 'm2', 'm3']],
  ['app in (a,b)', ['m0', 'm1']],
  ['app notin (a,b)', ['m2', 'm3']],
  ['app', ['m0', 'm1', 'm2']],
  ['!app', ['m3']],
  ['app in (a,b),n!=1', ['m1']],
])('label selector %s', async (selector, expected) => {
  expect(await names(`labelSelector=${encodeURIComponent(selector)}`)).toEqual(expected);
});

test.each(['app in a', 'app=%%', '=a', 'a b', 'app in (a', '-bad-'])(
  'label selector %s is refused',
  async (selector) => {
    const answer = await bench.call('GET', `${CONFIG_MAPS}?labelSelector=${encodeURIComponent(selector)}`);
    expect(answer).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
  },
);

test('field selectors know the fields that each kind offers', async () => {
  expect(await names('fieldSelector=metadata.name%3Dm1')).toEqual(['m1']);
  expect(await names('fieldSelector=metadata.name!%3Dm1,metadata.namespace%3Dvelero', '/api/v1/configmaps')).toEqual([
    'm9',
  ]);
  bench.store.create('pods', { metadata: { name: 'p', namespace: 'shop' }, spec: { nodeName: 'n1' } });
  expect(await names('fieldSelector=spec.nodeName%3Dn1,status.phase%3DPending', '/api/v1/pods')).toEqual(['p']);
  const unknown = await bench.call('GET', `${CONFIG_MAPS}?fieldSelector=spec.x%3D1`);
  expect(unknown.status).toBe(400);
  expect(unknown.body.message).toContain('field label not supported: spec.x');
  expect((await bench.call('GET', `${CONFIG_MAPS}?fieldSelector=nonsense`)).status).toBe(400);
});
