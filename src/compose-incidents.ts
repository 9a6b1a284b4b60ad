import type { Config } from './config.ts';
import type { RunEngine } from './contracts.ts';
import type { IncidentSettings } from './domain/incident-settings.ts';
import { createIncidentEngine } from './engine/incident-engine.ts';
import type { SweepDeps } from './engine/sweep.ts';
import type { Effect, IncidentEngine } from './incident-contracts.ts';
import type { PagerEvents, Rooms } from './incident-ports.ts';

/** The incident half, put together; nothing started. */
export interface Incidents {
  engine: IncidentEngine;
  /** undefined: PagerDuty's second way is not configured. */
  events: PagerEvents | undefined;
  effects: ReadonlyMap<string, Effect>;
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
    events: undefined,
    engine: createIncidentEngine({
      ...engine,
      settings: settingsOf(config),
      pager: undefined,
      rooms: () => met,
      readRun: (run) => runs.read(run),
    }),
    meetRooms: (rooms) => {
      met = rooms;
    },
  };
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
