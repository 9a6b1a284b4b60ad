import type { Alert } from '../domain/alert.ts';
import { type Arrival, addTo } from '../domain/decide-arrivals.ts';
import type { IncidentView } from '../domain/incident.ts';
import type { Routed } from '../domain/route-alert.ts';
import { DrError } from '../errors.ts';
import type { ReceivedEntry } from '../incident-ports.ts';
import type { Ledger } from '../ports.ts';
import { nameOwnPages } from './own-pages.ts';
import { readReadable, type SettleDeps, settleDomain } from './settle-domain.ts';
import { type NoticeArrival, settleNotice } from './settle-notice.ts';

export interface DrainDeps extends Omit<SettleDeps, 'openIncidents'> {
  route(alert: Alert): Routed;
}

/** So many entries are read at once: alerts that came together are one event of their incident's timeline. */
const BATCH = 200;
const MOST_PAUSE_MS = 250;

/**
 * Takes what webhooks brought out of the inbox, in order, into the timelines of incidents, until it is empty or `signal` aborts. An
 * entry is dropped once all of it is written, and writing it again writes nothing: kill it anywhere, let two do it at once.
 * @throws DrError INBOX_NEWER for an entry of a newer version, which parks the inbox; LEDGER_UNREACHABLE, LEDGER_CONFLICT: what was not
 *   dropped is taken the next time
 */
export async function drainInbox(deps: DrainDeps, signal: AbortSignal): Promise<void> {
  const { clock } = deps;
  while (!signal.aborted) {
    const began = clock.now();
    const entries = await deps.ledger.received(BATCH);
    const newer = entries.findIndex(({ item }) => item === undefined);
    const readable = newer < 0 ? entries : entries.slice(0, newer);
    const end = readable.at(-1)?.id;
    if (end !== undefined && (await takeBatch(deps, readable, signal))) await deps.ledger.dropReceived(end);
    if (newer >= 0 && !signal.aborted) throw parked(entries[newer]?.id);
    if (entries.length === 0) return;
    // More gathers in as long as that took, and Redis is free for those who send: a storm is fewer, larger events.
    if (entries.length < BATCH) await clock.sleep(Math.min(clock.now() - began, MOST_PAUSE_MS), signal);
  }
}

function parked(entry: string | undefined): DrError {
  return new DrError({
    code: 'INBOX_NEWER',
    message: `A newer Muster received what this version cannot read (entry ${entry} of the inbox): alerts wait there.`,
    action: 'Start the newer Muster again; it takes them.',
  });
}

/** False where the signal aborted before all of it was written. */
async function takeBatch(deps: DrainDeps, entries: readonly ReceivedEntry[], signal: AbortSignal): Promise<boolean> {
  const { domains, notices } = sortOut(await nameOwnPages(deps.ledger, entries), deps.route);
  const settling: SettleDeps = { ...deps, openIncidents: readOnce(deps.ledger) };
  for (const [domain, arrivals] of domains) {
    if (signal.aborted) return false;
    await settleDomain(settling, domain, arrivals);
  }
  // What was declared meanwhile may be what a notice is about.
  const noticing: SettleDeps = { ...deps, openIncidents: readOnce(deps.ledger) };
  for (const notice of notices) {
    if (signal.aborted) return false;
    await settleNotice(noticing, notice);
  }
  return true;
}

/** Alerts by their failure domain, and PagerDuty's notices, both in the order in which they came. */
function sortOut(entries: readonly ReceivedEntry[], route: DrainDeps['route']) {
  const domains = new Map<string, Arrival[]>();
  const notices: NoticeArrival[] = [];
  for (const { id: entry, item } of entries) {
    if (item?.kind === 'alerts') {
      for (const alert of item.alerts) {
        const routed = route(alert);
        addTo(domains, routed.domain, {
          entry,
          at: item.at,
          alert,
          routed,
          declares: routed.declares,
        });
      }
    } else if (item?.kind === 'pager') {
      const { notice, alert, at } = item;
      const routed = alert === undefined ? undefined : route(alert);
      // Whoever has acknowledged it is at work on it already.
      const declares = routed?.declares === true && notice.status === 'triggered';
      if (alert !== undefined && routed !== undefined)
        addTo(domains, routed.domain, { entry, at, alert, routed, declares });
      notices.push({ entry, notice, domain: routed?.domain });
    }
  }
  return { domains, notices };
}

/** The open incidents, read when they are first asked for; those that cannot be read are left out. */
function readOnce(ledger: Ledger): () => Promise<IncidentView[]> {
  let reading: Promise<IncidentView[]> | undefined;
  const read = async () => {
    const views = await Promise.all((await ledger.openIncidents()).map((stream) => readReadable(ledger, stream)));
    return views.filter((view) => view !== undefined);
  };
  return () => {
    reading ??= read();
    return reading;
  };
}
