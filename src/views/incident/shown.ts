import type { IncidentState } from '../../domain/incident.ts';
import type { IncidentContext } from '../../domain/incident-context.ts';
import type { RunState } from '../../domain/run.ts';
import { type AlertSum, sumAlerts } from './alerts.ts';

/** What the views show of an incident: thousands of alerts are summed up before anything else looks at them. */
export interface IncidentShown extends Omit<IncidentContext, 'view' | 'runs'> {
  /** Its `failures` are left out. */
  state: IncidentState;
  alerts: AlertSum;
  /** When anything was last learned of it, ms since 1970: the same incident in the same state is shown alike whenever it is. */
  asOf: number;
  runs: { state: RunState; progress: string | undefined }[];
}

export function showIncident({ view, now, settings, runs, backup }: IncidentContext): IncidentShown {
  const ran = runs.flatMap(({ view: { entries } }) => entries.map(({ event }) => ('at' in event ? event.at : 0)));
  const paged = [...view.state.pages.values()].map(({ statusAt }) => statusAt);
  const last = [...ran, ...paged].reduce((latest, at) => Math.max(latest, at), view.state.changedAt);
  return {
    ...{ now, settings, backup, asOf: Math.min(now, last) },
    state: { ...view.state, failures: new Map() },
    alerts: sumAlerts(view.state),
    runs: runs.map(({ view: { state }, progress }) => ({ state, progress })),
  };
}
