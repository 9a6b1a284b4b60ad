import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import type { LedgerEvent } from '../../src/domain/ledger.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import { forgetRuns, KEEP_MS, KEEP_NEWEST } from '../../src/engine/forget-runs.ts';
import { sweep as sweepOnce } from '../../src/engine/sweep.ts';
import type { Ledger } from '../../src/ports.ts';
import { announceSkip } from '../announce-skip.ts';
import { openDoor } from '../commands/front-door.ts';
import { plantLedger } from '../ledger-fixture.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/engine/forget-runs.test.ts', 'no redis-server on the PATH');

const DAY = 24 * 3_600_000;
const LONG_AGO = Date.parse('2025-06-15T15:00:00Z');
/** All that was written long ago is past its time by a day. */
const NOW = LONG_AGO + KEEP_MS + DAY;

describe.skipIf(!real)('runs that were over long ago', () => {
  let redis: RedisServer;
  let ledger: Ledger;
  let now: number;
  let told: object[];
  beforeEach(async () => {
    redis = await startRedis();
    ledger = createRedisLedger(parseRedisUrl(redis.url), () => undefined);
    now = NOW;
    told = [];
  });
  afterEach(async () => {
    await ledger.close();
    await redis.stop();
  });

  const log = { info: (facts: object) => void told.push(facts), warn: () => undefined, error: () => undefined };
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const sweep = async () => forgetRuns({ ledger, clock, log }, await ledger.unfinished());

  /** A run with its messages, each as far as is said; times in ms since 1970. */
  async function write(run: string, { at = LONG_AGO, endedAt = at as number | null, said = true, owner = '' }) {
    const stream = `run-${run}`;
    const installation = owner === '' ? await ledger.installation() : owner;
    const target = { cluster: 'c', namespace: run };
    const common = { stream, target: `c/${run}`, lease: 'none' } as const;
    const stamp = (of: string, when: number) => ({ v: 1, eid: `${run}-${of}`, at: when }) as const;
    const request = {
      ...{ run, installation, command: 'x', params: {}, target, steps: [], health: [], data: [] },
      runbook: { name: 'x', title: 'x', hash: '', deadlineMs: 1 },
      by: { kind: 'terminal', account: 'alice', uid: 1 } as const,
    };
    const event: LedgerEvent = { type: 'run.requested', ...stamp('asked', at), request };
    const first = await ledger.append({ ...common, after: undefined, event, terminal: false, opens: `posts-${run}` });
    if (endedAt !== null)
      await ledger.append({
        ...common,
        after: first,
        event: { type: 'run.expired', ...stamp('end', endedAt) },
        terminal: true,
      });
    if (!said) return;
    const ended: LedgerEvent = { type: 'posts.ended', ...stamp('said', at) };
    const posts = { stream: `posts-${run}`, target: '', lease: 'none' } as const;
    await ledger.append({ ...posts, after: undefined, event: ended, terminal: true });
  }

  async function keys(): Promise<string[]> {
    const raw = new Redis(redis.url);
    const found = await raw.keys('*');
    raw.disconnect();
    return found.sort();
  }

  const fill = async (count: number, options = {}) => {
    for (let index = 0; index < count; index += 1)
      await write(`f${index}`, { at: LONG_AGO + 3_600_000 + index, ...options });
  };

  test('are deleted a few at a time, the oldest first, until the newest 200 are left; nothing of them stays', async () => {
    await fill(KEEP_NEWEST + 25);
    expect(await sweep()).toBe(20);
    expect(told).toEqual([{ forgotten: 20 }]);
    expect(await ledger.raw('run-f19')).toEqual([]);
    expect(await ledger.raw('posts-f19')).toEqual([]);
    expect(await ledger.raw('run-f20')).toHaveLength(2);
    expect([await sweep(), await sweep()]).toEqual([5, 0]);
    const left = await ledger.recent(1_000);
    expect(left).toHaveLength(KEEP_NEWEST);
    expect(left.at(-1)).toBe('run-f25');
    const streams = (await keys()).filter((key) => key.startsWith('{muster}:stream:'));
    expect(streams).toHaveLength(2 * KEEP_NEWEST);
    const lost = new Set(Array.from({ length: 25 }, (_, index) => `f${index}`));
    for (const key of await keys()) expect(lost).not.toContain(key.split(/[-/]/).at(-1));
  });

  test('are kept for 90 days after their end, whenever they were asked for', async () => {
    await write('late', { endedAt: LONG_AGO + 2 * DAY });
    await fill(KEEP_NEWEST);
    expect(await sweep()).toBe(0);
    now += 2 * DAY;
    expect(await sweep()).toBe(1);
    expect(await ledger.raw('run-late')).toEqual([]);
  });

  test('are kept while anything of them is unfinished, not ours, or a newer Muster wrote to it', async () => {
    await write('open', { endedAt: null });
    await write('saying', { said: false });
    const begun = {
      type: 'post.begun',
      v: 1,
      eid: 'saying-1',
      at: LONG_AGO,
      key: 'card',
      channel: 'C1',
      attempt: 1,
    } as const;
    await ledger.append({
      stream: 'posts-saying',
      after: undefined,
      event: begun,
      target: '',
      lease: 'none',
      terminal: false,
    });
    // Where only the terminal is used, nobody ever says anything of a run.
    await write('unsaid', { said: false });
    await write('pinned', {});
    const raw = new Redis(redis.url);
    await raw.xadd('{muster}:stream:posts-pinned', '*', 'eid', 'x', 'event', '{"type":"post.pinned","v":1}');
    raw.disconnect();
    await write('theirs', { owner: 'another-installation' });
    await plantLedger(redis.url, 'future-finished', await ledger.installation());
    await plantLedger(redis.url, 'future-first', await ledger.installation());
    await write('plain', {});
    await fill(KEEP_NEWEST);
    expect(await sweep()).toBe(2);
    for (const run of ['open', 'saying', 'pinned', 'theirs', 'nnnnnn', 'hhhhhh'])
      expect([run, (await ledger.raw(`run-${run}`)).length > 0]).toEqual([run, true]);
    expect(await ledger.raw('run-plain')).toEqual([]);
    expect(await ledger.raw('run-unsaid')).toEqual([]);
    expect((await ledger.unfinished()).sort()).toEqual(['posts-saying', 'run-hhhhhh', 'run-open']);
  });

  test('are found by the sweep that every bot keeps up', async () => {
    await fill(KEEP_NEWEST + 1);
    const { muster } = await openDoor({ REDIS_URL: redis.url, KUBECONFIG: '/nowhere' });
    const signal = AbortSignal.timeout(10_000);
    const younger = { ...clock, now: () => LONG_AGO + KEEP_MS };
    await sweepOnce({ ...muster.engine, clock: younger, log }, signal);
    expect(await ledger.recent(1_000)).toHaveLength(KEEP_NEWEST + 1);
    await sweepOnce({ ...muster.engine, clock, log }, signal);
    expect(await ledger.recent(1_000)).toHaveLength(KEEP_NEWEST);
    expect(await ledger.raw('run-f0')).toEqual([]);
  });

  test('a run that moves while it is looked at is not deleted', async () => {
    await write('moving', {});
    expect(await ledger.forget('run-moving', 'posts-moving', '1-1')).toBe(false);
    const last = (await ledger.raw('run-moving')).at(-1)?.id ?? '';
    const raw = new Redis(redis.url);
    await raw.set('{muster}:installation', 'somebody-else');
    expect(await ledger.forget('run-moving', 'posts-moving', last)).toBe(false);
    await raw.set('{muster}:installation', await ledger.installation());
    raw.disconnect();
    expect(await ledger.forget('run-moving', 'posts-moving', last)).toBe(true);
    expect(await ledger.recent(10)).toEqual([]);
  });
});
