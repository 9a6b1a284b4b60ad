import { failureOf } from '../domain/alert.ts';
import { type Arrival, decideArrivals, isOpen } from '../domain/decide-arrivals.ts';
import { describeAlerts, describeRaise } from '../domain/describe-alerts.ts';
import { laterEntry } from '../domain/inbox-order.ts';
import type { IncidentView } from '../domain/incident.ts';
import { incidentStream } from '../domain/incident-events.ts';
import { DrError, isDrError } from '../errors.ts';
import type { AlertCounts } from '../incident-ports.ts';
import type { Clock, Ledger, Queue } from '../ports.ts';
import type { Log } from './deps.ts';
import { declare } from './incident-engine.ts';
import { nudge } from './nudge.ts';
import { changeIncident, domainTarget, readIncident, recordIncident } from './record-incident.ts';

export interface SettleDeps {
  ledger: Ledger;
  clock: Clock;
  queue: Queue;
  log: Log;
  /** How long after an incident's newest alert another one still belongs to it, ms. */
  groupingMs: number;
  counts: Pick<AlertCounts, 'declared' | 'unheard'>;
  /** The open incidents, read when somebody first asks. */
  openIncidents(): Promise<IncidentView[]>;
}

/** How often somebody else may be faster before it is given up. */
const TRIES = 50;
/** How many incidents of a domain are looked through for an old failure. */
const LINE = 20;
/** How far a sender's clock may be from ours, ms. */
const SKEW_MS = 600_000;
/** How long the end of a failure nobody has heard of is remembered, ms: its beginning may come late. */
const OVER_MS = 3_600_000;
/** What one event of a timeline holds at most: alerts, and characters of them. */
const EVENT = { alerts: 100, characters: 200_000 };

/** Writes the alerts of one failure domain where they belong; declares where they belong nowhere yet. Doing it again writes nothing. */
export async function settleDomain(deps: SettleDeps, domain: string, arrivals: readonly Arrival[]): Promise<void> {
  let left = arrivals;
  for (let tries = 1; ; tries += 1) {
    const line = await readLine(deps.ledger, domain, left);
    const heard = await markOver(deps.ledger, line.views, left);
    const { news, rest, unheard } = decideArrivals(line.views, heard, deps.groupingMs);
    try {
      for (const [at, view] of line.views.entries())
        line.views[at] = await recordNews(deps, view, news.get(view.stream) ?? []);
    } catch (thrown) {
      if (!isDrError(thrown, 'LEDGER_CONFLICT') || tries >= TRIES) throw thrown;
      continue;
    }
    await settleUnheard(deps, unheard);
    if (rest.length === 0) return;
    if (tries >= TRIES) throw restless(domain);
    await declareFrom(deps, line, rest);
    left = rest;
  }
}

/** Takes the domain over from the incident that the decision was made on, and from no other. */
async function declareFrom(deps: SettleDeps, { holder, views }: Line, arrivals: readonly Arrival[]): Promise<void> {
  const { ledger, log, counts } = deps;
  const opening = describeAlerts(arrivals, await ledger.installation(), views[0]);
  const { incident, mine } = await declare(deps, opening, holder);
  if (!mine) return;
  const { domain, severity, by } = opening;
  log.info({ incident, domain, severity }, 'an alert declared an incident');
  counts.declared(by.kind === 'alert' ? by.source : '', severity);
}

interface Line {
  /** The stream that has the domain, also where it cannot be read. */
  holder: string | undefined;
  /** The domain's incidents, newest first. */
  views: IncidentView[];
}

/** Those before the newest are read only where an alert may be known there. */
async function readLine(ledger: Ledger, domain: string, arrivals: readonly Arrival[]): Promise<Line> {
  const views: IncidentView[] = [];
  const holder = await ledger.holder(domainTarget(domain));
  let stream = holder;
  while (stream !== undefined && views.length < LINE) {
    const view = await readReadable(ledger, stream);
    if (view === undefined) break;
    views.push(view);
    const { follows } = view.state.opening;
    const isBefore = arrivals.some((arrival) => mayBeBefore(arrival, views));
    stream = follows !== undefined && isBefore ? incidentStream(follows) : undefined;
  }
  return { holder, views };
}

/** A failure that began when another incident had the domain may be known there. */
function mayBeBefore({ alert }: Arrival, views: readonly IncidentView[]): boolean {
  const began = alert.startsAt - SKEW_MS;
  if (views.some(({ state }) => state.failures.has(failureOf(alert)))) return false;
  return views.every(({ state }) => began < state.declaredAt);
}

/** undefined where it is of a newer version, or lost. */
export async function readReadable(ledger: Ledger, stream: string): Promise<IncidentView | undefined> {
  try {
    return await readIncident(ledger, stream);
  } catch (thrown) {
    if (isDrError(thrown, 'INCIDENT_NOT_FOUND')) return undefined;
    throw thrown;
  }
}

/** A failure whose end came before its beginning is over. */
async function markOver(
  ledger: Ledger,
  views: readonly IncidentView[],
  arrivals: readonly Arrival[],
): Promise<Arrival[]> {
  return Promise.all(
    arrivals.map(async (arrival) => {
      const { alert } = arrival;
      const key = failureOf(alert);
      if (alert.status === 'resolved' || views.some(({ state }) => state.failures.has(key))) return arrival;
      return (await ledger.isClaimed(overClaim(key)))
        ? { ...arrival, alert: { ...alert, status: 'resolved' as const } }
        : arrival;
    }),
  );
}

function overClaim(failure: string): string {
  return `over/${failure}`;
}

/** Writes what the incident does not know, as few events as their size allows. Answers the view with it. */
async function recordNews(deps: SettleDeps, view: IncidentView, news: readonly Arrival[]): Promise<IncidentView> {
  let now = view;
  for (const { arrivals, upTo } of splitNews(news)) {
    const alerts = arrivals.map(({ alert }) => alert);
    const raises = isOpen(now.state) ? describeRaise(now.state, arrivals) : undefined;
    now = await recordIncident(deps, now, {
      ...{ type: 'incident.alerts-recorded', upTo: laterEntry(upTo, now.state.upTo), alerts },
      ...(raises === undefined ? {} : { raises }),
    });
  }
  if (news.length > 0) await nudge(deps, view.stream);
  return now;
}

/** `upTo` never names an entry of which a part is in the next event. */
function splitNews(news: readonly Arrival[]): { arrivals: Arrival[]; upTo: string }[] {
  const parts: { arrivals: Arrival[]; upTo: string }[] = [];
  let size = 0;
  for (const arrival of news) {
    const last = parts.at(-1);
    size += JSON.stringify(arrival.alert).length;
    if (last !== undefined && last.arrivals.length < EVENT.alerts && size <= EVENT.characters)
      last.arrivals.push(arrival);
    else {
      if (last !== undefined) last.upTo = last.arrivals.findLast(({ entry }) => entry !== arrival.entry)?.entry ?? '';
      size = JSON.stringify(arrival.alert).length;
      parts.push({ arrivals: [arrival], upTo: '' });
    }
  }
  const last = parts.at(-1);
  if (last !== undefined) last.upTo = last.arrivals.at(-1)?.entry ?? '';
  return parts;
}

/** The end of a failure may belong to an incident that another routing put elsewhere; what belongs nowhere is counted. */
async function settleUnheard(deps: SettleDeps, unheard: readonly Arrival[]): Promise<void> {
  const { ledger, log, counts } = deps;
  for (const arrival of unheard) {
    const { alert, routed } = arrival;
    if (alert.status === 'resolved') {
      if (await settleElsewhere(deps, arrival)) continue;
      await ledger.claim(overClaim(failureOf(alert)), OVER_MS);
    }
    const { source, name, status } = alert;
    log.info({ source, alert: name, status, route: routed.route }, 'an alert belongs to no incident');
    counts.unheard(source, 1);
  }
}

async function settleElsewhere(deps: SettleDeps, { alert, entry }: Arrival): Promise<boolean> {
  const knows = ({ state }: IncidentView) => state.failures.get(failureOf(alert))?.status === 'firing';
  const knowing = (await deps.openIncidents()).find(knows);
  if (knowing === undefined) return false;
  const { recorded } = await changeIncident(deps, knowing.stream, (view) =>
    knows(view)
      ? { type: 'incident.alerts-recorded', upTo: laterEntry(entry, view.state.upTo), alerts: [alert] }
      : undefined,
  );
  if (recorded !== undefined) await nudge(deps, knowing.stream);
  return true;
}

function restless(domain: string): DrError {
  return new DrError({
    code: 'LEDGER_CONFLICT',
    message: `The incidents of ${domain} do not hold still.`,
    action: 'It is tried again.',
    retryable: true,
  });
}
