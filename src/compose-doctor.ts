import { join } from 'node:path';
import { createPagerInspection } from './adapters/pagerduty-inspect.ts';
import { createRedisInspection } from './adapters/redis-inspect.ts';
import { createSlackInspection } from './adapters/slack-inspect.ts';
import { checkRouting } from './adapters/yaml-file.ts';
import type { Config } from './config.ts';
import type { Doctor, RunEngine } from './contracts.ts';
import type { BrokenFiles, Examination } from './doctor/examination.ts';
import { examineAll } from './doctor/examine-all.ts';
import type { Policy } from './domain/policy.ts';
import type { RedisPlace } from './domain/redis-url.ts';
import type { EngineDeps } from './engine/deps.ts';
import { loadDirectory } from './registry.ts';

const LINES = join(import.meta.dirname, 'doctor/lines');

interface Parts {
  config: Config;
  engine: Pick<EngineDeps, 'clusters' | 'homes' | 'clock' | 'log'>;
  redis: RedisPlace;
  policy: Policy | undefined;
  runbooks: RunEngine['runbooks'];
  broken: BrokenFiles;
}

/** The doctor with all that it looks with; its lines are loaded when it is first asked, and no connection is made before. */
export function composeDoctor({ config, engine, redis, policy, runbooks, broken }: Parts): Doctor {
  const { slackBotToken: botToken, slackApiUrl, pagerdutyApiToken: token, pagerdutyServiceId: serviceId } = config;
  const { clusters, homes, clock, log } = engine;
  const deps = {
    ...{ clusters, homes, clock, policy, runbooks, broken },
    inspectRedis: createRedisInspection(redis),
    chat: botToken === undefined ? undefined : createSlackInspection({ botToken, apiUrl: slackApiUrl, log }),
    channels: {
      SLACK_INCIDENTS_CHANNEL: config.slackIncidentsChannel,
      SLACK_STAKEHOLDERS_CHANNEL: config.slackStakeholdersChannel,
    },
    inbound: {
      alerts: config.alertWebhookToken !== undefined,
      pagerDuty: config.pagerdutyWebhookSecret !== undefined,
    },
    checkRouting: async () =>
      config.routingFile === undefined ? undefined : checkRouting(config.routingFile, [...runbooks.keys()]),
    paging: { from: config.pagerdutyFromEmail, routingKey: config.pagerdutyRoutingKey },
    pager:
      token === undefined || serviceId === undefined
        ? undefined
        : createPagerInspection({ token, apiUrl: config.pagerdutyApiUrl, serviceId }),
  };
  return async (cluster, signal) => {
    const examinations = await loadDirectory<Examination>(LINES, 'examination');
    return examineAll([...examinations.values()], deps, { cluster, signal });
  };
}
