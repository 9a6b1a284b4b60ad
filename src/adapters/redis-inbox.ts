import type { Redis } from 'ioredis';
import { Received } from '../domain/alert.ts';
import type { Inbox } from '../incident-ports.ts';

const INBOX = '{muster}:inbox';
/** What is delivered again within a day was taken already, ms; PagerDuty gives up sooner. */
const KNOWN_MS = 24 * 3_600_000;

/** KEYS: inbox, mark of this id. ARGV: item, how long an id is known in ms, 1 where it has an id. Answers 1, or 0 where it is known. */
export const RECEIVE_SCRIPT = `
if ARGV[3] == '1' and not redis.call('SET', KEYS[2], '1', 'PX', ARGV[2], 'NX') then return 0 end
redis.call('XADD', KEYS[1], '*', 'item', ARGV[1])
return 1
`;

type Call = <T>(redis: Redis, send: () => Promise<T>) => Promise<T>;

/** Where webhooks put what they bring, before they answer. */
export function createInbox(redis: Redis, call: Call): Inbox {
  return {
    receive: async (item, id) => {
      const keys = [INBOX, `{muster}:claim:received/${id ?? ''}`];
      const args = [JSON.stringify(item), String(KNOWN_MS), id === undefined ? '0' : '1'];
      return (await call(redis, () => redis.eval(RECEIVE_SCRIPT, keys.length, ...keys, ...args))) === 1;
    },
    received: async (limit) => {
      const entries = await call(redis, () => redis.xrange(INBOX, '-', '+', 'COUNT', limit));
      return entries.map(([id, fields]) => ({ id, item: parseItem(fields[1] ?? '') }));
    },
    countReceived: () => call(redis, () => redis.xlen(INBOX)),
    dropReceived: async (upTo) => {
      // MINID keeps the entry it names: the next id is the first to be kept.
      const [ms = '0', count = '0'] = upTo.split('-');
      await call(redis, () => redis.xtrim(INBOX, 'MINID', `${ms}-${Number(count) + 1}`));
    },
  };
}

function parseItem(text: string): Received | undefined {
  try {
    return Received.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
