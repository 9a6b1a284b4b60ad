import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startHttp } from '../../src/adapters/http.ts';
import { createMetrics } from '../../src/adapters/metrics.ts';
import { createWebhookRoutes } from '../../src/alert-door.ts';
import type { IncidentView } from '../../src/domain/incident.ts';
import { announceSkip } from '../announce-skip.ts';
import { type InboxWorld, openInbox } from '../engine/inbox-world.ts';
import { hasRedisServer } from '../redis.ts';
import { hasRealAlerting, type RealAlerting, startRealAlerting } from './real-alerting.ts';
import { SECRETS, sources } from './webhooks.ts';

const real = hasRedisServer() && hasRealAlerting();
if (!real)
  announceSkip(
    'test/alerts/real-alerting.test.ts',
    'no prometheus, prometheus-alertmanager or redis-server on the PATH',
  );

describe.skipIf(!real)('a real Prometheus and a real Alertmanager', () => {
  let world: InboxWorld;
  let server: Awaited<ReturnType<typeof startHttp>>;
  let alerting: RealAlerting;
  const troubles: unknown[] = [];

  beforeAll(async () => {
    world = await openInbox();
    const queue = { wake: () => world.drain(), workers: async () => 1, close: async () => undefined };
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const routes = createWebhookRoutes({
      ...{ sources, secrets: SECRETS, ledger: world.ledger, queue, clock: { now: () => Date.now() }, log: silent },
      counts: createMetrics(world.ledger).counts,
    });
    server = await startHttp('127.0.0.1', 0, routes, (error) => void troubles.push(error));
    const webhook = `http://127.0.0.1:${server.port}/webhooks/alertmanager`;
    alerting = await startRealAlerting(webhook, SECRETS.bearer ?? '');
  });
  afterAll(async () => {
    await alerting.close();
    await server.close();
    await world.close();
    expect(troubles).toEqual([]);
  });

  const statuses = ({ state }: IncidentView) => [...state.failures.values()].map(({ status }) => status);
  /** Every alert there is, in order; answers once they are as expected. */
  const until = async (...expected: string[]): Promise<IncidentView[]> =>
    vi.waitFor(
      async () => {
        const views = await world.incidents();
        expect(views.flatMap(statuses), alerting.log().slice(-2_000)).toEqual(expected);
        return views;
      },
      { timeout: 90_000, interval: 200 },
    );

  test('declare an incident, show its alert resolved, and what fires again soon is the same incident', async () => {
    alerting.setDown(true);
    const [incident] = (await until('firing')) as [IncidentView];
    expect(incident.state.opening).toMatchObject({
      ...{ title: 'Checkout answers no request', severity: 'sev1', service: 'checkout' },
      target: { cluster: 'prod', namespace: 'shop' },
      by: { source: 'alertmanager' },
    });
    const [alert] = [...incident.state.failures.values()];
    expect(alert).toMatchObject({ name: 'CheckoutDown', groupKey: '{}:{namespace="shop"}' });
    alerting.setDown(false);
    const [over, ...more] = (await until('resolved')) as [IncidentView];
    expect([over.stream, more, over.state.failures.size]).toEqual([incident.stream, [], 1]);
    expect(over.state.resolvedAt).toBeUndefined();
    alerting.setDown(true);
    expect(await until('resolved', 'firing')).toHaveLength(1);
  }, 280_000);
});
