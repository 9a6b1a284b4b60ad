import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import { freePort, hasRedisServer } from '../redis.ts';
import { DEPLOY, findManifest, podOf, readManifests } from './manifests.ts';

const redisServer = hasRedisServer();
if (!redisServer) announceSkip('deploy/redis on a real redis-server', 'there is no redis-server on the PATH');

const FOLDER = join(DEPLOY, 'redis');
const PASSWORD = 'only-for-this-test';

test('the StatefulSet starts what is tested here, keeps its data, and takes the password from the Secret', () => {
  const manifest = findManifest(readManifests('redis'), 'StatefulSet', 'muster-redis');
  const [container] = podOf(manifest).containers;
  expect(container?.['command']).toEqual(['sh', '/etc/muster-redis/start.sh']);
  expect(container?.env?.map(({ name, valueFrom }) => [name, valueFrom])).toEqual(
    ['REDIS_PASSWORD', 'REDISCLI_AUTH'].map((name) => [
      name,
      { secretKeyRef: { name: 'muster-redis', key: 'password' } },
    ]),
  );
  expect(container?.volumeMounts).toContainEqual({ name: 'data', mountPath: '/data' });
  expect(readFileSync(join(FOLDER, 'redis.conf'), 'utf8')).toContain('\ndir /data\n');
  expect(manifest['spec']).toMatchObject({
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
  });
});

describe.skipIf(!redisServer)('deploy/redis on a real redis-server', () => {
  test('answers nobody without the password, writes before it answers, and throws nothing out', async () => {
    await withRedis(async (port) => {
      const client = connect(port, PASSWORD);
      const stranger = connect(port);
      try {
        await expect.poll(() => client.ping().catch(String), { timeout: 10_000 }).toBe('PONG');
        const settings = ['appendonly', 'appendfsync', 'maxmemory-policy', 'save'];
        const answers = await Promise.all(settings.map((name) => client.config('GET', name)));
        expect(answers).toEqual([
          ['appendonly', 'yes'],
          ['appendfsync', 'always'],
          ['maxmemory-policy', 'noeviction'],
          ['save', ''],
        ]);
        await expect(stranger.get('a')).rejects.toThrow('NOAUTH');
      } finally {
        client.disconnect();
        stranger.disconnect();
      }
    });
  });

  test('does not start without a password', async () => {
    const child = spawn('sh', [join(FOLDER, 'start.sh')], { env: { PATH: process.env['PATH'] }, stdio: 'ignore' });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(code).not.toBe(0);
  });
});

function connect(port: number, password?: string): Redis {
  const client = new Redis({ port, ...(password === undefined ? {} : { password }), retryStrategy: () => 100 });
  return client.on('error', () => undefined);
}

/** As the container starts it, but for the port and the folder, which are this machine's. */
async function withRedis(work: (port: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'muster-deploy-redis-'));
  const conf = readFileSync(join(FOLDER, 'redis.conf'), 'utf8')
    .replace('dir /data', `dir ${folder}`)
    .replace('port 6379', `port ${port}\nbind 127.0.0.1`);
  writeFileSync(join(folder, 'redis.conf'), conf);
  const env = { PATH: process.env['PATH'], REDIS_PASSWORD: PASSWORD, REDIS_CONF: join(folder, 'redis.conf') };
  const child = spawn('sh', [join(FOLDER, 'start.sh')], { env, stdio: 'ignore' });
  const exit = new Promise((resolve) => child.on('exit', resolve));
  try {
    await work(port);
  } finally {
    child.kill('SIGTERM');
    await exit;
    rmSync(folder, { recursive: true });
  }
}
