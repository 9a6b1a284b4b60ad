import { renderActor } from '../../domain/actor.ts';
import type { IncidentState } from '../../domain/incident.ts';
import { type EffectState, effectKey, effectOf } from '../../domain/incident-effects.ts';
import type { PageState } from '../../domain/incident-pages.ts';
import { roomOf } from '../../domain/incident-room.ts';
import type { IncidentSettings } from '../../domain/incident-settings.ts';
import type { Line } from './line.ts';
import type { IncidentShown } from './shown.ts';
import { clockOf } from './times.ts';

/** Who was paged, by which path, and who has taken it. */
export function renderPages({ state, settings }: IncidentShown): Line[] {
  const pages = [...state.pages.values()];
  if (pages.length === 0)
    return [{ text: 'Nobody is paged: its route says so. Page somebody:', command: 'page <who> <why>' }];
  return pages.flatMap((page) => renderPage(state, page, settings.pager));
}

function renderPage(state: IncidentState, page: PageState, ways: IncidentSettings['pager']): Line[] {
  const paged = sayPaged(state, page);
  const taken = sayTaken(page);
  const url = page.pager?.url;
  const who = nameWhom(page);
  if (paged !== undefined)
    return [
      { text: `${who}: ${paged}; ${taken}`, strong: isUntaken(state, page), url, label: 'PagerDuty' },
      ...sayAloud(state, page),
    ];
  if (!isUntaken(state, page)) return [{ text: `${who}: ${taken}`, url, label: 'PagerDuty' }, ...sayAloud(state, page)];
  return [
    { text: `${who}: ${sayUnpaged(state, page, ways)}`, strong: true, url, label: 'PagerDuty' },
    ...sayAloud(state, page),
  ];
}

function nameWhom({ who, why }: PageState): string {
  if (who === undefined) return 'Paging whoever is on call';
  return `Paging ${who.name}${why === undefined || why === '' ? '' : ` (${why})`}`;
}

/** undefined: as far as is known nobody was. */
function sayPaged(state: IncidentState, page: PageState): string | undefined {
  const { of } = effectOf(page.key);
  const first = state.effects.get(effectKey('page', of));
  if (first?.doneAt !== undefined) return `paged by PagerDuty at ${clockOf(first.doneAt)}`;
  const second = state.effects.get(effectKey('page-by-event', of));
  if (second?.doneAt !== undefined) return `paged by PagerDuty's second path (Events API) at ${clockOf(second.doneAt)}`;
  if (page.pager === undefined) return undefined;
  return state.opening.paged?.id === page.pager.id ? 'PagerDuty itself had paged already' : 'paged by PagerDuty';
}

/** Whether somebody still has to take it. */
export function isUntaken(state: IncidentState, page: PageState): boolean {
  return page.acknowledged === undefined && page.status !== 'resolved' && state.resolvedAt === undefined;
}

/** Who acknowledged: a person here by mention, anybody else as PagerDuty names them. */
export function nameTaker({ acknowledged, changes }: PageState): string {
  const here = changes.find(({ change, at }) => change === 'acknowledge' && at === acknowledged?.at);
  return here === undefined ? (acknowledged?.by ?? 'nobody') : renderActor(here.by);
}

function sayTaken(page: PageState): string {
  const { acknowledged, status, statusAt, assignees } = page;
  const taken =
    acknowledged === undefined
      ? 'NOT acknowledged yet'
      : `acknowledged by ${nameTaker(page)} at ${clockOf(acknowledged.at)}`;
  if (status === 'resolved') return `${acknowledged === undefined ? '' : `${taken}, `}resolved at ${clockOf(statusAt)}`;
  // PagerDuty gives it to whoever acknowledges.
  const isTheirs = assignees.length === 1 && assignees[0] === acknowledged?.by;
  return assignees.length === 0 || isTheirs ? taken : `${taken}; it is with ${assignees.join(', ')}`;
}

export interface PageTrouble {
  /** `REST API`, or the second path. */
  way: string;
  why: string;
  /** It is not tried on. */
  final: boolean;
}

/** What PagerDuty said when it was asked, newest, by each way that was tried. */
export function listPageTroubles({ effects }: IncidentState, page: PageState): PageTrouble[] {
  const { of } = effectOf(page.key);
  return (['page', 'page-by-event'] as const).flatMap((name): PageTrouble[] => {
    const way = name === 'page' ? 'REST API' : 'Events API';
    const effect = effects.get(effectKey(name, of));
    if (effect === undefined || effect.doneAt !== undefined) return [];
    if (effect.refused !== undefined) return [{ way, why: effect.refused, final: true }];
    const why = effect.delayed.at(-1);
    return why === undefined ? [] : [{ way, why, final: false }];
  });
}

/** Why nothing can page them; undefined: something can. */
export function explainImpossible({ who }: PageState, { rest, events }: IncidentSettings['pager']): string | undefined {
  if (!rest && !events) return 'PagerDuty is not set up (PAGERDUTY_API_TOKEN, PAGERDUTY_ROUTING_KEY).';
  // An event cannot say whom.
  if (!rest && who !== undefined)
    return `Only PagerDuty's REST API can page ${who.name}, and it is not set up (PAGERDUTY_API_TOKEN).`;
  return undefined;
}

function sayUnpaged(state: IncidentState, page: PageState, ways: IncidentSettings['pager']): string {
  const impossible = explainImpossible(page, ways);
  if (impossible !== undefined) return `NOT POSSIBLE: ${impossible} Call them by phone.`;
  const troubles = listPageTroubles(state, page);
  if (troubles.length === 0) return 'on its way';
  const why = troubles.map((it) => `${it.way}: ${it.why}`).join(' ');
  if (troubles.every(({ final }) => final)) return `REFUSED: ${why} Call them by phone.`;
  return `NOT PAGED YET, Muster keeps trying: ${why}`;
}

/** The call goes where people are, which need not be the room. */
export function sayWhereAloud(state: IncidentState, { result }: Pick<EffectState, 'result'>): string {
  const isRoom = result?.channel === undefined || result.channel === roomOf(state)?.channel;
  return isRoom ? 'in the room' : 'in the incidents channel';
}

function sayAloud(state: IncidentState, page: PageState): Line[] {
  const aloud = state.effects.get(effectKey('page-aloud', effectOf(page.key).of));
  return aloud?.doneAt === undefined
    ? []
    : [{ text: `Everybody ${sayWhereAloud(state, aloud)} was called with @here at ${clockOf(aloud.doneAt)}.` }];
}
