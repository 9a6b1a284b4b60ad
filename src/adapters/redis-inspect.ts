import { Redis } from 'ioredis';
import type { RedisPlace } from '../domain/redis-url.ts';
import { DrError } from '../errors.ts';
import type { InspectRedis, RedisFacts } from '../inspection-ports.ts';
import { INSTALLATION_KEY } from './redis-ledger.ts';

/** How long connecting, and each call, may take, in ms: a starting process is busy, and nobody waits for this but who asked. */
const CALL_MS = 8_000;

/** Looks at Redis on a connection of its own, so that nothing depends on the ledger's. */
export function createRedisInspection(place: RedisPlace): InspectRedis {
  return async (signal) => {
    const redis = new Redis({
      ...place,
      lazyConnect: true,
      enableOfflineQueue: false,
      // A Redis that is loading its file says so in INFO; ioredis would wait for it.
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      connectTimeout: CALL_MS,
      commandTimeout: CALL_MS,
      retryStrategy: () => null,
    });
    // Why a connection failed is what the call rejects with.
    let last: Error | undefined;
    redis.on('error', (error: Error) => {
      last = error;
    });
    const stop = () => redis.disconnect();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await within(redis.connect(), CALL_MS);
      return await readFacts(redis);
    } catch (thrown) {
      throw explain(last ?? thrown);
    } finally {
      signal.removeEventListener('abort', stop);
      redis.disconnect();
    }
  };
}

async function readFacts(redis: Redis): Promise<RedisFacts> {
  const info = parseInfo(await redis.info());
  const [fsync, policy, installation, time] = await Promise.all([
    setting(redis, 'appendfsync'),
    setting(redis, 'maxmemory-policy'),
    redis.get(INSTALLATION_KEY).catch(() => null),
    redis.time().catch(() => undefined),
  ]);
  const lastWrite = info.get('aof_last_write_status');
  return {
    version: info.get('redis_version'),
    role: info.get('role'),
    loading: flag(info.get('loading')),
    maxmemoryPolicy: info.get('maxmemory_policy') ?? policy,
    // A server that knows no state of the file only stands in for a Redis: its "no" means nothing.
    appendonly: lastWrite === undefined ? undefined : flag(info.get('aof_enabled')),
    appendfsync: fsync,
    lastWrite,
    lastRewrite: info.get('aof_last_bgrewrite_status'),
    installation: installation ?? undefined,
    time: time === undefined ? undefined : Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000),
  };
}

/** Hosted Redis often forbids CONFIG: then it is not told. */
async function setting(redis: Redis, name: string): Promise<string | undefined> {
  const answer: unknown = await redis.config('GET', name).catch(() => undefined);
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined;
}

function parseInfo(text: string): Map<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, value] = /^([a-z0-9_]+):(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value.trim()]];
  });
  return new Map(pairs);
}

function flag(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === '1';
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not connected after ${ms} ms`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function explain(thrown: unknown): DrError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new DrError({
    code: 'LEDGER_UNREACHABLE',
    message: `Redis does not answer (${reason}).`,
    action: 'Check that Redis runs, and REDIS_URL with its password; until then nothing can be started.',
    retryable: true,
    cause: thrown,
  });
}
