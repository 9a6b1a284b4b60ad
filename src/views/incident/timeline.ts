import type { IncidentState, IncidentView } from '../../domain/incident.ts';
import { isIncidentEvent } from '../../domain/incident-events.ts';
import type { Entry } from '../../domain/ledger.ts';
import { oneLine } from './line.ts';
import { describeFact } from './timeline-facts.ts';
import { dateOf } from './times.ts';

/** Every event of an incident as one line: its ledger is its timeline. */
export function renderTimeline({ entries, state }: IncidentView): string[] {
  return entries.map(({ id, event }) => {
    const at = 'at' in event ? event.at : Number(id.split('-')[0]);
    return `${dateOf(at)}  ${oneLine(describeEntry(event, state))}`;
  });
}

function describeEntry(event: Entry['event'], state: IncidentState): string {
  if (event.type === 'foreign') return `A newer Muster wrote ${event.wrote}; this version keeps its hands off.`;
  return isIncidentEvent(event) ? describeFact(event, state) : event.type;
}
