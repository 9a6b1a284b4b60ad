import { renderActor } from '../../domain/actor.ts';
import type { Alert, PagerNotice } from '../../domain/alert.ts';
import type { IncidentState } from '../../domain/incident.ts';
import type { IncidentEvent } from '../../domain/incident-events.ts';
import { renderCount } from './alerts.ts';
import { nameDeclarer, nameMember } from './people.ts';
import { describeEffectEvent } from './timeline-effects.ts';
import { clockOf } from './times.ts';

/** Alerts of one delivery that are named. */
const NAMED = 3;

/** What happened, as one sentence; `state`: the incident's, for what an event does not say itself. */
export function describeFact(event: IncidentEvent, state: IncidentState): string {
  switch (event.type) {
    case 'incident.declared': {
      const { opening } = event;
      return `Declared by ${nameDeclarer(opening)} as ${opening.severity.toUpperCase()}: ${opening.title}`;
    }
    case 'incident.alerts-recorded':
      return `${describeAlerts(event.alerts)}${event.raises === undefined ? '' : ` It is ${event.raises.severity.toUpperCase()} now.`}`;
    case 'incident.pager-noticed':
      return describeNotice(event.notice);
    case 'incident.rto-marked':
      return event.percent >= 100
        ? 'The 15 min target is OVER.'
        : `${event.percent} % of the 15 min target are used up.`;
    case 'incident.run-linked':
      return `Run ${event.run} asked for by ${renderActor(event.by)}: ${event.command}`;
    case 'incident.mitigated':
      return `Mitigated, says ${renderActor(event.by)}${event.text === undefined ? '.' : `: ${event.text}`}`;
    case 'incident.resolved':
      return `Resolved by ${renderActor(event.by)}${event.summary === undefined ? '.' : `: ${event.summary}`}`;
    case 'incident.ended':
      return `All that was to be done about it is done${event.why === undefined ? '.' : `, but for: ${event.why}`}`;
    case 'page.asked':
      return `${renderActor(event.by)} has ${event.who.name} paged${event.why === '' ? '.' : `: ${event.why}`}`;
    case 'page.changed':
      return describeChange(event);
    default:
      return describeWord(event, state);
  }
}

type Words = Exclude<IncidentEvent['type'], 'incident.declared' | 'page.asked' | 'page.changed'>;

/** What people said and decided; all else is what Muster did. */
function describeWord(event: Extract<IncidentEvent, { type: Words }>, state: IncidentState): string {
  switch (event.type) {
    case 'slot.drafted':
      return `Status update ${event.slot} is due. Draft: ${event.text}`;
    case 'update.posted': {
      const name = event.slot === undefined ? 'Status update' : `Status update ${event.slot}`;
      return `${name} by ${renderActor(event.by)}: ${event.text}`;
    }
    case 'note.added':
      return `Note by ${renderActor(event.by)}: ${event.text}`;
    case 'message.pinned': {
      const by = nameMember(event.by);
      if (!state.pinned.has(event.ts)) return `A message was put into the timeline by ${by}, and taken out again.`;
      const author = event.author === undefined ? 'somebody' : nameMember(event.author);
      return `Message of ${author}, put here by ${by}: ${event.text}${event.link === undefined ? '' : ` ${event.link}`}`;
    }
    case 'message.unpinned':
      return `A message was taken out of the timeline by ${nameMember(event.by)}.`;
    case 'severity.changed':
      return `${event.severity.toUpperCase()} now, says ${renderActor(event.by)}.`;
    case 'role.assigned':
      return describeRole(event);
    default:
      return describeEffectEvent(event, state);
  }
}

function describeRole({ user, role, by }: Extract<IncidentEvent, { type: 'role.assigned' }>): string {
  const own = by.kind === 'slack' && by.user === user;
  return `${nameMember(user)} is ${role}${own ? ' now.' : `, says ${renderActor(by)}.`}`;
}

function describeAlerts(alerts: readonly Alert[]): string {
  const resolved = alerts.filter(({ status }) => status === 'resolved').length;
  const named = [...new Set(alerts.map(({ name }) => name))];
  const more = named.length > NAMED ? ` and ${named.length - NAMED} more names` : '';
  const count = renderCount({ firing: alerts.length - resolved, resolved });
  return `Alerts came in: ${count} (${named.slice(0, NAMED).join(', ')}${more})`;
}

/** It may be heard of late: when it happened is said too. */
function describeNotice({ type, by, assignees, note, occurredAt }: PagerNotice): string {
  const what = type.replace(/^incident\./, '').replace(/[._]/g, ' ');
  const who = by === undefined ? '' : ` by ${by}`;
  const has = assignees.length === 0 ? '' : `, it is with ${assignees.join(', ')}`;
  return `PagerDuty says, of ${clockOf(occurredAt)}: ${what}${who}${has}${note === undefined ? '' : `: ${note}`}`;
}

const CHANGED = {
  acknowledge: 'acknowledged the page',
  resolve: 'resolved the page',
  escalate: 'escalated the page',
  reassign: 'reassigned the page',
  note: 'added a note to the page',
} as const;

function describeChange({ by, change, to, text }: Extract<IncidentEvent, { type: 'page.changed' }>): string {
  const whom = to === undefined ? '' : ` to ${to}`;
  return `${renderActor(by)} ${CHANGED[change]}${whom}${text === undefined ? '.' : `: ${text}`}`;
}
