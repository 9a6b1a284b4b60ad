import { join } from 'node:path';
import type { HttpRoutes } from './adapters/http.ts';
import { createMetrics } from './adapters/metrics.ts';
import { createWebhookRoutes } from './alert-door.ts';
import type { Muster } from './compose.ts';
import type { Config } from './config.ts';
import { routeAlert } from './domain/route-alert.ts';
import { drainInbox } from './engine/drain-inbox.ts';
import type { AlertSource } from './incident-contracts.ts';
import { loadDirectory } from './registry.ts';

/** The way in of alerts, and how what came in gets into incidents. */
export interface AlertHalf {
  /** The webhooks, and `/metrics`, which counts them. */
  routes: HttpRoutes;
  drain(signal: AbortSignal): Promise<void>;
}

export async function openAlerts(config: Config, { engine, routing }: Muster): Promise<AlertHalf> {
  const { ledger, queue, clock, log } = engine;
  const sources = await loadDirectory<AlertSource>(join(import.meta.dirname, 'alerts'), 'source');
  const { counts, render } = createMetrics(ledger);
  const secrets = { bearer: config.alertWebhookToken, pagerDuty: config.pagerdutyWebhookSecret };
  const draining = { ledger, queue, clock, log, counts, groupingMs: config.incidentGroupingMs };
  return {
    routes: {
      ...createWebhookRoutes({ sources, secrets, ledger, queue, clock, log, counts }),
      'GET /metrics': () => render(),
    },
    drain: async (signal) => {
      await drainInbox({ ...draining, route: (alert) => routeAlert(alert, routing) }, signal);
    },
  };
}
