import type { Actor } from './actor.ts';
import type { IncidentState } from './incident.ts';
import { effectKey, effectOf } from './incident-effects.ts';
import type { IncidentEvent, Opening } from './incident-events.ts';

/** Who was paged about an incident, and who has taken it: both sides' words, in the order in which things happened. */

export interface PageChange {
  /** `change-page:<n>`: the effect that makes it so in PagerDuty. */
  key: string;
  change: 'acknowledge' | 'resolve' | 'escalate' | 'reassign' | 'note';
  to?: string | undefined;
  text?: string | undefined;
  by: Actor;
  at: number;
}

export interface PageState {
  /** `page:1`. */
  key: string;
  at: number;
  /** Whom, where it is not who is on call. */
  who?: { id: string; kind: 'user' | 'escalation_policy'; name: string };
  why?: string;
  /** PagerDuty's incident; undefined: none is known to be there yet. */
  pager?: { id: string; url?: string | undefined };
  status: 'asked' | 'triggered' | 'acknowledged' | 'resolved';
  /** Who acknowledged it first, in words or as a Slack mention. */
  acknowledged?: { by: string; at: number };
  assignees: string[];
  /** When what `status` says happened, ms since 1970: what comes late changes nothing. */
  statusAt: number;
  notices: Set<string>;
  /** What people here asked of it, in order. */
  changes: PageChange[];
}

/** The key that PagerDuty knows a page by: it makes no second incident for the same one. */
export function pageKeyAt(
  { installation, incident }: Pick<Opening, 'installation' | 'incident'>,
  page: string,
): string {
  return `muster/${installation.slice(0, 8)}/${incident}/${effectOf(page).of}`;
}

/** Whether a Muster, this one or another, made PagerDuty's incident of this key. */
export function isPageKey(key: string): boolean {
  return key.startsWith('muster/');
}

/** The incident and page that one of our keys names; undefined for any other key. */
export function parsePageKey(key: string, installation: string): { incident: string; page: string } | undefined {
  const [muster, whose, incident, of, ...more] = key.split('/');
  if (muster !== 'muster' || whose !== installation.slice(0, 8) || more.length > 0) return undefined;
  if (incident === undefined || of === undefined) return undefined;
  return { incident, page: effectKey('page', of) };
}

/** How the title of a page ends: PagerDuty gives the incident of an event no key, and a title is all that its webhooks tell. */
export function pageTitleEnd({ incident }: Pick<Opening, 'incident'>): string {
  return ` (${incident})`;
}

/** The incident that a title ends with, as `pageTitleEnd` says; anybody may have written it. */
export function incidentInTitle(title: string): string | undefined {
  return / \((\d{8}-\d{6}(?:-\d{1,4})?)\)$/.exec(title)?.[1];
}

/** Whether PagerDuty's incident may be the one that our second way made for this page. */
export function isPagedByEvent(state: Pick<IncidentState, 'effects'>, page: PageState, pagerId: string): boolean {
  const byEvent = state.effects.has(effectKey('page-by-event', effectOf(page.key).of));
  return byEvent && (page.pager === undefined || page.pager.id === pagerId);
}

export function foldPages(opening: Opening, at: number, events: readonly IncidentEvent[]): Map<string, PageState> {
  const pages = new Map<string, PageState>();
  const add = (more: Pick<PageState, 'at'> & Partial<PageState>) => {
    const key = effectKey('page', pages.size + 1);
    pages.set(key, { key, status: 'asked', statusAt: 0, assignees: [], notices: new Set(), changes: [], ...more });
  };
  if (opening.paged !== undefined) add({ at, pager: opening.paged, status: 'triggered' });
  else if (opening.page !== undefined) add({ at });
  let changes = 0;
  for (const event of events) {
    if (event.type === 'incident.alerts-recorded') {
      // Whoever is on call was called already, or is now that it is worse.
      const calls = [...pages.values()].some(({ who }) => who === undefined);
      if (event.raises?.page !== undefined && !calls) add({ at: event.at });
    } else if (event.type === 'page.asked') add({ at: event.at, who: event.who, why: event.why });
    else if (event.type === 'page.changed') {
      changes += 1;
      applyChange(pages, { ...event, key: effectKey('change-page', changes) }, event.page);
    } else if (event.type === 'effect.done') applyDone(pages, event);
    else if (event.type === 'incident.pager-noticed') applyNotice(pages, event);
  }
  return pages;
}

/** Both ways of paging make the same incident in PagerDuty. */
function applyDone(
  pages: Map<string, PageState>,
  { key, result }: Extract<IncidentEvent, { type: 'effect.done' }>,
): void {
  const { name, of } = effectOf(key);
  const page = pages.get(effectKey('page', of));
  if (page === undefined || (name !== 'page' && name !== 'page-by-event')) return;
  if (page.status === 'asked') page.status = 'triggered';
  if (result.pager !== undefined) page.pager = { id: result.pager, url: result.url };
}

function applyChange(pages: Map<string, PageState>, change: PageChange, key: string): void {
  const page = pages.get(key);
  if (page === undefined) return;
  page.changes.push(change);
  const by = change.by.kind === 'slack' ? `<@${change.by.user}>` : change.by.account;
  if (change.change === 'acknowledge') {
    page.acknowledged ??= { by, at: change.at };
    if (page.status !== 'resolved') Object.assign(page, { status: 'acknowledged', statusAt: change.at });
  }
  if (change.change === 'resolve') Object.assign(page, { status: 'resolved', statusAt: change.at });
}

function applyNotice(
  pages: Map<string, PageState>,
  { notice }: Extract<IncidentEvent, { type: 'incident.pager-noticed' }>,
): void {
  const page = [...pages.values()].find((it) => it.pager?.id === notice.incident) ?? pageOfKey(pages, notice.key);
  if (page === undefined) return;
  page.notices.add(notice.id);
  page.pager ??= { id: notice.incident, url: notice.url };
  if (notice.type === 'incident.acknowledged')
    page.acknowledged ??= { by: notice.by ?? 'PagerDuty', at: notice.occurredAt };
  if (notice.occurredAt < page.statusAt) return;
  if (notice.assignees.length > 0) page.assignees = notice.assignees;
  if (notice.status !== undefined) Object.assign(page, { status: notice.status, statusAt: notice.occurredAt });
}

function pageOfKey(pages: Map<string, PageState>, key: string | undefined): PageState | undefined {
  return pages.get(effectKey('page', key?.split('/').at(-1)));
}
