import { type IncidentView, isResolved } from '../domain/incident.ts';
import { incidentOf, incidentStream, type Opening } from '../domain/incident-events.ts';
import type { RunView } from '../domain/run.ts';
import { isDrError } from '../errors.ts';
import type { DeclareOrder, IncidentEngine } from '../incident-contracts.ts';
import type { Clock, Ledger, Queue } from '../ports.ts';
import type { Log } from './deps.ts';
import { incidentIdAt } from './incident-id.ts';
import { nudge } from './nudge.ts';
import {
  changeIncident,
  domainTarget,
  readIncident,
  recordDeclared,
  refuseNewer,
  roomTarget,
} from './record-incident.ts';

export interface IncidentEngineDeps extends Pick<IncidentEngine, 'settings' | 'pager' | 'rooms' | 'checkRouting'> {
  ledger: Ledger;
  clock: Clock;
  queue: Queue;
  log: Log;
  readRun(run: string): Promise<RunView>;
}

/** What commands, buttons and the terminal may ask about incidents. */
export function createIncidentEngine(deps: IncidentEngineDeps): IncidentEngine {
  const { ledger, queue, settings, pager, rooms, checkRouting, readRun } = deps;
  return {
    ...{ settings, pager, rooms, checkRouting },
    declare: (order) => declareByHand(deps, order),
    read: (incident) => readIncident(ledger, incidentStream(incident)),
    list: async (limit) => {
      const views = (await ledger.incidents(limit)).map((stream) => skipUnreadable(readIncident(ledger, stream)));
      return (await Promise.all(views)).filter((view) => view !== undefined);
    },
    open: async () => {
      const views = (await ledger.openIncidents()).map((stream) => skipUnreadable(readIncident(ledger, stream)));
      return (await Promise.all(views))
        .filter((view) => view !== undefined)
        .filter(({ state }) => !isResolved(state))
        .sort((a, b) => b.state.declaredAt - a.state.declaredAt);
    },
    ofChannel: async (channel) => incidentOf((await ledger.holder(roomTarget(channel))) ?? ''),
    change: async (incident, decide) => {
      const stream = incidentStream(incident);
      const changed = await changeIncident(deps, stream, (view) => {
        refuseNewer(view.state);
        return decide(view);
      });
      if (changed.recorded !== undefined) await nudge(deps, stream);
      return changed;
    },
    isDriven: async () => {
      // A terminal that drives one run has a worker of runs alone.
      const workers = await queue.workers('incidents');
      return workers === undefined ? undefined : workers > 0;
    },
    runs: async ({ state }) => {
      const views = state.runs.map(({ run }) => skipUnreadable(readRun(run)));
      return (await Promise.all(views)).filter((view) => view !== undefined);
    },
  };
}

/** A run that was linked but never begun, or that a newer version wrote, is left out. */
async function skipUnreadable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (isDrError(thrown, 'INCIDENT_NOT_FOUND', 'RUN_NOT_FOUND', 'RUN_NEWER')) return undefined;
    throw thrown;
  }
}

/** Everybody who declares by hand means another thing: it has a failure domain of its own, which the same delivery finds taken. */
async function declareByHand(deps: IncidentEngineDeps, order: DeclareOrder): Promise<string> {
  const { ledger, clock } = deps;
  const installation = await ledger.installation();
  const now = clock.now();
  const { title, severity, service, by, origin } = order;
  const about = { title, severity, by, private: order.private, page: {}, invite: [], tell: [] };
  const domain = `by-hand/${origin?.delivery ?? `${incidentIdAt(now, 1)}/${Math.random().toString(36).slice(2)}`}`;
  const declared = await declare(deps, {
    ...{ ...about, domain, installation },
    ...(service === undefined ? {} : { service }),
    ...(origin === undefined ? {} : { origin }),
  });
  return declared.incident;
}

/** Records the declaration under the first name that is free, and asks for a look; where the domain is taken, that is the incident; `mine`: it was not. */
export async function declare(
  deps: { ledger: Ledger; clock: Clock; queue: Queue; log: Log },
  about: Omit<Opening, 'incident'>,
  over?: string,
): Promise<{ incident: string; mine: boolean }> {
  const { ledger, clock } = deps;
  const second = clock.now();
  for (let count = 1; ; count += 1) {
    const incident = incidentIdAt(second, count);
    try {
      const view = await recordDeclared(deps, { type: 'incident.declared', opening: { ...about, incident } }, over);
      if (view === undefined) continue;
      await nudge(deps, view.stream);
      return { incident, mine: true };
    } catch (thrown) {
      if (!isDrError(thrown, 'TARGET_HELD')) throw thrown;
      const holder: IncidentView | undefined = await skipUnreadable(readHolder(ledger, about.domain));
      if (holder === undefined) throw thrown;
      return { incident: holder.state.opening.incident, mine: false };
    }
  }
}

async function readHolder(ledger: Ledger, domain: string): Promise<IncidentView> {
  return readIncident(ledger, (await ledger.holder(domainTarget(domain))) ?? '');
}
