import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { Namespace } from '../../src/domain/kinds.ts';
import type { Cluster } from '../../src/ports.ts';
import { patient } from './contract-kinds.ts';
import { metadata, read, send, useFaultServer } from './fault-bench.ts';
import { startFaultServer } from './fault-server.ts';

const bench = useFaultServer();

describe('no answer', () => {
  const unreachable = (message: string) => ({
    code: 'CLUSTER_UNREACHABLE',
    retryable: true,
    message: expect.stringContaining(message),
  });

  test('a closed port', async () => {
    expect(await read(await bench.clusterAt('https://127.0.0.1:1'))).toMatchObject(unreachable('ECONNREFUSED'));
  });

  test('a server of another certificate authority', async () => {
    const other = await startFaultServer((_, response) => send(response, 200, {}));
    expect(await read(await bench.clusterAt(other.url))).toMatchObject(unreachable('certificate'));
    await other.close();
  });

  test('a socket that is dropped before and amid the answer', async () => {
    const cluster = await bench.clusterAt(bench.url());
    bench.answer((request) => request.socket.destroy());
    expect(await read(cluster)).toMatchObject(unreachable('socket hang up'));
    bench.answer((request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{');
      setTimeout(() => request.socket.destroy(), 50);
    });
    expect(await read(cluster)).toMatchObject(unreachable('aborted'));
  });

  test('silence, before and amid the answer, ends with the time-out', async () => {
    const cluster = await bench.clusterAt(bench.url(), 300);
    bench.answer(() => {});
    expect(await read(cluster)).toMatchObject(unreachable('time ran out'));
    bench.answer((_, response) => response.writeHead(200).write('{'));
    expect(await read(cluster)).toMatchObject(unreachable('time ran out'));
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(silent.address()).not.toBeNull());
    const { port } = silent.address() as { port: number };
    expect(await read(await bench.clusterAt(`https://127.0.0.1:${port}`, 300))).toMatchObject(
      unreachable('time ran out'),
    );
    silent.close();
  });

  test('the caller’s abort ends a call under way', async () => {
    const cluster = await bench.clusterAt(bench.url());
    const stop = new AbortController();
    bench.answer(() => stop.abort());
    await expect(cluster.version(stop.signal)).rejects.toMatchObject(unreachable('cancelled'));
  });
});

describe('awaitChange', () => {
  const elapsed = async (cluster: Cluster) => {
    const startedAt = performance.now();
    await cluster.awaitChange(Namespace, { metadata }, patient());
    return performance.now() - startedAt;
  };
  const event = (type: string, resourceVersion: string) =>
    `${JSON.stringify({ type, object: { metadata: { resourceVersion } } })}\n`;

  test('ends by itself after the time-out, even where the server is silent', async () => {
    bench.answer((_, response) => response.writeHead(200).flushHeaders());
    const waited = await elapsed(await bench.clusterAt(bench.url(), 1_500));
    expect(waited).toBeGreaterThan(1_400);
    expect(waited).toBeLessThan(2_500);
  });

  test.for([
    ['a dropped socket', (response: ServerResponse) => response.destroy()],
    ['a watch that ends at once', (response: ServerResponse) => response.end()],
    ['an expired resourceVersion', (response: ServerResponse) => response.write(event('ERROR', ''))],
    ['nonsense', (response: ServerResponse) => response.write('{"type":\n')],
    ['a refusal', (response: ServerResponse) => response.writeHead(403).end()],
  ] as const)('%s resolves, but not before a second', async ([, act]) => {
    bench.answer((_, response) => void act(response));
    const waited = await elapsed(await bench.clusterAt(bench.url()));
    expect(waited).toBeGreaterThan(900);
    expect(waited).toBeLessThan(2_000);
  });

  test('bookmarks and the state it began with are no change; what comes after is', async () => {
    bench.answer(async (request, response) => {
      expect(request.url).toContain('watch=true&fieldSelector=metadata.name%3Da&resourceVersion=7');
      response.write(event('ADDED', '7') + event('BOOKMARK', '9'));
      await sleep(500);
      response.write(event('MODIFIED', '8'));
    });
    const waited = await elapsed(await bench.clusterAt(bench.url()));
    expect(waited).toBeGreaterThan(450);
    expect(waited).toBeLessThan(900);
  });
});
