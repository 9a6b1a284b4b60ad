import { join } from 'node:path';
import { z } from 'zod';
import { explainLabel } from './domain/names.ts';
import { parseRedisUrl } from './domain/redis-url.ts';
import { suggest } from './domain/suggest.ts';
import { DrError } from './errors.ts';

/** The one schema of the environment. `.env.example` explains each variable; a test keeps the two alike. */

const MINUTE = 60_000;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const text = z.string();
const minutes = text.regex(/^[1-9]\d{0,3}$/, 'must be a whole number of minutes from 1 to 9999');
const webAddress = text.refine(
  (value) => ['http:', 'https:'].includes(URL.parse(value)?.protocol ?? ''),
  'must be an address that begins with https:// or http://',
);
const namespace = text.refine(
  (value) => explainLabel(value) === undefined,
  'must be a namespace: lower-case letters, digits and "-", at most 63 characters',
);
const startingWith = (prefix: string) => text.startsWith(prefix, `must begin with ${prefix}`);

const Environment = z.object({
  SLACK_BOT_TOKEN: startingWith('xoxb-').optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_APP_TOKEN: startingWith('xapp-').optional(),
  SLACK_API_URL: webAddress.default('https://slack.com/api/'),
  SLACK_INCIDENTS_CHANNEL: text.optional(),
  SLACK_STAKEHOLDERS_CHANNEL: text.optional(),
  SLACK_TIMELINE_EMOJI: text
    .regex(/^:?[\p{L}\p{N}_+'-]{1,100}:?$/u, 'must be the name of one emoji, such as pushpin')
    .default('pushpin'),
  PAGERDUTY_API_TOKEN: text.optional(),
  PAGERDUTY_API_URL: webAddress.default('https://api.pagerduty.com'),
  PAGERDUTY_EVENTS_URL: webAddress.default('https://events.pagerduty.com'),
  PAGERDUTY_FROM_EMAIL: z.email('must be the e-mail address of a PagerDuty user').optional(),
  PAGERDUTY_SERVICE_ID: text.optional(),
  PAGERDUTY_ROUTING_KEY: text.optional(),
  PAGERDUTY_WEBHOOK_SECRET: text.optional(),
  REDIS_URL: text
    .refine(isRedisUrl, 'must be redis://, rediss:// or redis+sentinel://host:port/<master>, special characters as %XX')
    .default('redis://127.0.0.1:6379'),
  KUBECONFIG: text.optional(),
  KUBE_CONTEXT: text.optional(),
  POD_NAMESPACE: namespace.optional(),
  VELERO_NAMESPACE: namespace.default('velero'),
  ALERT_WEBHOOK_TOKEN: text.optional(),
  POLICY_FILE: text.optional(),
  ROUTING_FILE: text.optional(),
  RUNBOOKS_DIR: text.default(join(import.meta.dirname, '..', 'runbooks')),
  HOST: text.regex(/^[\w.:-]+$/, 'must be an address or a host name').default('127.0.0.1'),
  PORT: text.refine(isPort, 'must be a port from 0 (any free one) to 65535').default('3000'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  STATUS_UPDATE_MINUTES: minutes.default('15'),
  INCIDENT_GROUPING_MINUTES: minutes.default('10'),
});
type Environment = z.infer<typeof Environment>;

/** Every variable that Muster reads. */
export const VARIABLES = Object.keys(Environment.shape);

/** What the environment says, checked. Fields without a value are undefined; `...Ms` are milliseconds. */
export type Config = ReturnType<typeof arrange>;

/**
 * The configuration from environment variables; blank ones count as unset, white space around values is dropped.
 * @throws DrError CONFIG_INVALID with one line for every problem; values are never repeated, as any may be a secret
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = VARIABLES.map((name) => [name, env[name]?.trim() || undefined]);
  const parsed = Environment.safeParse(Object.fromEntries(given));
  const problems = parsed.success
    ? [...findHalfOfSlack(parsed.data), ...findHalfOfPagerDuty(parsed.data)]
    : parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        return `${name} ${explain(issue, env[name] ?? '')}`;
      });
  if (parsed.success && problems.length === 0) return arrange(parsed.data);
  throw new DrError({
    code: 'CONFIG_INVALID',
    message: problems.join('\n'),
    action: 'Correct the environment; .env.example explains each variable.',
  });
}

/** Slack needs a token to speak, and a secret or an app-level token to hear; half of that would be deaf or dumb. */
function findHalfOfSlack(env: Environment): string[] {
  const { SLACK_BOT_TOKEN: token, SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: appToken } = env;
  const [hears] = Object.entries({ SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: secret }).find(
    ([, value]) => value !== undefined,
  ) ?? [undefined];
  if ((token === undefined) === (hears === undefined)) return [];
  return token === undefined
    ? [`SLACK_BOT_TOKEN is missing: ${hears} is set, and without the token Muster cannot answer in Slack`]
    : [
        'SLACK_SIGNING_SECRET is missing: SLACK_BOT_TOKEN is set, and without the secret nobody can tell what comes from Slack; or set SLACK_APP_TOKEN for Socket Mode',
      ];
}

/** PagerDuty's REST API takes incidents only on a service and in the name of a user; the way by events needs its key alone. */
function findHalfOfPagerDuty(env: Environment): string[] {
  const { PAGERDUTY_API_TOKEN, PAGERDUTY_FROM_EMAIL, PAGERDUTY_SERVICE_ID } = env;
  const needed = Object.entries({ PAGERDUTY_API_TOKEN, PAGERDUTY_FROM_EMAIL, PAGERDUTY_SERVICE_ID });
  const [given] = needed.find(([, value]) => value !== undefined) ?? [undefined];
  if (given === undefined) return [];
  return needed
    .filter(([, value]) => value === undefined)
    .map(
      ([name]) => `${name} is missing: ${given} is set, and Muster pages by PagerDuty's REST API only with all three`,
    );
}

function explain(issue: z.core.$ZodIssue, value: string): string {
  if (issue.code !== 'invalid_value') return issue.message;
  const choices = issue.values.map(String);
  const nearest = suggest(value, choices);
  return `must be one of ${choices.join(', ')}${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
}

function arrange(env: Environment) {
  return {
    slackBotToken: env.SLACK_BOT_TOKEN,
    slackSigningSecret: env.SLACK_SIGNING_SECRET,
    slackAppToken: env.SLACK_APP_TOKEN,
    slackApiUrl: env.SLACK_API_URL,
    slackIncidentsChannel: env.SLACK_INCIDENTS_CHANNEL,
    slackStakeholdersChannel: env.SLACK_STAKEHOLDERS_CHANNEL,
    /** Without colons. */
    slackTimelineEmoji: env.SLACK_TIMELINE_EMOJI.replaceAll(':', ''),
    pagerdutyApiToken: env.PAGERDUTY_API_TOKEN,
    pagerdutyApiUrl: env.PAGERDUTY_API_URL,
    pagerdutyEventsUrl: env.PAGERDUTY_EVENTS_URL,
    pagerdutyFromEmail: env.PAGERDUTY_FROM_EMAIL,
    pagerdutyServiceId: env.PAGERDUTY_SERVICE_ID,
    pagerdutyRoutingKey: env.PAGERDUTY_ROUTING_KEY,
    pagerdutyWebhookSecret: env.PAGERDUTY_WEBHOOK_SECRET,
    redisUrl: env.REDIS_URL,
    /** As given: may list several files, divided as PATH is. */
    kubeconfig: env.KUBECONFIG,
    kubeContext: env.KUBE_CONTEXT,
    podNamespace: env.POD_NAMESPACE,
    veleroNamespace: env.VELERO_NAMESPACE,
    alertWebhookToken: env.ALERT_WEBHOOK_TOKEN,
    policyFile: env.POLICY_FILE,
    routingFile: env.ROUTING_FILE,
    runbooksDir: env.RUNBOOKS_DIR,
    host: env.HOST,
    port: Number(env.PORT),
    logLevel: env.LOG_LEVEL,
    statusUpdateMs: Number(env.STATUS_UPDATE_MINUTES) * MINUTE,
    incidentGroupingMs: Number(env.INCIDENT_GROUPING_MINUTES) * MINUTE,
  };
}

/** Shorter values would blot out half of every log line. */
const SHORTEST_SECRET = 4;

/** Every secret in the configuration, as written and as decoded: what logs and messages must never hold. */
export function listSecrets(config: Config): string[] {
  const found = [
    config.slackBotToken,
    config.slackSigningSecret,
    config.slackAppToken,
    config.pagerdutyApiToken,
    config.pagerdutyRoutingKey,
    ...(config.pagerdutyWebhookSecret?.split(',').map((secret) => secret.trim()) ?? []),
    config.alertWebhookToken,
    /^[^:]+:\/\/[^@]*?:([^@]*)@/.exec(config.redisUrl)?.[1],
    parseRedisUrl(config.redisUrl).password,
  ].map((secret) => secret ?? '');
  return [...new Set(found)].filter((secret) => secret.length >= SHORTEST_SECRET);
}

function isRedisUrl(value: string): boolean {
  try {
    parseRedisUrl(value);
    return true;
  } catch {
    return false;
  }
}

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
}
