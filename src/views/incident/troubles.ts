import { type IncidentState, isResolved } from '../../domain/incident.ts';
import { EFFECTS, type EffectName, type EffectState, effectKey, effectOf } from '../../domain/incident-effects.ts';
import type { Line } from './line.ts';
import { isUntaken } from './pages.ts';
import { nameMember } from './people.ts';

/** What each effect is about, as people call it. */
const TITLES: Record<EffectName, string> = {
  page: 'page',
  'page-by-event': 'page by the second path',
  'page-aloud': 'call to everybody',
  'change-page': 'change in PagerDuty',
  'find-on-call': 'who is on call',
  'match-on-call': 'who of those on call is in Slack',
  'open-room': 'room',
  'post-card': 'card',
  'pin-card': 'pin of the card',
  'set-topic': 'topic',
  'set-purpose': 'purpose',
  'add-bookmark': 'bookmark',
  invite: 'invitation',
  announce: 'announcement',
  tell: 'message to stakeholders',
  remind: 'reminder of a status update',
  'post-update': 'status update',
};

/** Those whose state is told where the paging is told. */
const TOLD_ELSEWHERE: EffectName[] = ['page', 'page-by-event', 'find-on-call', 'match-on-call'];
const SHOWN = 8;

/** `invitation of <@U0ANN>`: an effect by its key. */
export function nameEffect(key: string): string {
  const { name, of } = effectOf(key);
  const title = EFFECTS.includes(name) ? TITLES[name] : key;
  if (of === '' || name === 'set-topic' || name.startsWith('page')) return title;
  if (name === 'invite') return `${title} of ${nameMember(of)}`;
  if (name === 'tell') return `${title} in ${of}`;
  return `${title} ${of}`;
}

/** What of Muster's own doings is late, refused or half done, one line each: nothing fails unseen. */
export function renderTroubles(state: IncidentState): Line[] {
  const left = [...state.effects].filter(([key, { doneAt }]) => doneAt !== undefined || !isMoot(state, key));
  const all = left.flatMap(([key, effect]) => renderTrouble(key, effect));
  const more = all.length - SHOWN;
  return more > 0 ? [...all.slice(0, SHOWN), { text: `and ${more} more things that did not work` }] : all;
}

/** What is wanted no more, as something newer stands for it or it has come to an end otherwise. */
function isMoot(state: IncidentState, key: string): boolean {
  const { name, of } = effectOf(key);
  if (name === 'set-topic') return of !== String(state.topics);
  if (name === 'remind') return isResolved(state) || of !== String(Math.max(0, ...state.slots.keys()));
  const page = state.pages.get(effectKey('page', of));
  return name === 'page-aloud' && (page === undefined || page.status !== 'asked' || !isUntaken(state, page));
}

function renderTrouble(key: string, effect: EffectState): Line[] {
  if (TOLD_ELSEWHERE.includes(effectOf(key).name)) return [];
  const name = nameEffect(key);
  if (effect.doneAt !== undefined) return (effect.result?.notes ?? []).map((note) => ({ text: `${name}: ${note}` }));
  if (effect.refused !== undefined) return [{ text: `NOT POSSIBLE: ${name}: ${effect.refused}` }];
  const why = effect.delayed.at(-1);
  return why === undefined ? [] : [{ text: `LATE, Muster keeps trying: ${name}: ${why}` }];
}
