import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Write } from '../../../sandbox/cluster/request-log.ts';
import { type Bench, CONFIG_MAPS, configMap, RESTORES, restore, startBench } from './api-client.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

test('status: a code, how often, for which requests', async () => {
  bench.api.faults.add({
    kind: 'status',
    code: 429,
    retryAfter: 2,
    times: 1,
    match: { verb: 'create', resource: 'restores.velero.io' },
  });
  expect((await bench.call('POST', CONFIG_MAPS, { body: configMap('a') })).status).toBe(201);
  const throttled = await bench.call('POST', RESTORES, { body: restore('r') });
  expect(throttled).toMatchObject({
    status: 429,
    body: { reason: 'TooManyRequests', details: { retryAfterSeconds: 2 } },
  });
  expect(throttled.headers['retry-after']).toBe('2');
  expect((await bench.call('POST', RESTORES, { body: restore('r') })).status).toBe(201);
});

test('a fault lasts until it is removed or cleared', async () => {
  const remove = bench.api.faults.add({ kind: 'status', code: 503, match: { name: /^a/ } });
  bench.api.faults.add({ kind: 'refuse', match: { path: /\/secrets$/ } });
  expect((await bench.call('GET', `${CONFIG_MAPS}/abc`)).status).toBe(503);
  expect((await bench.call('GET', `${CONFIG_MAPS}/abc`)).body.reason).toBe('ServiceUnavailable');
  expect((await bench.call('GET', `${CONFIG_MAPS}/xyz`)).status).toBe(404);
  remove();
  expect((await bench.call('GET', `${CONFIG_MAPS}/abc`)).status).toBe(404);
  const forbidden = await bench.call('GET', '/api/v1/namespaces/shop/secrets');
  expect(forbidden).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
  expect(forbidden.body.message).toContain('User "sandbox" cannot list resource "secrets"');
  bench.api.faults.clear();
  expect((await bench.call('GET', '/api/v1/namespaces/shop/secrets')).status).toBe(200);
});

test('a match on a resource covers its subresources, or names one of them', async () => {
  const path = '/apis/apps/v1/namespaces/shop/deployments/web';
  const remove = bench.api.faults.add({ kind: 'status', code: 500, match: { resource: 'deployments.apps/scale' } });
  expect((await bench.call('GET', path)).status).toBe(404);
  expect((await bench.call('GET', `${path}/scale`)).status).toBe(500);
  remove();
  bench.api.faults.add({ kind: 'status', code: 500, match: { resource: 'deployments.apps' } });
  expect((await bench.call('GET', `${path}/scale`)).status).toBe(500);
});

test('reset does nothing and cuts; reset-after does it and cuts', async () => {
  bench.api.faults.add({ kind: 'reset', times: 1 });
  await expect(bench.call('POST', CONFIG_MAPS, { body: configMap('a') })).rejects.toThrow();
  expect(bench.store.get('configmaps', 'shop', 'a')).toBeUndefined();
  bench.api.faults.add({ kind: 'reset-after', times: 1 });
  await expect(bench.call('POST', CONFIG_MAPS, { body: configMap('a') })).rejects.toThrow();
  expect(bench.store.get('configmaps', 'shop', 'a')).toBeDefined();
  expect(bench.api.requests().map((request) => request.status)).toEqual([undefined, undefined]);
});

test('timeout never answers and does nothing; slow answers late', async () => {
  bench.api.faults.add({ kind: 'timeout', times: 1 });
  const signal = AbortSignal.timeout(200);
  await expect(bench.call('POST', CONFIG_MAPS, { body: configMap('a'), signal })).rejects.toThrow('aborted');
  expect(bench.store.get('configmaps', 'shop', 'a')).toBeUndefined();
  bench.api.faults.add({ kind: 'slow', ms: 150, times: 1 });
  const began = Date.now();
  expect((await bench.call('GET', CONFIG_MAPS)).status).toBe(200);
  expect(Date.now() - began).toBeGreaterThanOrEqual(145);
});

test('a request given up on while it was slow is not done', async () => {
  bench.api.faults.add({ kind: 'slow', ms: 300, times: 1 });
  await expect(
    bench.call('POST', CONFIG_MAPS, { body: configMap('a'), signal: AbortSignal.timeout(100) }),
  ).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(bench.store.get('configmaps', 'shop', 'a')).toBeUndefined();
});

test('drop-watch cuts in place of the next event', async () => {
  const watch = await bench.watch(`${CONFIG_MAPS}?watch=1`);
  bench.api.faults.add({ kind: 'drop-watch', times: 1, match: { resource: 'configmaps' } });
  bench.store.create('configmaps', { metadata: { name: 'a', namespace: 'shop' } });
  await expect(watch.next()).rejects.toThrow('aborted');
  const again = await bench.watch(`${CONFIG_MAPS}?watch=1`);
  expect(await again.next()).toMatchObject({ object: { metadata: { name: 'a' } } });
});

test('down refuses and cuts what is open; up serves again at the same address', async () => {
  const watch = await bench.watch(`${CONFIG_MAPS}?watch=1`);
  const cut = watch.next().catch((error: Error) => error.message);
  await bench.api.faults.down();
  expect(await cut).toBe('aborted');
  await expect(bench.call('GET', CONFIG_MAPS)).rejects.toThrow('ECONNREFUSED');
  await bench.api.faults.down();
  await bench.api.faults.up();
  await bench.api.faults.up();
  expect((await bench.call('GET', CONFIG_MAPS)).status).toBe(200);
});

test('onWrite tells of each write before it is done and once it is stored, but not yet answered', async () => {
  const seen: (Write & { stored: boolean })[] = [];
  const stop = bench.api.onWrite(async (write) => {
    await Promise.resolve();
    seen.push({ ...write, stored: bench.store.get('configmaps', 'shop', 'a') !== undefined });
  });
  await bench.call('POST', CONFIG_MAPS, { body: configMap('a') });
  await bench.call('GET', `${CONFIG_MAPS}/a`);
  await bench.call('POST', CONFIG_MAPS, { body: configMap('a') });
  stop();
  await bench.call('DELETE', `${CONFIG_MAPS}/a`);
  const write = { verb: 'create', resource: 'configmaps', namespace: 'shop', name: 'a' };
  expect(seen).toEqual([
    { ...write, phase: 'before', stored: false },
    { ...write, phase: 'after', stored: true },
    { ...write, phase: 'before', stored: true },
  ]);
});

test('close during requests that hang leaves nothing open', async () => {
  bench.api.faults.add({ kind: 'timeout' });
  const hanging = bench.call('GET', CONFIG_MAPS).catch((error: Error) => error.message);
  while (bench.api.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await bench.close();
  expect(await hanging).toBe('socket hang up');
  expect(bench.api.connections()).toBe(0);
});
