import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createQueue, startWorker } from '../../src/adapters/bullmq-queue.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';

const skip = !hasRedisServer();
if (skip) announceSkip('test/adapters/bullmq-queue.test.ts', 'no redis-server on the PATH');

/** Stands before Redis and answers nothing to the first connection once it has asked for the second time what Redis is. */
async function startMute(redisPort: number): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((client) => {
    connections += 1;
    const first = connections === 1;
    let asked = 0;
    const redis = connect(redisPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => other.destroy());
    }
    client.on('data', (chunk) => {
      // ioredis asks once whether Redis is ready, BullMQ then which version it is.
      asked += chunk.toString().match(/\r\ninfo\r\n/gi)?.length ?? 0;
      redis.write(chunk);
    });
    redis.on('data', (chunk) => {
      if (!first || asked < 2) client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

describe.skipIf(skip)('the queue', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.stop());

  test('a Redis that was too slow for the first question is asked again by the next nudge', async () => {
    const mute = await startMute(redis.port);
    const queue = createQueue(parseRedisUrl(mute.url), () => undefined);
    const raw = new Redis(redis.url);
    await expect(queue.wake('run-a')).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    await expect
      .poll(
        () =>
          queue.wake('run-a').then(
            () => 'woken',
            () => 'not yet',
          ),
        { timeout: 5_000 },
      )
      .toBe('woken');
    expect(await raw.lrange('{muster}:queue:streams:wait', 0, -1)).toEqual(['run-a']);
    raw.disconnect();
    await queue.close();
    await mute.close();
  });

  test('who works on runs alone is not counted among those who work on incidents', async () => {
    const place = parseRedisUrl(redis.url);
    const queue = createQueue(place, () => undefined);
    const start = (line: 'runs' | 'incidents') =>
      startWorker({
        ...{ place, line, concurrency: 1, look: async () => undefined },
        ...{ lookAgain: async () => undefined, onTrouble: () => undefined },
      });
    const counted = async () => [await queue.workers(), await queue.workers('incidents')];
    const runs = start('runs');
    await expect.poll(counted, { timeout: 20_000 }).toEqual([1, 0]);
    const incidents = start('incidents');
    await expect.poll(counted, { timeout: 20_000 }).toEqual([1, 1]);
    await Promise.all([runs.close(1_000), incidents.close(1_000)]);
    await queue.close();
  });
});
