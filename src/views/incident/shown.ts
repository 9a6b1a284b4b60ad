import type { IncidentState } from '../../domain/incident.ts';
import type { IncidentContext } from '../../domain/incident-context.ts';
import type { RunState } from '../../domain/run.ts';
import { listStale } from '../../domain/stale-draft.ts';
import { type AlertSum, sumAlerts } from './alerts.ts';

/** What the views show of an incident: thousands of alerts are summed up before anything else looks at them. */
export interface IncidentShown extends Omit<IncidentContext, 'view' | 'runs' | 'now'> {
  /** Its `failures` are left out. */
  state: IncidentState;
  alerts: AlertSum;
  /** As of when it is told, ms since 1970: whatever it shows happened by then. */
  asOf: number;
  /** What has changed since the update that is due was drafted, as clauses. */
  stale: string[];
  runs: { state: RunState; progress: string | undefined }[];
}

export function showIncident({ view, now, settings, runs, backup }: IncidentContext): IncidentShown {
  const ran = runs.flatMap(({ view: { entries } }) => entries.map(({ event }) => ('at' in event ? event.at : 0)));
  const last = ran.reduce((latest, at) => Math.max(latest, at), Math.max(now, view.state.changedAt));
  return {
    ...{ settings, backup, asOf: last, stale: listStale(view) },
    state: { ...view.state, failures: new Map() },
    alerts: sumAlerts(view.state),
    runs: runs.map(({ view: { state }, progress }) => ({ state, progress })),
  };
}
