import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/domain/kinds.ts';
import type { Bench } from './contract.ts';
import { ConfigMap, configMap, Gadget, patient } from './contract-kinds.ts';

/** How a promise stands after a while: does not cancel it. */
async function stateAfter(ms: number, promise: Promise<void>): Promise<'pending' | 'resolved'> {
  return Promise.race([promise.then(() => 'resolved' as const), sleep(ms, 'pending' as const)]);
}

async function elapsed(promise: Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await promise;
  return performance.now() - startedAt;
}

export function testWatching(bench: () => Bench): void {
  describe('awaitChange', () => testAwaitChange(bench));
}

function testAwaitChange(bench: () => Bench): void {
  const pathOf = ({ metadata }: KubeObject) => `/api/v1/namespaces/${metadata.namespace}/configmaps/${metadata.name}`;
  const change = async (object: KubeObject, colour: string) =>
    bench().admin.must('PUT', pathOf(object), { ...object, data: { colour } });

  test('waits while only other objects change, and resolves when this one does', async () => {
    const { cluster, namespace } = bench();
    const watched = await cluster.create(ConfigMap, configMap('watched', namespace), patient());
    const other = await cluster.create(ConfigMap, configMap('other', namespace), patient());
    const waiting = cluster.awaitChange(ConfigMap, watched, patient());
    expect(await stateAfter(400, waiting)).toBe('pending');
    await change(other, 'green');
    expect(await stateAfter(400, waiting)).toBe('pending');
    await change(watched, 'green');
    expect(await stateAfter(1_000, waiting)).toBe('resolved');
  });

  test('resolves at once where the object changed before', async () => {
    const { cluster, namespace } = bench();
    const early = await cluster.create(ConfigMap, configMap('early', namespace), patient());
    await change(early, 'blue');
    expect(await stateAfter(900, cluster.awaitChange(ConfigMap, early, patient()))).toBe('resolved');
  });

  test('resolves at once where the object was deleted before', async () => {
    const { cluster, admin, namespace } = bench();
    const late = await cluster.create(ConfigMap, configMap('late', namespace), patient());
    await admin.must('DELETE', pathOf(late));
    expect(await stateAfter(900, cluster.awaitChange(ConfigMap, late, patient()))).toBe('resolved');
  });

  test('resolves when the object is deleted', async () => {
    const { cluster, admin, namespace } = bench();
    const doomed = await cluster.create(ConfigMap, configMap('watched-doomed', namespace), patient());
    const waiting = cluster.awaitChange(ConfigMap, doomed, patient());
    expect(await stateAfter(300, waiting)).toBe('pending');
    await admin.must('DELETE', pathOf(doomed));
    expect(await stateAfter(1_000, waiting)).toBe('resolved');
  });

  test('resolves when the signal aborts, at once when it has', async () => {
    const { cluster, namespace } = bench();
    const quiet = await cluster.create(ConfigMap, configMap('quiet', namespace), patient());
    const stop = new AbortController();
    const waiting = cluster.awaitChange(ConfigMap, quiet, stop.signal);
    expect(await stateAfter(300, waiting)).toBe('pending');
    stop.abort();
    expect(await stateAfter(1_000, waiting)).toBe('resolved');
    expect(await elapsed(cluster.awaitChange(ConfigMap, quiet, stop.signal))).toBeLessThan(1_000);
  });

  test('a watch that cannot be held resolves, but not in a hot loop', async () => {
    const { cluster, namespace } = bench();
    const { metadata } = await cluster.create(ConfigMap, configMap('unserved', namespace), patient());
    const waited = await elapsed(cluster.awaitChange(Gadget, { metadata }, patient()));
    expect(waited).toBeGreaterThan(900);
    expect(waited).toBeLessThan(2_000);
  });
}
