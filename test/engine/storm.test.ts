import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Alert, failureOf } from '../../src/domain/alert.ts';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer } from '../redis.ts';
import { alertOf, dyingLedger, type InboxWorld, openInbox, over } from './inbox-world.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/engine/storm.test.ts', 'no redis-server on the PATH');

const DOMAINS = 5;
const ALERTS = 1_000;
const RUNS = 8;

/** Numbers from 0 to 1 that a seed determines. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A thousand alerts in any order in which no end comes before its beginning; some are never over. */
function makeStorm(next: () => number): Alert[] {
  const placed: { alert: Alert; at: number }[] = [];
  while (placed.length < ALERTS) {
    const domain = Math.floor(next() * DOMAINS);
    const labels = {
      severity: 'critical',
      cluster: 'prod',
      namespace: `ns-${domain}`,
      service: `s-${Math.floor(next() * 9)}`,
    };
    const alert = alertOf({ labels, ...(next() < 0.5 ? { groupKey: `g-${domain}` } : {}) });
    const at = next();
    placed.push({ alert, at });
    if (placed.length < ALERTS && next() < 0.7) placed.push({ alert: over(alert), at: at + next() * (1 - at) });
  }
  return placed.sort((a, b) => a.at - b.at).map(({ alert }) => alert);
}

/** Sends the storm in webhooks of any size, some of them again later, while drains die anywhere, two at a time. */
async function play(world: InboxWorld, storm: readonly Alert[], next: () => number): Promise<void> {
  const sent: Alert[][] = [];
  const drains: Promise<unknown>[] = [];
  for (let from = 0; from < storm.length; ) {
    const webhook = storm.slice(from, from + 1 + Math.floor(next() * 12));
    from += webhook.length;
    await world.receive(webhook);
    sent.push(webhook);
    world.now += Math.floor(next() * 1_000);
    if (next() < 0.3) await world.receive(sent[Math.floor(next() * sent.length)] ?? []);
    if (next() < 0.25) {
      const dying = dyingLedger(world.ledger, 1 + Math.floor(next() * 40), next() < 0.5);
      const stop = next() < 0.2 ? AbortSignal.timeout(Math.floor(next() * 20)) : undefined;
      drains.push(world.drain(dying.ledger, stop).catch(killed));
    }
    if (next() < 0.1) await Promise.all(drains.splice(0));
  }
  await Promise.all(drains);
  await Promise.all([world.drain(), world.drain()]);
}

function killed(thrown: unknown): void {
  if (!(thrown instanceof Error && thrown.message === 'killed')) throw thrown;
}

describe.skipIf(!real)('a storm of alerts', () => {
  let world: InboxWorld;
  beforeAll(async () => {
    world = await openInbox();
  });
  afterAll(() => world.close());

  test(`${ALERTS} alerts over ${DOMAINS} failure domains: one incident each, every failure in it once`, async () => {
    const seed = Number(process.env['STORM_SEED'] ?? Date.now() % 2 ** 31);
    console.log(`storm: seed ${seed}, ${RUNS} runs (STORM_SEED=${seed} plays them again)`);
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (each) => {
        await world.reset();
        const next = random(each);
        const storm = makeStorm(next);
        await play(world, storm, next);
        const incidents = await world.incidents();
        const domains = incidents.map(({ state }) => state.opening.domain).sort();
        expect(domains).toEqual(Array.from({ length: DOMAINS }, (_, at) => `default/cluster=prod/namespace=ns-${at}`));
        for (const { state } of incidents) {
          const { domain } = state.opening;
          const own = storm.filter(({ labels }) => domain.endsWith(`=${labels['namespace']}`));
          const expected = new Map(own.map((alert) => [failureOf(alert), alert.status]));
          const found = new Map([...state.failures].map(([key, { status }]) => [key, status]));
          expect(new Map([...found].sort())).toEqual(new Map([...expected].sort()));
        }
        expect(countWritten(incidents)).toBe(storm.length);
        expect(await world.ledger.countReceived()).toBe(0);
      }),
      { numRuns: RUNS, seed, endOnFailure: true },
    );
  }, 300_000);

  /** Alerts in all timelines: each beginning and each end is written once. */
  function countWritten(incidents: Awaited<ReturnType<InboxWorld['incidents']>>): number {
    return incidents
      .flatMap(({ entries }) => entries)
      .reduce((sum, { event }) => sum + (event.type === 'incident.alerts-recorded' ? event.alerts.length : 0), 0);
  }
});
