import type { Actor } from './actor.ts';
import { type Alert, failureOf, type PagerNotice } from './alert.ts';
import { type EffectState, foldEffects } from './incident-effects.ts';
import {
  type IncidentEvent,
  isIncidentEvent,
  isWorse,
  type Opening,
  type Role,
  type Severity,
} from './incident-events.ts';
import { foldPages, type PageState } from './incident-pages.ts';
import type { Entry } from './ledger.ts';

/** An incident, as the events of its stream tell it. */

export interface Failure extends Alert {
  resolvedAt?: number;
}

export interface Said {
  at: number;
  by: Actor;
  text: string;
}

export interface PinnedMessage {
  at: number;
  channel: string;
  ts: string;
  author?: string | undefined;
  text: string;
  link?: string | undefined;
}

export interface IncidentState {
  opening: Opening;
  declaredAt: number;
  severity: Severity;
  /** The worst that its opening and its alerts have said, whatever people made of it. */
  worst: Severity;
  /** Whether somebody is paged, and whom. */
  page: Opening['page'];
  /** Slack ids. */
  roles: Map<Role, string>;
  /** By `failureOf`, in the order they came. */
  failures: Map<string, Failure>;
  /** The last entry of the inbox that is in it; empty: none. */
  upTo: string;
  effects: Map<string, EffectState>;
  /** By their effect's key: `page:1` those on call, `page:2` ... who was paged beside them. */
  pages: Map<string, PageState>;
  /** Percent of the recovery time target that are known to be used up. */
  marks: Set<number>;
  slots: Map<number, { at: number; text: string }>;
  updates: (Said & { slot?: number | undefined })[];
  notes: Said[];
  pinned: Map<string, PinnedMessage>;
  runs: { run: string; command: string; by: Actor; at: number }[];
  mitigatedAt?: number;
  mitigated?: { by: Actor; text?: string | undefined };
  resolvedAt?: number;
  resolved?: { by: Actor; summary?: string | undefined };
  /** How often what the topic says has changed. */
  topics: number;
  over: boolean;
  /** When anything last came in that a person or an alert did. */
  changedAt: number;
  /** Set when a newer Muster wrote something we cannot read: hands off. */
  foreign?: string;
}

export interface IncidentView {
  stream: string;
  entries: Entry[];
  state: IncidentState;
}

/** undefined where the first event is not its declaration. */
export function foldIncident(entries: readonly Entry[]): IncidentState | undefined {
  const [first] = entries;
  if (first?.event.type !== 'incident.declared') return undefined;
  const { opening, at } = first.event;
  const events = entries.map(({ event }) => event).filter(isIncidentEvent);
  const state: IncidentState = {
    ...{
      opening,
      declaredAt: at,
      severity: opening.severity,
      worst: opening.severity,
      page: opening.page,
      changedAt: at,
      upTo: '',
    },
    ...{ roles: new Map(), failures: new Map(), marks: new Set(), slots: new Map(), pinned: new Map() },
    ...{ updates: [], notes: [], runs: [], topics: 1, over: false },
    effects: foldEffects(events),
    pages: foldPages(opening, at, events),
  };
  for (const { event } of entries) {
    if (event.type === 'foreign') state.foreign = event.wrote;
    else if (isIncidentEvent(event)) applyEvent(state, event);
  }
  return state;
}

/** What changes the room's topic. */
const TOPICAL: string[] = [
  'severity.changed',
  'role.assigned',
  'incident.rto-marked',
  'incident.mitigated',
  'incident.resolved',
] satisfies IncidentEvent['type'][];

function applyEvent(state: IncidentState, event: IncidentEvent): void {
  if (!event.type.startsWith('effect')) state.changedAt = event.at;
  if (TOPICAL.includes(event.type)) state.topics += 1;
  switch (event.type) {
    case 'incident.alerts-recorded':
      state.upTo = event.upTo;
      for (const alert of event.alerts) applyAlert(state, alert, event.at);
      if (event.raises !== undefined) applyRaise(state, event.raises);
      break;
    case 'incident.pager-noticed':
      state.upTo = event.upTo;
      break;
    case 'incident.rto-marked':
      state.marks.add(event.percent);
      break;
    case 'slot.drafted':
      state.slots.set(event.slot, { at: event.at, text: event.text });
      break;
    case 'incident.run-linked':
      state.runs.push({ run: event.run, command: event.command, by: event.by, at: event.at });
      break;
    case 'incident.mitigated':
      state.mitigatedAt = event.at;
      state.mitigated = { by: event.by, text: event.text };
      break;
    case 'incident.resolved':
      state.resolvedAt = event.at;
      state.resolved = { by: event.by, summary: event.summary };
      break;
    case 'incident.ended':
      state.over = true;
      break;
    default:
      applyWord(state, event);
  }
}

/** What people say about it. */
function applyWord(state: IncidentState, event: IncidentEvent): void {
  switch (event.type) {
    case 'update.posted':
      state.updates.push({ at: event.at, by: event.by, text: event.text, slot: event.slot });
      break;
    case 'note.added':
      state.notes.push({ at: event.at, by: event.by, text: event.text });
      break;
    case 'message.pinned': {
      const { at, channel, ts, author, text, link } = event;
      state.pinned.set(ts, { at, channel, ts, author, text, link });
      break;
    }
    case 'message.unpinned':
      state.pinned.delete(event.ts);
      break;
    case 'severity.changed':
      state.severity = event.severity;
      break;
    case 'role.assigned':
      state.roles.set(event.role, event.user);
      break;
  }
}

/** People may have found it worse already. */
function applyRaise(state: IncidentState, { severity, page }: { severity: Severity; page?: Opening['page'] }): void {
  state.worst = severity;
  state.page ??= page;
  if (!isWorse(severity, state.severity)) return;
  state.severity = severity;
  state.topics += 1;
}

/** A failure that was resolved before it was heard of is one all the same. */
function applyAlert(state: IncidentState, alert: Alert, at: number): void {
  const key = failureOf(alert);
  const known = state.failures.get(key);
  if (alert.status === 'resolved') {
    state.failures.set(key, { ...(known ?? alert), status: 'resolved', resolvedAt: alert.endsAt ?? at });
  } else if (known === undefined) state.failures.set(key, alert);
}

/** Whether the notice is in it already: PagerDuty delivers again. */
export function knowsNotice({ pages }: Pick<IncidentState, 'pages'>, notice: PagerNotice): boolean {
  return [...pages.values()].some((page) => page.notices.has(notice.id));
}

export function isResolved({ resolvedAt }: IncidentState): boolean {
  return resolvedAt !== undefined;
}
