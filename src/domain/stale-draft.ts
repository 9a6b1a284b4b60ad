import { foldIncident, type IncidentState, type IncidentView } from './incident.ts';
import { openSlot } from './status-slots.ts';

/** What has changed since the update that is due was drafted, as clauses: what it says of that is not so any more. */
export function listStale(view: Pick<IncidentView, 'entries' | 'state'>): string[] {
  const open = openSlot(view.state);
  const index = view.entries.findLastIndex(({ event }) => event.type === 'slot.drafted' && event.slot === open?.slot);
  const then = open === undefined ? undefined : foldIncident(view.entries.slice(0, index));
  return then === undefined ? [] : compare(then, view.state);
}

function compare(then: IncidentState, now: IncidentState): string[] {
  const [before, after] = [countUntaken(then), countUntaken(now)];
  return [
    ...(then.severity === now.severity
      ? []
      : [`the severity was changed from ${then.severity.toUpperCase()} to ${now.severity.toUpperCase()}`]),
    ...(then.mitigatedAt === undefined && now.mitigatedAt !== undefined ? ['the incident was mitigated'] : []),
    ...(after < before ? ['the page was taken'] : []),
    ...(after > before ? ['somebody else is to take a page'] : []),
  ];
}

function countUntaken({ pages }: IncidentState): number {
  return [...pages.values()].filter(({ acknowledged, status }) => acknowledged === undefined && status !== 'resolved')
    .length;
}
