import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { isIncidentEvent } from '../domain/incident-events.ts';
import type { LedgerAppend } from '../domain/ledger.ts';
import { isPostEvent } from '../domain/post-events.ts';
import type { RedisPlace } from '../domain/redis-url.ts';
import { DrError } from '../errors.ts';
import type { Ledger } from '../ports.ts';
import { APPEND_SCRIPT, LAST_IDS_SCRIPT } from './redis-append.ts';
import { createEntryParser, textOf } from './redis-entries.ts';
import { FORGET_SCRIPT } from './redis-forget.ts';
import { createInbox } from './redis-inbox.ts';

export const INSTALLATION_KEY = '{muster}:installation';

/** One hash tag in every key, so that one script may touch them all on Redis Cluster too. */
const KEY = {
  installation: INSTALLATION_KEY,
  unfinished: '{muster}:unfinished',
  recent: '{muster}:recent',
  incidents: '{muster}:incidents',
  openIncidents: '{muster}:open-incidents',
  stream: (stream: string) => `{muster}:stream:${stream}`,
  target: (target: string) => `{muster}:target:${target}`,
  /** The unfinished runs on a target. */
  runsOn: (target: string) => `{muster}:runs-on:${target}`,
  claim: (id: string) => `{muster}:claim:${id}`,
};

/** How long a call may take, in ms; a caller hears "NOT recorded" in this time. */
const CALL_MS = 1_000;
const FIRST_CALL_MS = 3_000;

/** The ledger in Redis Streams. It connects when first used, and again for ever; each call fails fast while Redis is away. */
export function createRedisLedger(place: RedisPlace, onTrouble: (error: Error) => void): Ledger {
  const redis = openRedis(place, onTrouble);
  const parseEntry = createEntryParser();
  let known: string = randomUUID();
  let agreed = false;

  async function installation(): Promise<string> {
    // Somebody else's id wins; an emptied Redis gets back the one we know.
    // Both go out at once, and one connection keeps their order.
    const ask = () => Promise.all([redis.set(KEY.installation, known, 'NX'), redis.get(KEY.installation)]);
    known = (await call(redis, ask))[1] ?? known;
    agreed = true;
    return known;
  }

  return {
    installation,
    read: async (stream) => (await call(redis, () => redis.xrange(KEY.stream(stream), '-', '+'))).map(parseEntry),
    append: async (request) => {
      if (!agreed) await installation();
      const answer = await call(redis, () => sendAppend(redis, request, known));
      return readAnswer(answer, request);
    },
    lastIds: (streams) => readLastIds(redis, streams),
    unfinished: () => call(redis, () => redis.smembers(KEY.unfinished)),
    unfinishedOn: (target) => call(redis, () => redis.smembers(KEY.runsOn(target))),
    incidents: (limit) => call(redis, () => redis.zrevrange(KEY.incidents, 0, limit - 1)),
    openIncidents: () => call(redis, () => redis.smembers(KEY.openIncidents)),
    ...createInbox(redis, call),
    recent: (limit) => call(redis, () => redis.zrevrange(KEY.recent, 0, limit - 1)),
    raw: async (stream) =>
      (await call(redis, () => redis.xrange(KEY.stream(stream), '-', '+'))).map(([id, fields]) => ({
        id,
        text: textOf(fields),
      })),
    oldest: (limit, spare) => call(redis, () => listOldest(redis, limit, spare)),
    forget: async (stream, posts, after) => {
      const keys = [KEY.stream(stream), KEY.stream(posts), KEY.unfinished, KEY.recent, KEY.installation];
      const args = [stream, posts, after, known];
      return (await call(redis, () => redis.eval(FORGET_SCRIPT, keys.length, ...keys, ...args))) === 1;
    },
    holder: async (target) => (await call(redis, () => redis.get(KEY.target(target)))) ?? undefined,
    claim: async (id, forMs) => (await call(redis, () => redis.set(KEY.claim(id), '1', 'PX', forMs, 'NX'))) === 'OK',
    isClaimed: async (id) => (await call(redis, () => redis.exists(KEY.claim(id)))) === 1,
    close: async () => redis.disconnect(),
  };
}

function openRedis(place: RedisPlace, onTrouble: (error: Error) => void): Redis {
  const redis = new Redis({
    ...place,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CALL_MS,
    commandTimeout: CALL_MS,
    retryStrategy: (times) => Math.min(100 * times, 1_000),
  });
  redis.on('error', onTrouble);
  redis.setMaxListeners(0);
  return redis;
}

/** So many streams in one call that Redis is not kept from others for long. */
const LAST_IDS_AT_ONCE = 200;

async function readLastIds(redis: Redis, streams: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < streams.length; from += LAST_IDS_AT_ONCE) {
    const asked = streams.slice(from, from + LAST_IDS_AT_ONCE);
    const answer = await call(redis, () => redis.eval(LAST_IDS_SCRIPT, asked.length, ...asked.map(KEY.stream)));
    const ids = Array.isArray(answer) ? answer.map(String) : [];
    for (const [at, stream] of asked.entries()) if (ids[at]) found.set(stream, ids[at]);
  }
  return found;
}

/** Runs one call once the connection stands. @throws DrError LEDGER_UNREACHABLE, which says whether it can have been recorded */
async function call<T>(redis: Redis, send: () => Promise<T>): Promise<T> {
  try {
    await whenReady(redis);
  } catch (cause) {
    throw unreachable(`Redis does not answer (${reasonOf(cause)}). Nothing was recorded, nothing was started.`, cause);
  }
  try {
    return await send();
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ReplyError') throw redisRefused(cause);
    throw unreachable(
      `Redis stopped answering (${reasonOf(cause)}). It is not known whether this was recorded.`,
      cause,
    );
  }
}

function unreachable(message: string, cause: unknown): DrError {
  const action = 'Check REDIS_URL and that Redis runs, then look at what is there: dr status';
  return new DrError({ code: 'LEDGER_UNREACHABLE', message, action, retryable: true, cause });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** A connection that is being made gets longer than one that was lost: a starting process is busy. A refusal is told at once. */
async function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  const first = redis.status === 'wait';
  const limitMs = first || redis.status.startsWith('connect') ? FIRST_CALL_MS : CALL_MS;
  const signal = AbortSignal.timeout(limitMs);
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      redis.off('ready', ready).off('error', failed);
      signal.removeEventListener('abort', late);
      error === undefined ? resolve() : reject(error);
    };
    const ready = () => settle();
    const failed = (error: Error) => settle(error);
    const late = () => settle(new Error(`not connected after ${limitMs} ms`));
    redis.once('ready', ready);
    signal.addEventListener('abort', late, { once: true });
    if (!first) return;
    redis.once('error', failed);
    redis.connect().catch(() => undefined);
  });
}

/** Redis is there but cannot serve: loading its file, read-only, out of memory. Trying again may help. */
function redisRefused(cause: Error): DrError {
  return new DrError({
    code: 'LEDGER_UNREACHABLE',
    message: `Redis refused the command (${cause.message}).`,
    action: 'Redis must be a writable primary with maxmemory-policy noeviction.',
    retryable: true,
    cause,
  });
}

function sendAppend(
  redis: Redis,
  { stream, after, event, target, lease, terminal, opens = '', over = '' }: LedgerAppend,
  installation: string,
) {
  const keys = [
    KEY.stream(stream),
    KEY.unfinished,
    isIncidentEvent(event) ? KEY.incidents : KEY.recent,
    KEY.target(target),
    KEY.installation,
    isIncidentEvent(event) ? KEY.openIncidents : KEY.runsOn(target),
  ];
  const args = [
    after ?? '',
    event.eid,
    JSON.stringify(event),
    lease,
    stream,
    terminal ? '1' : '0',
    String(event.at),
    installation,
    opens,
    // Messages are no work of their own.
    isPostEvent(event) ? '0' : '1',
    over,
  ];
  return redis.eval(APPEND_SCRIPT, keys.length, ...keys, ...args);
}

function readAnswer(answer: unknown, { stream, target }: LedgerAppend): string {
  const [verdict, detail] = Array.isArray(answer) ? answer.map(String) : [];
  if (verdict === 'ok' && detail !== undefined) return detail;
  if (verdict === 'held') {
    const holder = detail?.replace(/^(run|incident)-/, '');
    throw new DrError({
      code: 'TARGET_HELD',
      message: `Run ${holder} holds ${target}; one run at a time may act on a target.`,
      action: `Wait for it (dr status ${holder}) or abort it, then retry.`,
    });
  }
  if (verdict === 'foreign') {
    throw new DrError({
      code: 'LEDGER_FOREIGN',
      message: `This Redis belongs to another Muster installation (${detail}).`,
      action: 'Restart Muster, or point REDIS_URL at its own Redis.',
    });
  }
  throw new DrError({
    code: 'LEDGER_CONFLICT',
    message: `${stream} has moved on.`,
    action: 'Read it again.',
    retryable: true,
  });
}

async function listOldest(redis: Redis, limit: number, spare: number): Promise<string[]> {
  const count = Math.min(limit, (await redis.zcard(KEY.recent)) - spare);
  return count > 0 ? redis.zrange(KEY.recent, 0, String(count - 1)) : [];
}
