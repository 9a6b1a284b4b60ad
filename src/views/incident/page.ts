import type { IncidentState } from '../../domain/incident.ts';
import { roomOf } from '../../domain/incident-room.ts';
import { oneLine } from './line.ts';
import { clockOf } from './times.ts';

/** PagerDuty shows so many characters of a title at most (REST API, `incident.title`: 1,024; Events v2 `summary` the same). */
const TITLE = 1_024;

/** What whoever is paged reads on a telephone. */
export function renderPage(state: IncidentState, page: string): { title: string; details: string } {
  const { opening, severity, declaredAt, pages } = state;
  const { who, why } = pages.get(page) ?? {};
  const room = roomOf(state);
  const asked = who === undefined ? [] : [`${who.name} is asked for: ${oneLine(why ?? '')}`];
  const details = [
    ...asked,
    `Declared ${clockOf(declaredAt)} as incident ${opening.incident}.`,
    ...(opening.target === undefined
      ? []
      : [
          `Namespace ${opening.target.namespace}${opening.target.cluster === undefined ? '' : ` on ${opening.target.cluster}`}.`,
        ]),
    ...describeAlerts(state),
    room === undefined ? `Slack room: #incident-${opening.incident}` : `Slack room: #${room.name}`,
  ];
  return { title: oneLine(`${severity}: ${opening.title}`).slice(0, TITLE), details: details.join('\n') };
}

function describeAlerts(state: IncidentState): string[] {
  const { failures } = state;
  if (failures.size === 0) return [];
  const names = [...new Set([...failures.values()].map(({ name }) => oneLine(name)))].slice(0, 5);
  return [`Alerts: ${failures.size} (${names.join(', ')})`];
}
