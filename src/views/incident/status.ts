import { renderActor } from '../../domain/actor.ts';
import { type IncidentView, isResolved } from '../../domain/incident.ts';
import type { IncidentContext } from '../../domain/incident-context.ts';
import { roomOf } from '../../domain/incident-room.ts';
import { renderAlerts, renderProposal } from './alerts.ts';
import { oneLine, plainLine } from './line.ts';
import { renderPages } from './pages.ts';
import { nameCommander, nameDeclarer, renderOnCall, renderRoles } from './people.ts';
import { proposeRun, renderBackup, renderRuns } from './runs.ts';
import { showIncident } from './shown.ts';
import { nameIncident, renderClock, renderWhere, statusOf } from './stand.ts';
import { dateOf } from './times.ts';
import { renderTroubles } from './troubles.ts';
import { renderUpdates } from './updates.ts';

/** Everything about one incident, as of now: what it is and how much time is left first. */
export function renderIncidentStatus(context: IncidentContext): string[] {
  const shown = showIncident(context);
  const { state, alerts } = shown;
  const { opening, notes, foreign } = state;
  const proposed = proposeRun(shown);
  const room = roomOf(state);
  return [
    { text: nameIncident(state) },
    ...renderWhere(state),
    ...renderClock(shown),
    ...(foreign === undefined
      ? []
      : [{ text: `A newer Muster wrote ${foreign}; this version keeps its hands off. Next: use that version.` }]),
    ...renderPages(shown),
    ...renderRoles(state),
    ...renderOnCall(shown),
    ...renderRuns(shown),
    ...renderBackup(shown),
    ...(proposed === undefined ? [] : [{ text: `Plan ${proposed.what}:`, command: proposed.command }]),
    ...renderAlerts(alerts),
    ...renderProposal(alerts, isResolved(state)),
    ...renderUpdates(shown),
    ...renderTroubles(state),
    ...notes
      .slice(-NOTES)
      .map(({ at, by, text }) => ({ text: `Note of ${dateOf(at)} by ${renderActor(by)}: ${text}` })),
    {
      text: `Incident ${opening.incident}, ${nameRoom(room)}, declared ${dateOf(state.declaredAt)} by ${nameDeclarer(opening)}. What happened:`,
      command: `timeline ${opening.incident}`,
    },
  ].map((line) => plainLine(line));
}

/** The newest notes that are shown. */
const NOTES = 3;

/** One line an incident, newest first as they come. `mayShow`: of the others only that they are there is told. */
export function renderIncidentList(
  views: readonly IncidentView[],
  mayShow: (view: IncidentView) => boolean = () => true,
): string[] {
  if (views.length === 0) return ['No incidents yet. Declare one: dr declare <title>'];
  return views.map((view) => {
    const { state } = view;
    const { opening, declaredAt } = state;
    if (!mayShow(view))
      return `${opening.incident}  ${state.severity.toUpperCase()} ${statusOf(state).toUpperCase()}: private, declared ${dateOf(declaredAt)}`;
    const by = `declared ${dateOf(declaredAt)} by ${nameDeclarer(opening)}`;
    return oneLine(
      `${opening.incident}  ${nameIncident(state)}, ${by}, commander ${nameCommander(state)}, ${nameRoom(roomOf(state))}`,
    );
  });
}

function nameRoom(room: { name: string } | undefined): string {
  return room === undefined ? 'no room' : `#${room.name}`;
}
