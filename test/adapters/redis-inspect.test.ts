import { createServer, type Server } from 'node:net';
import { createRedisMock } from 'js-redis-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createRedisInspection } from '../../src/adapters/redis-inspect.ts';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import { judgeDurability, judgePersistence } from '../../src/domain/judge-redis.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import { announceSkip } from '../announce-skip.ts';
import { freePort, hasRedisServer, startRedis } from '../redis.ts';

const patient = () => AbortSignal.timeout(15_000);
if (!hasRedisServer()) announceSkip('what a real Redis tells about itself', 'no redis-server on the PATH');

describe('looking at Redis', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  test.skipIf(!hasRedisServer())('a real one tells all, and nothing is written to it', async () => {
    const redis = await startRedis();
    const place = parseRedisUrl(redis.url);
    const inspect = createRedisInspection(place);
    expect(await inspect(patient())).toMatchObject({
      ...{ role: 'master', loading: false, maxmemoryPolicy: 'noeviction', appendonly: true, appendfsync: 'always' },
      ...{ version: expect.stringMatching(/^\d+\.\d+/), lastWrite: 'ok', installation: undefined },
    });
    const ledger = createRedisLedger(place, () => undefined);
    const installation = await ledger.installation();
    const facts = await inspect(patient());
    expect(facts.installation).toBe(installation);
    expect(Math.abs((facts.time ?? 0) - Date.now())).toBeLessThan(2_000);
    expect(await ledger.isClaimed('a')).toBe(false);
    await ledger.claim('a', 1_000);
    expect(await ledger.isClaimed('a')).toBe(true);
    await ledger.close();
    await redis.stop();
  });

  test('an embedded one does not tell how durable it is: that is unchecked, never ok', async () => {
    const embedded = await createRedisMock();
    const [address] = embedded.addresses();
    const facts = await createRedisInspection(parseRedisUrl(`redis://127.0.0.1:${address?.port}`))(patient());
    await embedded.close();
    expect(facts).toMatchObject({ appendfsync: undefined, lastWrite: undefined });
    expect([judgeDurability('d', facts).verdict, judgePersistence('p', facts).verdict]).toEqual([
      'unchecked',
      'unchecked',
    ]);
  });

  test('one that is not there', async () => {
    const inspect = createRedisInspection(parseRedisUrl(`redis://127.0.0.1:${await freePort()}`));
    await expect(inspect(patient())).rejects.toMatchObject({
      code: 'LEDGER_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('one that never answers, once nobody waits any longer', async () => {
    const port = await freePort();
    server = createServer(() => undefined).listen(port, '127.0.0.1');
    const began = performance.now();
    const inspect = createRedisInspection(parseRedisUrl(`redis://127.0.0.1:${port}`));
    await expect(inspect(AbortSignal.timeout(500))).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
