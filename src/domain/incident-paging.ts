import { type IncidentState, isResolved } from './incident.ts';
import { effectKey, effectOf } from './incident-effects.ts';
import type { PageState } from './incident-pages.ts';
import { listLoudPlaces } from './incident-room.ts';
import type { EffectRef, IncidentSettings } from './incident-settings.ts';

/**
 * What remains to be done so that the right people are called. PagerDuty's REST API first; where that is slow or refuses, its Events API
 * with the same key, which makes no second incident; where both are, everybody in the room is called, and the first is tried on.
 */
export function listPaging(state: IncidentState, settings: IncidentSettings): EffectRef[] {
  const { pager } = settings;
  const refs: EffectRef[] = [];
  for (const page of state.pages.values()) {
    const { of } = effectOf(page.key);
    if (needsPaging(state, page)) refs.push(...listWays(state, page, of, settings));
    const change = page.changes.find((it) => !isSettled(state, it.key));
    // In order, and only once there is something to change.
    if (change !== undefined && isAtPager(state, page)) refs.push({ name: 'change-page', of: effectOf(change.key).of });
    if (isResolved(state) && page.status !== 'resolved' && isAtPager(state, page))
      refs.push({ name: 'change-page', of: `resolve-${of}` });
  }
  // Whom nobody pages is called into the room all the same.
  if (pager.rest && !isResolved(state)) refs.push({ name: 'find-on-call' }, ...listMatching(state, settings));
  return refs;
}

/** Who that is in Slack is asked once it answers. */
function listMatching({ effects }: IncidentState, { chat }: IncidentSettings): EffectRef[] {
  const found = effects.get(effectKey('find-on-call'))?.result?.responders ?? [];
  return chat && found.some(({ unmatched }) => unmatched === true) ? [{ name: 'match-on-call' }] : [];
}

/** Whoever has taken it needs no page any more. */
function needsPaging(state: IncidentState, page: PageState): boolean {
  return (
    page.pager === undefined && page.acknowledged === undefined && page.status !== 'resolved' && !isResolved(state)
  );
}

function listWays(state: IncidentState, page: PageState, of: string, settings: IncidentSettings): EffectRef[] {
  const { rest, events } = settings.pager;
  const first = effectKey('page', of);
  const second = effectKey('page-by-event', of);
  // An event cannot say whom.
  const hasSecond = events && page.who === undefined;
  const isLate = !rest || isTroubled(state, first);
  const refs: EffectRef[] = [];
  if (rest) refs.push({ name: 'page', of });
  if (isLate && hasSecond) refs.push({ name: 'page-by-event', of });
  const canCall = settings.chat && listLoudPlaces(state, settings).length > 0;
  if (canCall && isLate && (!hasSecond || isTroubled(state, second))) refs.push({ name: 'page-aloud', of });
  return refs;
}

function isTroubled(state: IncidentState, key: string): boolean {
  const effect = state.effects.get(key);
  return (
    effect !== undefined && effect.doneAt === undefined && (effect.refused !== undefined || effect.delayed.length > 0)
  );
}

/** PagerDuty has an incident of it, by either way. */
export function isAtPager(state: IncidentState, page: PageState): boolean {
  const byEvent = state.effects.get(effectKey('page-by-event', effectOf(page.key).of));
  return page.pager !== undefined || byEvent?.doneAt !== undefined;
}

function isSettled(state: IncidentState, key: string): boolean {
  const effect = state.effects.get(key);
  return effect?.doneAt !== undefined || effect?.refused !== undefined;
}
