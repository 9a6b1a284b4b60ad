import { describe, expect, test } from 'vitest';
import { readIncident } from '../../../src/engine/record-incident.ts';
import { type Bot, canTravel, eventually, openWorld } from '../world.ts';

const TOKEN = 'storm-token-of-the-journey';
const DOMAINS = ['shop', 'pay', 'search'];
const FAILURES = 240;

describe.skipIf(!canTravel)('a storm of alerts, and bots that are killed in it', () => {
  test('what was accepted is in one incident of its failure domain, once', async () => {
    const world = await openWorld();
    try {
      const start = () => world.startBot({ PORT: '0', ALERT_WEBHOOK_TOKEN: TOKEN });
      const bots = [start(), start()];
      await Promise.all(bots.map((bot) => bot.url()));
      const began = new Date(Date.now() - 60_000).toISOString();
      const deliveries = Array.from({ length: FAILURES }, (_, at) => deliveryOf(at, began));
      for (const [at, body] of deliveries.entries()) {
        await deliver(bots, at, body);
        if (at % 7 === 0) await deliver(bots, at + 1, body);
        if (at % 60 !== 30) continue;
        // In the middle of whatever it does.
        bots[(at / 60) & 1]?.process.kill('SIGKILL');
        bots[(at / 60) & 1] = start();
      }
      const views = await eventually('all of it is in incidents', async () => {
        if ((await world.ledger.countReceived()) > 0) return undefined;
        const streams = await world.ledger.incidents(100);
        return Promise.all(streams.map((stream) => readIncident(world.ledger, stream)));
      });
      expect(views.map(({ state }) => state.opening.domain).sort()).toEqual(
        [...DOMAINS].sort().map((namespace) => `default/cluster=prod/namespace=${namespace}`),
      );
      const written = views.flatMap(({ entries }) =>
        entries.flatMap(({ event }) => (event.type === 'incident.alerts-recorded' ? event.alerts : [])),
      );
      expect(written.map(({ fingerprint }) => fingerprint).sort()).toEqual(
        Array.from({ length: FAILURES }, (_, at) => `f${at}`).sort(),
      );
    } finally {
      await world.close();
    }
  }, 120_000);
});

function deliveryOf(at: number, startsAt: string): string {
  const namespace = DOMAINS[at % DOMAINS.length] ?? '';
  const labels = { alertname: 'Down', cluster: 'prod', namespace, severity: 'critical', service: `s${at % 5}` };
  const alert = { status: 'firing', labels, annotations: { summary: 'down' }, startsAt, fingerprint: `f${at}` };
  return JSON.stringify({ version: '4', groupKey: `{}:{namespace="${namespace}"}`, alerts: [alert] });
}

/** As a sender does it: to one of the bots, then the other, until one says that it has it. */
async function deliver(bots: readonly Bot[], first: number, body: string): Promise<void> {
  let turn = first;
  await eventually('it is accepted', async () => {
    const bot = bots[turn++ % bots.length];
    const port = bot?.lines().find(({ msg }) => msg === 'Muster is up')?.['port'];
    if (port === undefined) return undefined;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
      method: 'POST',
      headers,
      body,
    }).catch(() => undefined);
    return answer?.status === 202 ? true : undefined;
  });
}
