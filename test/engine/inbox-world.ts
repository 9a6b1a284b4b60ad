import { Redis } from 'ioredis';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import type { Alert, Received } from '../../src/domain/alert.ts';
import type { IncidentView } from '../../src/domain/incident.ts';
import type { IncidentEventDraft } from '../../src/domain/incident-events.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import { routeAlert } from '../../src/domain/route-alert.ts';
import type { Routing } from '../../src/domain/routing.ts';
import { type DrainDeps, drainInbox } from '../../src/engine/drain-inbox.ts';
import { changeIncident, readIncident } from '../../src/engine/record-incident.ts';
import type { Ledger } from '../../src/ports.ts';
import { type RedisServer, startRedis } from '../redis.ts';

export const GROUPING_MS = 600_000;
const START = Date.parse('2026-11-26T17:42:00Z');

/** Drains against a real Redis, with a clock that only the test moves. */
export interface InboxWorld {
  ledger: Ledger;
  now: number;
  /** What was woken, in order. */
  woken: string[];
  counted: { declared: number; unheard: number };
  said: string[];
  routing: Routing | undefined;
  receive(alerts: Alert[]): Promise<void>;
  receiveItem(item: Received): Promise<void>;
  /** `through`: the ledger as the drain has it; left out: as it is. */
  drain(through?: Ledger, signal?: AbortSignal): Promise<void>;
  /** Oldest first. */
  incidents(): Promise<IncidentView[]>;
  change(view: IncidentView, draft: IncidentEventDraft): Promise<void>;
  /** Everything anew, at the same time of day. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openInbox(): Promise<InboxWorld> {
  const redis: RedisServer = await startRedis();
  const raw = new Redis(redis.url);
  const ledger = createRedisLedger(parseRedisUrl(redis.url), () => undefined);
  const say = (_facts: object, message: string) => void world.said.push(message);
  const depsOf = (through: Ledger): DrainDeps => ({
    ledger: through,
    clock: { now: () => world.now, sleep: async () => undefined },
    queue: {
      wake: async (stream) => void world.woken.push(stream),
      workers: async () => 1,
      close: async () => undefined,
    },
    log: { info: say, warn: say, error: say },
    groupingMs: GROUPING_MS,
    counts: {
      declared: () => {
        world.counted.declared += 1;
      },
      unheard: (_source, count) => {
        world.counted.unheard += count;
      },
    },
    route: (alert) => routeAlert(alert, world.routing),
  });
  const world: InboxWorld = {
    ...{ ledger, now: START, woken: [], counted: { declared: 0, unheard: 0 }, said: [], routing: undefined },
    receive: async (alerts) => void (await ledger.receive({ kind: 'alerts', at: world.now, alerts })),
    receiveItem: async (item) => void (await ledger.receive(item)),
    drain: (through = ledger, signal = new AbortController().signal) => drainInbox(depsOf(through), signal),
    incidents: async () => {
      const streams = await ledger.incidents(10_000);
      const views = await Promise.all(streams.map((stream) => readIncident(ledger, stream)));
      return views.sort(
        (a, b) =>
          a.state.declaredAt - b.state.declaredAt ||
          a.stream.length - b.stream.length ||
          (a.stream < b.stream ? -1 : 1),
      );
    },
    change: async (view, draft) => void (await changeIncident(depsOf(ledger), view.stream, () => draft)),
    reset: async () => {
      await raw.flushall();
      await ledger.installation();
      Object.assign(world, {
        now: START,
        woken: [],
        counted: { declared: 0, unheard: 0 },
        said: [],
        routing: undefined,
      });
    },
    close: async () => {
      raw.disconnect();
      await ledger.close();
      await redis.stop();
    },
  };
  return world;
}

/** Call `dies` of the ledger is the last: it throws before it is sent, or after it took effect. Every later one throws, too. */
export function dyingLedger(ledger: Ledger, dies: number, after: boolean): { ledger: Ledger; calls(): number } {
  let calls = 0;
  const wrapped = Object.entries(ledger).map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      calls += 1;
      if (calls > dies || (calls === dies && !after)) throw new Error('killed');
      const answer = await (method as (...args: unknown[]) => Promise<unknown>)(...args);
      if (calls >= dies) throw new Error('killed');
      return answer;
    },
  ]);
  return { ledger: Object.fromEntries(wrapped) as Ledger, calls: () => calls };
}

let made = 0;
/** An alert of the shop in prod that nobody has seen yet. */
export function alertOf(more: Partial<Alert> = {}): Alert {
  made += 1;
  return {
    ...{ source: 'alertmanager', fingerprint: `f${made}`, status: 'firing', name: 'CheckoutDown' },
    ...{ summary: 'Checkout answers no request', startsAt: START - 2_000 },
    labels: { severity: 'critical', cluster: 'prod', namespace: 'shop', service: 'checkout' },
    ...more,
  };
}

export function over(alert: Alert): Alert {
  return { ...alert, status: 'resolved' };
}
