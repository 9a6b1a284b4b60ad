import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import type { LedgerAppend } from '../../src/domain/ledger.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import { isDrError } from '../../src/errors.ts';
import type { Ledger } from '../../src/ports.ts';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/adapters/redis-ledger.test.ts', 'no redis-server on the PATH');

let sequence = 0;
function append(stream: string, after: string | undefined, more: Partial<LedgerAppend> = {}): LedgerAppend {
  sequence += 1;
  const event = { type: 'run.expired', v: 1, eid: `e${sequence}`, at: 1_000 + sequence } as const;
  return { stream, after, event, target: `c/${stream}`, lease: 'none', terminal: false, ...more };
}

describe.skipIf(!real)('the ledger on a real Redis', () => {
  let redis: RedisServer;
  let ledger: Ledger;
  beforeAll(async () => {
    redis = await startRedis();
    ledger = createRedisLedger(parseRedisUrl(redis.url), () => undefined);
  });
  afterAll(async () => {
    await ledger.close();
    await redis.stop();
  });

  test('of 20 writers with the same view one wins and 19 are told', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => ledger.append(append('race', undefined))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused).toEqual(Array(19).fill('LEDGER_CONFLICT'));
    expect(await ledger.read('race')).toHaveLength(1);
  });

  test('the same event sent twice is there once', async () => {
    const request = append('twice', undefined);
    const id = await ledger.append(request);
    expect(await ledger.append(request)).toBe(id);
    expect(await ledger.read('twice')).toHaveLength(1);
  });

  test('tells the last entries of many streams at once', async () => {
    const first = await ledger.append(append('many-1', undefined));
    const last = await ledger.append(append('many-1', first));
    const other = await ledger.append(append('many-450', undefined));
    const asked = Array.from({ length: 450 }, (_, at) => `many-${at + 1}`);
    expect([...(await ledger.lastIds(asked))]).toEqual([
      ['many-1', last],
      ['many-450', other],
    ]);
    expect([...(await ledger.lastIds([]))]).toEqual([]);
  });

  test('a target is held by one run from its start to its end', async () => {
    const target = 'c/held';
    const first = await ledger.append(append('run-a', undefined, { target, lease: 'take' }));
    await expect(ledger.append(append('run-b', undefined, { target, lease: 'take' }))).rejects.toMatchObject({
      code: 'TARGET_HELD',
      message: expect.stringContaining('Run a holds c/held'),
    });
    expect(await ledger.holder(target)).toBe('run-a');
    expect(await ledger.read('run-b')).toEqual([]);
    await ledger.append(append('run-a', first, { target, lease: 'free', terminal: true }));
    expect(await ledger.holder(target)).toBeUndefined();
    await ledger.append(append('run-b', undefined, { target, lease: 'take' }));
    expect(await ledger.unfinished()).toContain('run-b');
    expect(await ledger.unfinished()).not.toContain('run-a');
  });

  test('another run cannot free a lease that is not its own', async () => {
    await ledger.append(append('run-c', undefined, { target: 'c/own', lease: 'take' }));
    await ledger.append(append('run-d', undefined, { target: 'c/own', lease: 'free' }));
    expect(await ledger.holder('c/own')).toBe('run-c');
  });

  test("a Redis that became another installation's is refused until its id is agreed on", async () => {
    const mine = await ledger.installation();
    const raw = new Redis(redis.url);
    await raw.set('{muster}:installation', 'somebody-else');
    await expect(ledger.append(append('foreign', undefined))).rejects.toMatchObject({ code: 'LEDGER_FOREIGN' });
    expect(await ledger.read('foreign')).toEqual([]);
    expect(await ledger.installation()).toBe('somebody-else');
    await raw.set('{muster}:installation', mine);
    raw.disconnect();
    expect(await ledger.installation()).toBe(mine);
    await ledger.append(append('foreign', undefined));
  });

  test('while Redis is away a call fails in about a second, and works again afterwards; nothing is lost', async () => {
    const id = await ledger.append(append('outage', undefined));
    await redis.kill();
    const began = Date.now();
    const error = await ledger.read('outage').catch((thrown: unknown) => thrown);
    expect(isDrError(error, 'LEDGER_UNREACHABLE')).toBe(true);
    expect(Date.now() - began).toBeLessThan(3_000);
    await redis.restart();
    await expect.poll(() => ledger.read('outage').catch(() => []), { timeout: 5_000 }).toMatchObject([{ id }]);
  });

  test('an emptied Redis gets the id back that a running process knows', async () => {
    const before = await ledger.installation();
    await redis.restart({ emptied: true });
    await expect.poll(() => ledger.installation().catch(() => ''), { timeout: 5_000 }).toBe(before);
    expect(await ledger.read('outage')).toEqual([]);
  });
});
