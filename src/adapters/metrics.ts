import { Counter, Gauge, Registry } from 'prom-client';
import type { AlertCounts } from '../incident-ports.ts';
import type { Ledger } from '../ports.ts';

export interface Metrics {
  counts: AlertCounts;
  /** In Prometheus' text format. What only Redis knows is NaN while it does not answer. */
  render(): Promise<{ status: number; body: string; contentType: string }>;
}

/** What `GET /metrics` tells. Nothing of the process itself: the platform measures that. */
export function createMetrics(ledger: Pick<Ledger, 'countReceived' | 'openIncidents' | 'unfinished'>): Metrics {
  const registry = new Registry();
  const counts = createCounts(registry);
  const inbox = new Gauge({
    ...{
      name: 'muster_inbox_entries',
      help: 'Deliveries of alerts that are in no incident yet.',
      registers: [registry],
    },
  });
  const open = new Gauge({
    ...{ name: 'muster_open_incidents', help: 'Incidents about which something remains to be done.' },
    registers: [registry],
  });
  const runs = new Gauge({ name: 'muster_unfinished_runs', help: 'Runs that are not over.', registers: [registry] });
  const up = new Gauge({ name: 'muster_ledger_up', help: '1 while Redis answers.', registers: [registry] });
  const look = async (): Promise<void> => {
    const found = await Promise.all([ledger.countReceived(), ledger.openIncidents(), ledger.unfinished()]).catch(
      () => undefined,
    );
    up.set(found === undefined ? 0 : 1);
    inbox.set(found?.[0] ?? Number.NaN);
    open.set(found?.[1].length ?? Number.NaN);
    runs.set(found?.[2].filter((stream) => stream.startsWith('run-')).length ?? Number.NaN);
  };
  return {
    counts,
    render: async () => {
      await look();
      return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
    },
  };
}

function createCounts(registry: Registry): AlertCounts {
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const received = counter('muster_alerts_received_total', 'Alerts and notices that were taken, by source.', [
    'source',
  ]);
  const leftOut = counter(
    'muster_alerts_left_out_total',
    'Alerts that a sender has and did not send (max_alerts of Alertmanager), by source.',
    ['source'],
  );
  const refused = counter('muster_webhooks_refused_total', 'Webhooks that were not taken, by source and HTTP status.', [
    ...(['source', 'status'] as const),
  ]);
  const declared = counter('muster_incidents_declared_total', 'Incidents that alerts declared.', [
    ...(['source', 'severity'] as const),
  ]);
  const unheard = counter('muster_alerts_unheard_total', 'Alerts that belong to no incident, by source.', ['source']);
  return {
    received: (source, count) => received.inc({ source }, count),
    leftOut: (source, count) => leftOut.inc({ source }, count),
    refused: (source, status) => refused.inc({ source, status: String(status) }),
    declared: (source, severity) => declared.inc({ source, severity }),
    unheard: (source, count) => unheard.inc({ source }, count),
  };
}
