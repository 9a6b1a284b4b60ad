import { failureOf } from './alert.ts';
import type { Arrival } from './decide-arrivals.ts';
import type { IncidentState, IncidentView } from './incident.ts';
import { isWorse, type Opening, SEVERITIES } from './incident-events.ts';

/** What an incident begins with that these alerts declare: what the worst of them says, and how many they are. */
export function describeAlerts(
  arrivals: readonly Arrival[],
  installation: string,
  follows: IncidentView | undefined,
): Omit<Opening, 'incident'> {
  const firing = arrivals.filter(isAlarm);
  const lead = worstOf(firing) ?? (arrivals[0] as Arrival);
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

/** How bad an open incident has become by these alerts; undefined: no worse than alerts have said before. */
export function describeRaise({ worst }: IncidentState, arrivals: readonly Arrival[]): Raise | undefined {
  const lead = worstOf(arrivals.filter(isAlarm));
  if (lead === undefined || !isWorse(lead.routed.severity, worst)) return undefined;
  return { severity: lead.routed.severity, page: lead.routed.page };
}

type Raise = Pick<Opening, 'severity' | 'page'>;

function isAlarm({ declares, alert }: Arrival): boolean {
  return declares && alert.status === 'firing';
}

function worstOf(arrivals: readonly Arrival[]): Arrival | undefined {
  return [...arrivals].sort((a, b) => rankOf(a) - rankOf(b))[0];
}

function rankOf({ routed }: Arrival): number {
  return SEVERITIES.indexOf(routed.severity);
}
