import type { PagerNotice } from '../domain/alert.ts';
import { incidentStream } from '../domain/incident-events.ts';
import { isPagedByEvent, pageKeyAt } from '../domain/incident-pages.ts';
import type { ReceivedEntry } from '../incident-ports.ts';
import type { Ledger } from '../ports.ts';
import { readReadable } from './settle-domain.ts';

/**
 * What our second way of paging made comes back from PagerDuty without a key: it gets its key here, and is no alert. A title proves
 * nothing, so that way must have been taken, and the page must not be known as another of PagerDuty's incidents.
 */
export async function nameOwnPages(ledger: Ledger, entries: readonly ReceivedEntry[]): Promise<ReceivedEntry[]> {
  return Promise.all(
    entries.map(async (entry) => {
      if (entry.item?.kind !== 'pager') return entry;
      const { kind, at, notice } = entry.item;
      const key = await findKey(ledger, notice);
      return key === undefined ? entry : { id: entry.id, item: { kind, at, notice: { ...notice, key } } };
    }),
  );
}

async function findKey(ledger: Ledger, { key, named, incident }: PagerNotice): Promise<string | undefined> {
  if (key !== undefined || named === undefined) return undefined;
  const state = (await readReadable(ledger, incidentStream(named)))?.state;
  const page = [...(state?.pages.values() ?? [])].find((it) => state && isPagedByEvent(state, it, incident));
  return page === undefined || state === undefined ? undefined : pageKeyAt(state.opening, page.key);
}
