import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { choosePorts, findFreePort, untilFree } from '../../sandbox/find-free-port.ts';

const servers = new Set<ReturnType<typeof createServer>>();

afterEach(() => {
  for (const server of servers) server.close();
  servers.clear();
});

function occupy(port: number): Promise<ReturnType<typeof createServer>> {
  const server = createServer();
  servers.add(server);
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

describe('ports that no connection is given', () => {
  test('are below those of Linux', () =>
    expect(choosePorts({ first: 32_768, end: 61_000 })).toEqual({ first: 10_100, end: 32_768 }));

  test('are above those of a system that begins early', () =>
    expect(choosePorts({ first: 1_024, end: 30_000 })).toEqual({ first: 30_000, end: 65_536 }));

  test('are some of them where a system gives all', () =>
    expect(choosePorts({ first: 1_024, end: 65_536 })).toEqual({ first: 10_100, end: 15_000 }));

  test('are low where a system does not say', () =>
    expect(choosePorts(undefined)).toEqual({ first: 10_100, end: 15_000 }));
});

test('begin after 10080, the last that fetch refuses, and are many, whatever the system gives away', () => {
  for (const first of [1_024, 10_000, 16_000, 32_768]) {
    const ports = choosePorts({ first, end: 65_536 });
    expect(ports.first).toBeGreaterThan(10_080);
    expect(ports.end - ports.first).toBeGreaterThan(1_000);
  }
});

test('a free port can be listened on', async () => {
  const port = await findFreePort();
  await expect(occupy(port)).resolves.toBeDefined();
});

test('a port that somebody has is waited for', async () => {
  const port = await findFreePort();
  const server = await occupy(port);
  const waiting = untilFree(port);
  server.close();
  await waiting;
  await expect(occupy(port)).resolves.toBeDefined();
});

test('a port that stays somebody else’s is said', async () => {
  const port = await findFreePort();
  await occupy(port);
  await expect(untilFree(port, 100)).rejects.toThrow(`port ${port} is somebody else's`);
});
