import type { PagerNotice } from '../domain/alert.ts';
import { laterEntry } from '../domain/inbox-order.ts';
import { type IncidentView, knowsNotice } from '../domain/incident.ts';
import { incidentStream } from '../domain/incident-events.ts';
import { parsePageKey } from '../domain/incident-pages.ts';
import { nudge } from './nudge.ts';
import { changeIncident, domainTarget } from './record-incident.ts';
import { readReadable, type SettleDeps } from './settle-domain.ts';

/** One notice of PagerDuty, out of the inbox; `domain`: where the alert went that came with it. */
export interface NoticeArrival {
  entry: string;
  notice: PagerNotice;
  domain: string | undefined;
}

/** Writes it to the incident whose page it is about, once. Notices about no page of any incident are left. */
export async function settleNotice(deps: SettleDeps, { entry, notice, domain }: NoticeArrival): Promise<void> {
  const home = await findHome(deps, notice, domain);
  if (home === undefined) {
    deps.log.info({ pager: notice.incident, type: notice.type }, 'a notice of PagerDuty is about no page of ours');
    return;
  }
  const { recorded } = await changeIncident(deps, home.stream, (view) =>
    knowsNotice(view.state, notice)
      ? undefined
      : { type: 'incident.pager-noticed', upTo: laterEntry(entry, view.state.upTo), notice },
  );
  if (recorded !== undefined) await nudge(deps, home.stream);
}

/** By our key; else the incident that knows PagerDuty's id, where its alert went or among those that are open. */
async function findHome(
  { ledger, openIncidents }: SettleDeps,
  notice: PagerNotice,
  domain: string | undefined,
): Promise<IncidentView | undefined> {
  const ours = notice.key === undefined ? undefined : parsePageKey(notice.key, await ledger.installation());
  if (ours !== undefined) {
    const view = await readReadable(ledger, incidentStream(ours.incident));
    return view?.state.pages.has(ours.page) === true ? view : undefined;
  }
  const holder = domain === undefined ? undefined : await ledger.holder(domainTarget(domain));
  const near = holder === undefined ? undefined : await readReadable(ledger, holder);
  return [...(near === undefined ? [] : [near]), ...(await openIncidents())].find((view) => hasPage(view, notice));
}

function hasPage({ state }: IncidentView, { incident }: PagerNotice): boolean {
  return [...state.pages.values()].some(({ pager }) => pager?.id === incident);
}
