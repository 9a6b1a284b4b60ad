import type { IncidentState, IncidentView } from '../../domain/incident.ts';
import { isIncidentEvent } from '../../domain/incident-events.ts';
import type { Entry } from '../../domain/ledger.ts';
import { oneLine } from './line.ts';
import { isChore } from './timeline-chores.ts';
import { describeFact } from './timeline-facts.ts';
import { dateOf } from './times.ts';

/** An incident's events, one line each: its ledger is its timeline. `chores`: also what Muster does about every incident. */
export function renderTimeline({ entries, state }: IncidentView, { chores }: { chores: boolean }): string[] {
  const told = chores ? entries : entries.filter(({ event }) => !isChore(event, state));
  return told.map(({ id, event }) => {
    const at = 'at' in event ? event.at : Number(id.split('-')[0]);
    return `${dateOf(at)}  ${oneLine(describeEntry(event, state))}`;
  });
}

function describeEntry(event: Entry['event'], state: IncidentState): string {
  if (event.type === 'foreign') return `A newer Muster wrote ${event.wrote}; this version keeps its hands off.`;
  return isIncidentEvent(event) ? describeFact(event, state) : event.type;
}
