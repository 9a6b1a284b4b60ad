import { failureOf } from './alert.ts';
import type { Arrival } from './decide-arrivals.ts';
import type { IncidentView } from './incident.ts';
import { type Opening, SEVERITIES } from './incident-events.ts';

/** What an incident begins with that these alerts declare: what the worst of them says, and how many they are. */
export function describeAlerts(
  arrivals: readonly Arrival[],
  installation: string,
  follows: IncidentView | undefined,
): Omit<Opening, 'incident'> {
  const firing = arrivals.filter(({ declares, alert }) => declares && alert.status === 'firing');
  const [lead = arrivals[0] as Arrival] = [...firing].sort((a, b) => rankOf(a) - rankOf(b));
  const { alert, routed } = lead;
  const { route, domain, severity, service, target, runbook, page, invite, tell } = routed;
  const others = new Set(firing.map((it) => failureOf(it.alert))).size - 1;
  return {
    ...{ installation, domain, severity, invite, tell, private: false },
    title: others > 0 ? `${alert.summary} (and ${others} more alert${others === 1 ? '' : 's'})` : alert.summary,
    by: { kind: 'alert', source: alert.source, route },
    ...(service === undefined ? {} : { service }),
    ...(target === undefined ? {} : { target }),
    ...(runbook === undefined ? {} : { runbook }),
    // PagerDuty's own incident has called somebody already.
    ...(alert.pager !== undefined ? { paged: alert.pager } : page === undefined ? {} : { page }),
    ...(follows === undefined ? {} : { follows: follows.state.opening.incident }),
  };
}

function rankOf({ routed }: Arrival): number {
  return SEVERITIES.indexOf(routed.severity);
}
