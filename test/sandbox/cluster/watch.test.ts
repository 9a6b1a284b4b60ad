import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, CONFIG_MAPS, startBench } from './api-client.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench({ bookmarkMs: 100 });
});
afterEach(() => bench.close());

function create(name: string, labels: Record<string, string> = {}, namespace = 'shop') {
  return bench.store.create('configmaps', { metadata: { name, namespace, labels } });
}

test('without a revision it begins with what there is; each event comes at once', async () => {
  create('a');
  const watch = await bench.watch(`${CONFIG_MAPS}?watch=true`);
  expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
  const began = Date.now();
  create('b');
  expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
  expect(Date.now() - began).toBeLessThan(1000);
  create('elsewhere', {}, 'velero');
  bench.store.modify('configmaps', 'shop', 'a', (object) => Object.assign(object, { data: {} }));
  expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { metadata: { name: 'a' } } });
  bench.store.remove('configmaps', 'shop', 'a');
  const deleted = await watch.next();
  expect(deleted).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'a' } } });
  expect(deleted?.object.metadata.resourceVersion).toBe(String(bench.store.revision()));
});

test('from a revision it tells what happened since', async () => {
  create('a');
  const since = bench.store.revision();
  create('b');
  const watch = await bench.watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${since}`);
  expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
});

test('a revision that history has lost is a 410 in the stream', async () => {
  create('a');
  const since = bench.store.revision() - 1;
  bench.store.compact();
  const watch = await bench.watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${since}`);
  expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410 } });
  expect(await watch.next()).toBeUndefined();
});

test('a filtered watch shows objects come and go as they begin and cease to match', async () => {
  create('a', { tier: 'x' });
  const since = bench.store.revision();
  const watch = await bench.watch(`${CONFIG_MAPS}?watch=1&labelSelector=tier%3Dx&resourceVersion=${since}`);
  const relabel = (tier: string) =>
    bench.store.modify('configmaps', 'shop', 'a', (object) => {
      object.metadata.labels = { tier };
    });
  relabel('y');
  create('b', { tier: 'y' });
  relabel('x');
  expect(await watch.next()).toMatchObject({
    type: 'DELETED',
    object: { metadata: { name: 'a', labels: { tier: 'x' } } },
  });
  expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
});

test('it ends after timeoutSeconds, with a bookmark for those who asked for bookmarks', async () => {
  const path = `${CONFIG_MAPS}?watch=1&timeoutSeconds=1&resourceVersion=${bench.store.revision()}`;
  const plain = await bench.watch(path);
  const marked = await bench.watch(`${path}&allowWatchBookmarks=true`);
  expect(await plain.next()).toBeUndefined();
  const bookmark = await marked.next();
  expect(bookmark).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1' } });
  expect(bookmark?.object.metadata.resourceVersion).toBe(String(bench.store.revision()));
});

test('what is wrong is refused before the stream begins', async () => {
  for (const query of ['labelSelector=a%20b', 'fieldSelector=x%3D1', 'resourceVersion=abc', 'timeoutSeconds=soon']) {
    expect((await bench.call('GET', `${CONFIG_MAPS}?watch=1&${query}`)).status).toBe(400);
  }
});

test('close ends open watches and leaves no connection', async () => {
  const watch = await bench.watch(`${CONFIG_MAPS}?watch=1`);
  expect(bench.api.connections()).toBe(1);
  const ended = watch.next().catch((error: Error) => error.message);
  await bench.close();
  expect(await ended).toBe('aborted');
  expect(bench.api.connections()).toBe(0);
});
