import type { Alert } from '../../src/domain/alert.ts';
import { routeAlert } from '../../src/domain/route-alert.ts';
import { type SettleDeps, settleDomain } from '../../src/engine/settle-domain.ts';
import type { Stage } from './open-stage.ts';
import { mapInParallel } from './seed-waiting.ts';

/** So many things fail in each failure domain. */
const ALERTS = 5;
const AT_ONCE = 20;

export interface SeedOrder {
  count: number;
  /** Of all of them, those with these numbers. */
  first: number;
  last: number;
  /** When the first was declared, ms since 1970; the others evenly over the time after it. */
  from: number;
  spreadMs: number;
}

/** Records incidents as alerts declared them then, each of its own failure domain; what is done about them is the bot's. */
export async function seedIncidents({ muster }: Stage, order: SeedOrder): Promise<void> {
  const { count, first, last, from, spreadMs } = order;
  const { ledger, log, queue } = muster.engine;
  const seedOne = async (number: number): Promise<void> => {
    const now = from + Math.floor((number * spreadMs) / count);
    const arrivals = Array.from({ length: ALERTS }, (_, at) => {
      const alert = describeAlert(number, at, now);
      return { entry: `${now}-${at}`, at: now, alert, routed: routeAlert(alert, undefined), declares: true };
    });
    const deps: SettleDeps = {
      ...{ ledger, log, queue, groupingMs: 600_000, openIncidents: async () => [] },
      clock: { ...muster.engine.clock, now: () => now },
      counts: { declared: () => undefined, unheard: () => undefined },
    };
    const domain = arrivals[0]?.routed.domain ?? '';
    await settleDomain(
      deps,
      domain,
      arrivals.map((arrival) => ({ ...arrival, reopened: false })),
    );
  };
  await mapInParallel(
    Array.from({ length: last - first }, (_, index) => first + index),
    AT_ONCE,
    seedOne,
  );
}

function describeAlert(number: number, at: number, startsAt: number): Alert {
  const namespace = `open-${String(number).padStart(4, '0')}`;
  const labels = { alertname: 'TargetDown', cluster: 'sandbox', namespace, service: `api-${at}`, severity: 'critical' };
  return {
    ...{ source: 'alertmanager', status: 'firing', name: 'TargetDown', labels, startsAt },
    fingerprint: `${namespace}-${at}`,
    groupKey: `{}:{namespace="${namespace}"}`,
    summary: `api-${at} of ${namespace} answers no request`,
    url: 'http://prometheus.example.com:9090/graph?g0.expr=up+%3D%3D+0',
  };
}
