import type { IncidentState } from '../../domain/incident.ts';
import { effectKey, effectOf } from '../../domain/incident-effects.ts';
import type { EffectResult, IncidentEvent } from '../../domain/incident-events.ts';
import { sayWhereAloud } from './pages.ts';
import { nameFound, nameMember } from './people.ts';
import { nameEffect } from './troubles.ts';

/** What Muster itself did about an incident, told as what happened. */
export function describeEffectEvent(event: IncidentEvent, state: IncidentState): string {
  switch (event.type) {
    case 'effects.begun':
      return `Muster begins: ${event.effects.map(({ key, attempt }) => `${nameEffect(key)}${attempt > 1 ? ` (attempt ${attempt})` : ''}`).join(', ')}`;
    case 'effect.done': {
      const notes = event.result.notes ?? [];
      return `${describeDone(event.key, event.result, state)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
    }
    case 'effect.refused':
      return `NOT POSSIBLE: ${nameEffect(event.key)}: ${event.why}`;
    case 'effect.delayed':
      return `LATE, Muster keeps trying: ${nameEffect(event.key)}: ${event.why}`;
    default:
      return event.type;
  }
}

function describeDone(key: string, result: EffectResult, state: IncidentState): string {
  const { name, of } = effectOf(key);
  switch (name) {
    case 'page':
      return `Page for ${whomOf(state, of)} sent to PagerDuty${result.pager === undefined ? '' : ` (its incident ${result.pager})`}`;
    case 'page-by-event':
      return `Page for ${whomOf(state, of)} sent to PagerDuty by its second path (Events API)`;
    case 'page-aloud':
      return `Everybody ${sayWhereAloud(state, { result })} called with @here`;
    case 'change-page':
      return `PagerDuty was told: ${changeOf(state, key)}`;
    case 'find-on-call':
      return `On call, says PagerDuty: ${(result.responders ?? []).map((it) => it.name).join(', ') || 'nobody'}`;
    case 'match-on-call':
      return `In Slack: ${(result.responders ?? []).map(nameFound).join(', ') || 'nobody'}`;
    default:
      return describePosted(key, result, state);
  }
}

/** What it left in Slack. */
function describePosted(key: string, result: EffectResult, state: IncidentState): string {
  const { name, of } = effectOf(key);
  switch (name) {
    case 'open-room':
      return `#${result.name ?? result.channel ?? 'the room'} opened`;
    case 'invite':
      return `${nameMember(of)} called into the room`;
    case 'announce':
      return 'Announced in the incidents channel';
    case 'tell':
      return `Stakeholders told in ${of}`;
    case 'remind':
      return `The room was reminded of status update ${of}`;
    case 'post-update':
      return `Status update${slotOf(state, of)} posted in the room`;
    default:
      return `Done: ${nameEffect(key)}`;
  }
}

/** By the number that its reminder had; one that was said between two has none. */
function slotOf({ updates }: IncidentState, of: string): string {
  const slot = updates[Number(of) - 1]?.slot;
  return slot === undefined ? '' : ` ${slot}`;
}

function whomOf({ pages }: IncidentState, of: string): string {
  return pages.get(effectKey('page', of))?.who?.name ?? 'whoever is on call';
}

function changeOf({ pages }: IncidentState, key: string): string {
  const change = [...pages.values()].flatMap(({ changes }) => changes).find((it) => it.key === key);
  return change?.change ?? 'resolve';
}
