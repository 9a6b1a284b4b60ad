import { startHttpServer } from '../slack/http-server.ts';
import { copyOf, type JsonObject } from '../slack/json.ts';
import { type Account, createAccount } from './account.ts';
import type { Page } from './account-types.ts';
import type { Api, Call, CallListener } from './call-log.ts';
import { doDue, nextDue } from './change-incident.ts';
import { type AccountClock, createAlarms } from './clock.ts';
import { answerEvents } from './events/answer-events.ts';
import { createFaultBox, type Faults } from './faults.ts';
import { makeSecret } from './make-id.ts';
import { createPeopleActs, incidentNamed, type PeopleActs } from './people-act.ts';
import { createPipeline } from './pipeline.ts';
import { createRateMeter, type RateLimits } from './rate-limits.ts';
import { answerRest } from './rest/answer-rest.ts';
import { PEOPLE, POLICIES, PRIORITIES, SCHEDULES, SERVICE, seedAccount } from './seed-account.ts';
import { showIncident } from './show/show-incident.ts';
import { buildEvent, buildPing } from './webhooks/build-event.ts';
import { createWebhooks, type WebhookSide, type Webhooks } from './webhooks/webhooks.ts';

export interface PagerDutyOptions {
  /** Left out: any free port. */
  port?: number;
  eventsPort?: number;
  /** Where webhooks go, if that is known already; else `pointAt`. */
  webhookUrl?: string;
  /** The account's clock in milliseconds, which `clock.advance` moves on from; left out: real time. */
  now?: () => number;
  /** How long an acknowledgement lasts, in seconds; left out: for ever. */
  acknowledgementTimeout?: number;
  /** How long a webhook may take; left out: PagerDuty's 5 s. */
  webhookTimeoutMs?: number;
  /** Before each retry of a webhook, the last one again and again; left out: from half a second to half a minute. */
  retryDelaysMs?: readonly number[];
}

export interface SandboxPagerDuty {
  /** The REST API: `http://127.0.0.1:<port>` */
  url: string;
  /** The Events API, without `/v2/enqueue`. */
  eventsUrl: string;
  token: string;
  routingKey: string;
  /** What webhooks are signed with; `webhooks.addSecret()` brings in the next one. */
  webhookSecret: string;
  /** The address of the user that the bot is. */
  fromEmail: string;
  serviceId: string;
  /** Ids by name, of what is there from the start. */
  users: typeof PEOPLE;
  policies: typeof POLICIES;
  schedules: typeof SCHEDULES;
  priorities: typeof PRIORITIES;
  pointAt(webhookUrl: string): void;
  /** Escalations, snoozes and acknowledgements run by it. */
  clock: AccountClock;
  people: PeopleActs;
  webhooks: Webhooks;
  faults: Faults;
  rateLimits: RateLimits;
  /** An administrator revokes the bot's token. */
  revokeToken(): void;
  /** Every time that a person's telephone rang, oldest first. */
  pages(): Page[];
  /** Every incident as REST shows it, oldest first. */
  incidents(): JsonObject[];
  /** One by id, number or key; throws where there is none. */
  incident(name: string | number): JsonObject;
  /** Called around each call: before anything is done, and once it is done but not yet answered. Returns the way to stop. */
  onCall(listener: CallListener): () => void;
  /** Everything the bot has asked, oldest first. */
  calls(): Call[];
  /** Leaves no socket and no timer. */
  close(): Promise<void>;
}

const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
const WEBHOOK_TIMEOUT_MS = 5_000;

function createParts(options: PagerDutyOptions) {
  const secrets = {
    token: `u+${makeSecret().slice(0, 18)}`,
    routingKey: makeSecret(),
    webhook: makeSecret(),
  };
  const alarms = createAlarms({
    base: options.now ?? Date.now,
    next: () => nextDue(account),
    ring: (at) => doDue(account, at),
  });
  const webhooks: WebhookSide = createWebhooks({
    secret: secrets.webhook,
    retryDelaysMs: options.retryDelaysMs ?? RETRY_DELAYS_MS,
    timeoutMs: options.webhookTimeoutMs ?? WEBHOOK_TIMEOUT_MS,
    makePing: () => buildPing(alarms.now()),
  });
  if (options.webhookUrl !== undefined) webhooks.pointAt(options.webhookUrl);
  const account: Account = createAccount(alarms.now, (happening) => webhooks.publish(buildEvent(account, happening)));
  const { acknowledgementTimeout } = options;
  const { routingKey } = secrets;
  seedAccount(account, acknowledgementTimeout === undefined ? { routingKey } : { routingKey, acknowledgementTimeout });
  return { secrets, alarms, webhooks, account, tokens: new Set([secrets.token]) };
}

type Parts = ReturnType<typeof createParts>;

/** What there is to see and to do, beside the two APIs. */
function describe({ account, alarms, webhooks, secrets, tokens }: Parts) {
  const { settle } = alarms;
  const look = <T>(read: () => T): T => {
    settle();
    return read();
  };
  return {
    token: secrets.token,
    routingKey: secrets.routingKey,
    webhookSecret: secrets.webhook,
    fromEmail: account.people.get(PEOPLE.muster)?.email ?? '',
    serviceId: SERVICE,
    users: PEOPLE,
    policies: POLICIES,
    schedules: SCHEDULES,
    priorities: PRIORITIES,
    pointAt: webhooks.pointAt,
    clock: { now: alarms.now, advance: alarms.advance },
    people: createPeopleActs(account, settle),
    webhooks,
    revokeToken: () => tokens.clear(),
    pages: () => look(() => copyOf(account.pages)),
    incidents: () => look(() => [...account.incidents.values()].map((incident) => showIncident(account, incident))),
    incident: (name: string | number) => look(() => showIncident(account, incidentNamed(account, name))),
  };
}

/** Starts a PagerDuty on the loopback: REST and Events APIs, the people it pages, and webhooks back. */
export async function startPagerDuty(options: PagerDutyOptions = {}): Promise<SandboxPagerDuty> {
  const parts = createParts(options);
  const { account, alarms, webhooks, tokens } = parts;
  const faults = createFaultBox();
  const rates = createRateMeter();
  const serverOf = (api: Api) => (api === 'rest' ? rest : events);
  const pipeline = createPipeline({ faults, rates, now: alarms.now, closing: (api) => serverOf(api).closing() });
  const shared = { account, pipeline, settle: alarms.settle };
  const noUpgrade: Parameters<typeof startHttpServer>[1] = (_request, socket) => void socket.destroy();
  const [rest, events] = await Promise.all([
    startHttpServer((...call) => answerRest({ ...shared, tokens }, ...call), noUpgrade, options.port ?? 0),
    startHttpServer((...call) => answerEvents(shared, ...call), noUpgrade, options.eventsPort ?? 0),
  ]);
  const chosen = (api?: Api) => (api === undefined ? [rest, events] : [serverOf(api)]);
  const down = async (api?: Api) => void (await Promise.all(chosen(api).map((server) => server.down())));
  return {
    ...describe(parts),
    url: rest.origin(),
    eventsUrl: events.origin(),
    faults: {
      add: faults.add,
      clear: faults.clear,
      down,
      up: async (api) => void (await Promise.all(chosen(api).map((server) => server.up()))),
    },
    rateLimits: { on: rates.on, off: rates.off },
    onCall: pipeline.onCall,
    calls: () => copyOf(pipeline.calls),
    async close() {
      alarms.close();
      webhooks.close();
      await down();
    },
  };
}
