import { createPager, warmPager } from './adapters/pagerduty.ts';
import { createPagerEvents } from './adapters/pagerduty-events.ts';
import { checkRouting } from './adapters/yaml-file.ts';
import type { Config } from './config.ts';
import type { RunEngine } from './contracts.ts';
import type { IncidentSettings } from './domain/incident-settings.ts';
import { createIncidentEngine } from './engine/incident-engine.ts';
import type { SweepDeps } from './engine/sweep.ts';
import type { Effect, IncidentEngine } from './incident-contracts.ts';
import type { Pager, PagerEvents, Rooms } from './incident-ports.ts';

/** The incident half, put together; nothing started. */
export interface Incidents {
  engine: IncidentEngine;
  /** undefined: PagerDuty's second way is not configured. */
  events: PagerEvents | undefined;
  effects: ReadonlyMap<string, Effect>;
  /** Loads what the first page would otherwise wait for. */
  warm(): void;
  /** Whoever opens Slack says so. */
  meetRooms(rooms: Rooms): void;
}

export function composeIncidents(
  config: Config,
  engine: SweepDeps,
  runs: RunEngine,
  effects: ReadonlyMap<string, Effect>,
): Incidents {
  let met: Rooms | undefined;
  return {
    effects,
    events: eventsOf(config),
    warm: () => {
      if (config.pagerdutyApiToken !== undefined) warmPager();
    },
    engine: createIncidentEngine({
      ...engine,
      settings: settingsOf(config),
      pager: pagerOf(config),
      rooms: () => met,
      checkRouting: async (file = config.routingFile) =>
        file === undefined ? undefined : checkRouting(file, [...runs.runbooks.keys()]),
      readRun: (run) => runs.read(run),
    }),
    meetRooms: (rooms) => {
      met = rooms;
    },
  };
}

function pagerOf(config: Config): Pager | undefined {
  const { pagerdutyApiToken: token, pagerdutyApiUrl: apiUrl } = config;
  const { pagerdutyServiceId: serviceId, pagerdutyFromEmail: from } = config;
  if (token === undefined || serviceId === undefined || from === undefined) return undefined;
  return createPager({ token, apiUrl, serviceId, from });
}

function eventsOf({ pagerdutyRoutingKey: routingKey, pagerdutyEventsUrl: eventsUrl }: Config): PagerEvents | undefined {
  return routingKey === undefined ? undefined : createPagerEvents({ routingKey, eventsUrl });
}

function settingsOf(config: Config): IncidentSettings {
  return {
    statusUpdateMs: config.statusUpdateMs,
    pager: { rest: config.pagerdutyApiToken !== undefined, events: config.pagerdutyRoutingKey !== undefined },
    chat: config.slackBotToken !== undefined,
    announceIn: config.slackIncidentsChannel,
    stakeholders: config.slackStakeholdersChannel,
  };
}
