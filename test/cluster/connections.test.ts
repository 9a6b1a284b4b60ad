import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { beforeEach, expect, test } from 'vitest';
import { Restore } from '../../src/domain/velero.ts';
import type { Cluster } from '../../src/ports.ts';
import { patient } from './contract-kinds.ts';
import { metadata, read, send, useFaultServer } from './fault-bench.ts';

const bench = useFaultServer();
const { namespace: _, ...clusterScoped } = metadata;
const namespace = { metadata: clusterScoped };

/** The socket of each request, in order. */
let asked: { method: string | undefined; socket: Socket }[];
let cluster: Cluster;
const note = ({ method, socket }: IncomingMessage) => asked.push({ method, socket });
const countSockets = () => new Set(asked.map(({ socket }) => socket)).size;

beforeEach(async () => {
  asked = [];
  cluster = await bench.clusterAt(bench.url());
});

test('reads, one after the other, share a connection', async () => {
  bench.answer((request, response) => {
    note(request);
    send(response, 200, namespace);
  });
  for (let count = 0; count < 3; count += 1) expect(await read(cluster)).toMatchObject(namespace);
  expect(asked).toHaveLength(3);
  expect(countSockets()).toBe(1);
});

test('what changes something has a connection of its own, each time', async () => {
  bench.answer((request, response) => {
    note(request);
    send(response, 200, request.method === 'POST' ? { metadata } : namespace);
  });
  await read(cluster);
  for (let count = 0; count < 2; count += 1)
    await cluster.create(Restore, { metadata: { name: 'a', namespace: 'b' } }, patient()).catch(() => undefined);
  expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
  expect(countSockets()).toBe(3);
});

test('a read on a connection that is gone is sent again, once, on another', async () => {
  bench.answer((request, response) => {
    note(request);
    if (asked.length === 2) request.socket.destroy();
    else send(response, 200, namespace);
  });
  await read(cluster);
  expect(await read(cluster)).toMatchObject(namespace);
  expect(asked).toHaveLength(3);
  expect(countSockets()).toBe(2);
});

test('and is not sent a third time', async () => {
  bench.answer((request, response) => {
    note(request);
    if (asked.length >= 2) request.socket.destroy();
    else send(response, 200, namespace);
  });
  await read(cluster);
  expect(await read(cluster)).toMatchObject({ code: 'CLUSTER_UNREACHABLE', retryable: true });
  expect(asked).toHaveLength(3);
});

test('a create that is cut off is never sent again', async () => {
  bench.answer((request, response) => {
    note(request);
    if (request.method === 'POST') request.socket.destroy();
    else send(response, 200, namespace);
  });
  await read(cluster);
  const outcome = cluster.create(Restore, { metadata: { name: 'a', namespace: 'b' } }, patient());
  await expect(outcome).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', retryable: true });
  expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST']);
});
