import { type Alert, failureOf } from './alert.ts';
import { entryMs } from './inbox-order.ts';
import { type IncidentState, type IncidentView, isResolved } from './incident.ts';
import type { Routed } from './route-alert.ts';

/** One alert, out of the inbox. */
export interface Arrival {
  /** The entry of the inbox that it came in. */
  entry: string;
  /** When it came, ms since 1970. */
  at: number;
  alert: Alert;
  routed: Routed;
  /** Whether it may declare an incident. */
  declares: boolean;
}

/** What is to be written, in order, before the arrivals that are left are decided. */
export interface Decided {
  /** By the incident's stream: what it does not know yet. */
  news: Map<string, Arrival[]>;
  /** The first of these declares an incident, which takes the failure domain over; empty: all is decided. */
  rest: Arrival[];
  /** They belong to no incident. */
  unheard: Arrival[];
}

/**
 * Where alerts of one failure domain belong, in the order in which they came. `line`: the domain's incidents, newest first; the first has the
 * domain. An alert joins it while it is open and its newest alert is not longer ago than `groupingMs`, or something in it still fires, or
 * it knows the fingerprint or the group. A failure that any of them knows is counted once, and its end goes where it is known; but what is
 * said to fire longer than `groupingMs` after its incident was resolved was resolved by mistake, and declares anew.
 */
export function decideArrivals(
  line: readonly IncidentView[],
  arrivals: readonly Arrival[],
  groupingMs: number,
): Decided {
  const known = line.map(knowledgeOf);
  const decided: Decided = { news: new Map(), rest: [], unheard: [] };
  for (const [index, arrival] of arrivals.entries()) {
    const ended = listEnded(known, arrival);
    for (const older of ended) settle(known, older, groupingMs, decided);
    if (ended.length > 0 && !known.some(({ failures }) => failures.has(failureOf(arrival.alert)))) continue;
    if (settle(known, arrival, groupingMs, decided)) continue;
    if (arrival.declares && arrival.alert.status === 'firing') {
      decided.rest = arrivals.slice(index);
      break;
    }
    decided.unheard.push(arrival);
  }
  return decided;
}

/** False where it belongs to none of them. */
function settle(known: readonly Knowledge[], arrival: Arrival, groupingMs: number, { news }: Decided): boolean {
  const knows = (it: Knowledge) => it.failures.has(failureOf(arrival.alert)) && !burnsOn(it, arrival, groupingMs);
  const joined =
    known.find(knows) ?? (known[0] !== undefined && joins(known[0], arrival, groupingMs) ? known[0] : undefined);
  if (joined !== undefined && take(joined, arrival)) addTo(news, joined.stream, arrival);
  return joined !== undefined;
}

/** Whether it is still said to fire long after somebody resolved its incident. */
function burnsOn({ resolvedAt, failures }: Knowledge, { alert, at, declares }: Arrival, groupingMs: number): boolean {
  if (resolvedAt === undefined || !declares || alert.status !== 'firing') return false;
  return failures.get(failureOf(alert)) === 'firing' && at > resolvedAt + groupingMs;
}

/** A fingerprint that is over is over in all its failures that began before that, though the sender names one beginning only. */
function listEnded(known: readonly Knowledge[], arrival: Arrival): Arrival[] {
  const { alert } = arrival;
  const { status, endsAt, startsAt } = alert;
  if (status !== 'resolved' || endsAt === undefined) return [];
  return known.flatMap(({ fingerprints }) =>
    [...(fingerprints.get(fingerprintOf(alert)) ?? [])]
      .filter((began) => began !== startsAt && began <= endsAt)
      .map((began) => ({ ...arrival, alert: { ...alert, startsAt: began } })),
  );
}

/** Adds to the list that stands under the key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** What an incident knows of alerts, and what it will know once the news is in it. */
interface Knowledge {
  stream: string;
  open: boolean;
  resolvedAt: number | undefined;
  declaredMs: number;
  failures: Map<string, Alert['status']>;
  firing: number;
  /** When those of its failures began that still fire, by fingerprint; without any for those that are over. */
  fingerprints: Map<string, Set<number>>;
  groups: Set<string>;
  newestAt: number;
}

function knowledgeOf({ stream, state, entries }: IncidentView): Knowledge {
  const alerts = [...state.failures.values()];
  const last = entries.findLast(({ event }) => event.type === 'incident.alerts-recorded')?.event;
  return {
    stream,
    open: isOpen(state),
    resolvedAt: state.resolvedAt,
    declaredMs: entryMs(entries[0]?.id ?? ''),
    failures: new Map([...state.failures].map(([key, { status }]) => [key, status])),
    firing: alerts.filter(({ status }) => status === 'firing').length,
    fingerprints: firingBy(alerts),
    groups: new Set(alerts.flatMap(groupOf)),
    newestAt: last?.type === 'incident.alerts-recorded' ? last.at : state.declaredAt,
  };
}

/** Whether alerts may still come to it. */
export function isOpen(state: IncidentState): boolean {
  return !state.over && !isResolved(state);
}

function joins(into: Knowledge, { alert, at, entry }: Arrival, groupingMs: number): boolean {
  // Resolved or not, what it was declared for is its own: what was in the inbox then, by the clock of Redis.
  if (entryMs(entry) <= into.declaredMs) return true;
  if (!into.open) return false;
  if (into.firing > 0 || at - into.newestAt <= groupingMs) return true;
  return into.fingerprints.has(fingerprintOf(alert)) || groupOf(alert).some((group) => into.groups.has(group));
}

/** False where it is no news: the failure is known, or known to be over. */
function take(into: Knowledge, { alert, at }: Arrival): boolean {
  const key = failureOf(alert);
  const before = into.failures.get(key);
  if (before === 'resolved' || before === alert.status) return false;
  into.failures.set(key, alert.status);
  into.firing += (alert.status === 'firing' ? 1 : 0) - (before === 'firing' ? 1 : 0);
  noteFiring(into.fingerprints, alert);
  for (const group of groupOf(alert)) into.groups.add(group);
  into.newestAt = Math.max(into.newestAt, at);
  return true;
}

function firingBy(alerts: readonly Alert[]): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const alert of alerts) noteFiring(found, alert);
  return found;
}

function noteFiring(found: Map<string, Set<number>>, alert: Alert): void {
  const key = fingerprintOf(alert);
  const began = found.get(key) ?? new Set();
  found.set(key, began);
  if (alert.status === 'firing') began.add(alert.startsAt);
  else began.delete(alert.startsAt);
}

function fingerprintOf({ source, fingerprint }: Alert): string {
  return `${source}/${fingerprint}`;
}

function groupOf({ source, groupKey }: Alert): string[] {
  return groupKey === undefined ? [] : [`${source}/${groupKey}`];
}
