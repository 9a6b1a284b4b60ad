import { type IncidentState, isResolved, knowsNotice } from '../domain/incident.ts';
import type { PageState } from '../domain/incident-pages.ts';
import type { PagedNow } from '../incident-ports.ts';
import type { IncidentMemory } from './incident-deps.ts';
import type { Performing } from './perform-effect.ts';

/** How often PagerDuty is asked how a page stands, ms, before and after somebody has taken it: a webhook can get lost. */
const UNTAKEN_MS = 60_000;
const TAKEN_MS = 300_000;

export function listReadTimes(state: IncidentState, memory: Pick<IncidentMemory, 'asked'>): number[] {
  return [...state.pages.values()].map((page) => nextReadAt(state, memory, page)).filter((at) => at !== undefined);
}

/** When the page is to be looked at next, ms since 1970; undefined: there is nothing to look at. */
function nextReadAt(
  state: IncidentState,
  { asked }: Pick<IncidentMemory, 'asked'>,
  page: PageState,
): number | undefined {
  const isChanging = page.changes.some(({ key }) => {
    const effect = state.effects.get(key);
    return effect?.doneAt === undefined && effect?.refused === undefined;
  });
  if (page.pager === undefined || page.status === 'resolved' || isResolved(state) || isChanging) return undefined;
  const every = page.acknowledged === undefined ? UNTAKEN_MS : TAKEN_MS;
  return (asked.get(page.key) ?? state.effects.get(page.key)?.doneAt ?? page.at) + every;
}

/** The pages whose time has come. */
export function listUnread({ deps, recorder, memory }: Performing): PageState[] {
  const { state } = recorder.view();
  if (!deps.settings.pager.rest) return [];
  const now = deps.clock.now();
  return [...state.pages.values()].filter((page) => (nextReadAt(state, memory, page) ?? now + 1) <= now);
}

/** Records what PagerDuty knows better, as if its webhook had come. @throws DrError PAGER_*, LEDGER_* */
export async function readPage({ deps, recorder, memory, signal }: Performing, page: PageState): Promise<void> {
  const { pager, key, status, statusAt } = page;
  memory.asked.set(key, deps.clock.now());
  if (pager === undefined) return;
  const there = await deps.pager.read(pager.id, signal);
  await recorder.record(({ state }) => {
    const now = state.pages.get(key);
    // What somebody did meanwhile is newer than the answer.
    if (now === undefined || now.status !== status || now.statusAt !== statusAt) return undefined;
    const notice = describeNotice(now, there);
    if (notice === undefined || knowsNotice(state, notice)) return undefined;
    return { type: 'incident.pager-noticed', upTo: state.upTo, notice };
  });
}

/** undefined: nothing is new. */
function describeNotice({ status, statusAt, assignees }: PageState, there: PagedNow) {
  const isMoved = there.assignees.length > 0 && there.assignees.join('\n') !== assignees.join('\n');
  if (there.status === status && !isMoved) return undefined;
  return {
    id: `read/${there.id}/${there.status}/${there.since}/${there.assignees.join(',')}`,
    type: there.status === status ? 'incident.reassigned' : TYPES[there.status],
    // Its times are of full seconds, and what is known must not look newer.
    occurredAt: Math.max(there.since, statusAt),
    ...{ incident: there.id, status: there.status, assignees: there.assignees },
    ...(there.url === undefined ? {} : { url: there.url }),
    ...(there.by === undefined ? {} : { by: there.by }),
  };
}

const TYPES: Record<PagedNow['status'], string> = {
  triggered: 'incident.unacknowledged',
  acknowledged: 'incident.acknowledged',
  resolved: 'incident.resolved',
};
