import type { Call, CallListener } from './call-log.ts';
import { type Courier, createCourier } from './deliveries/courier.ts';
import { createDeliveries, type Deliveries } from './deliveries/deliver.ts';
import { createFaultBox, type FaultBox, type Faults } from './faults.ts';
import { startHttpServer } from './http-server.ts';
import { copyOf } from './json.ts';
import type { MethodContext } from './methods/method.ts';
import { ALL_SCOPES } from './methods/method-table.ts';
import { createPeopleActs, type PeopleActs } from './people-act.ts';
import { createPipeline } from './pipeline.ts';
import { createRateMeter, type RateLimits } from './rate-limits.ts';
import { createResponseUrls } from './response-urls.ts';
import { type Routes, routeRequest } from './route-request.ts';
import { createScreens, type Screens } from './screens.ts';
import { CHANNELS, GROUPS, IDENTITY, PEOPLE, seedWorkspace } from './seed-workspace.ts';
import type { PostedVersion } from './slack-types.ts';
import { carry } from './socket/carry.ts';
import { createSockets, type SocketSide, type Sockets } from './socket/sockets.ts';
import { createTriggers } from './triggers.ts';
import { createWorkspace, type Identity, makeSecret, type Workspace } from './workspace.ts';

export interface SlackOptions {
  /** Left out: any free port. */
  port?: number;
  /** Where the app listens, if that is known already; else `pointAt`. */
  botUrl?: string;
  /** What the bot's token may do; left out: all that is served, without chat:write.public. */
  scopes?: readonly string[];
  /** The workspace's clock in milliseconds; signatures and triggers stay on real time. */
  now?: () => number;
  /** How long Slack waits for the app; left out: 3 s. */
  ackMs?: number;
  /** How long a trigger lives; left out: 3 s. */
  triggerMs?: number;
  /** Before each retry of an event; left out: at once, then after 1 s and 5 s (Slack's: a minute, five minutes). */
  retryDelaysMs?: readonly number[];
  /** The events that the app subscribed to, such as `app_mention`; left out: none is sent by itself. */
  events?: readonly string[];
  /** Whether names in a command's text arrive as entities with ids; left out: yes. */
  escapeCommands?: boolean;
  /** Socket Mode: what people do goes over the web sockets that the app opens; left out: over HTTP to `botUrl`. */
  socketMode?: boolean;
  /** What the app-level token may do; left out: `connections:write`. */
  appScopes?: readonly string[];
  /** Whether Slack's rate limits hold from the start; left out: no. */
  rateLimited?: boolean;
}

export interface SandboxSlack extends Screens {
  /** `http://127.0.0.1:<port>/api/` */
  url: string;
  signingSecret: string;
  botToken: string;
  appToken: string;
  team: Identity['team'];
  appId: string;
  /** The user that the bot is, `U...`; `botId` is the `B...` of its messages. */
  botUser: string;
  botId: string;
  /** Ids by name, of what is there from the start. */
  users: typeof PEOPLE;
  groups: typeof GROUPS;
  channels: typeof CHANNELS;
  pointAt(botUrl: string): void;
  deliver: Deliveries;
  /** What people do without the app. */
  people: PeopleActs;
  faults: Faults;
  rateLimits: RateLimits;
  /** The app's web sockets. */
  sockets: Sockets;
  /** Called around each call: before anything is done, and once it is done but not yet answered. Returns the way to stop. */
  onCall(listener: CallListener): () => void;
  /** Everything the bot has asked, oldest first. */
  calls(): Call[];
  /** Every version of every message that the bot has made, oldest first. */
  posted(): PostedVersion[];
  /** What the bot said where Slack could not refuse it to its face: acks and response URLs. */
  violations(): string[];
  /** Leaves no socket and no timer. */
  close(): Promise<void>;
}

type Parts = ReturnType<typeof createParts>;

function createParts(options: SlackOptions, faults: FaultBox, origin: () => string) {
  const workspace = createWorkspace(IDENTITY, options.now ?? Date.now);
  seedWorkspace(workspace);
  const signingSecret = makeSecret();
  const secrets = { bot: `xoxb-sandbox-${makeSecret()}`, app: `xapp-1-sandbox-${makeSecret()}` };
  const triggers = createTriggers(workspace, options.triggerMs);
  const granted = new Set(options.scopes ?? ALL_SCOPES);
  const sockets = createSockets({ workspace, faults, origin });
  const appGranted = new Set(options.appScopes ?? ['connections:write']);
  const rights = { granted, appGranted, issueSocketUrl: sockets.issueUrl };
  const context: MethodContext = { workspace, triggers, uploads: new Map(), ...rights, origin };
  const courier = openCourier(options, workspace, signingSecret, sockets);
  if (options.botUrl !== undefined) courier.pointAt(options.botUrl);
  const responseUrls = createResponseUrls(workspace, origin);
  const stop = new AbortController();
  const { escapeCommands = true, retryDelaysMs = [0, 1_000, 5_000], events = [] } = options;
  const desk = { workspace, triggers, responseUrls, courier, verificationToken: makeSecret(), escapeCommands };
  const { deliveries, emit } = createDeliveries(desk, { retryDelaysMs, signal: stop.signal });
  const people = createPeopleActs(workspace, (event) => {
    if (events.includes(String(event['type']))) emit(event);
  });
  return {
    workspace,
    signingSecret,
    tokens: secrets,
    context,
    courier,
    responseUrls,
    deliveries,
    people,
    sockets,
    stop,
  };
}

function openCourier(
  { socketMode = false, ackMs = 3_000 }: SlackOptions,
  workspace: Workspace,
  signingSecret: string,
  { pick }: SocketSide,
): Courier {
  const bySocket: Parameters<typeof createCourier>[0]['carry'] = (parcel, more) =>
    carry({ workspace, pick, ackMs }, parcel, more);
  return createCourier({ workspace, signingSecret, ackMs, carry: socketMode ? bySocket : undefined });
}

function describe({ workspace, context, signingSecret, tokens, courier, deliveries, people }: Parts, origin: string) {
  const { team, appId, bot } = workspace;
  return {
    ...createScreens(workspace, context.uploads),
    url: `${origin}/api/`,
    signingSecret,
    botToken: tokens.bot,
    appToken: tokens.app,
    team,
    appId,
    botUser: bot.user,
    botId: bot.id,
    users: PEOPLE,
    groups: GROUPS,
    channels: CHANNELS,
    pointAt: courier.pointAt,
    deliver: deliveries,
    people,
    posted: () => copyOf(workspace.posted),
    violations: () => [...workspace.violations],
  };
}

/** Starts a Slack workspace on the loopback: the Web API, people who use the app, and what they see. */
export async function startSlack(options: SlackOptions = {}): Promise<SandboxSlack> {
  const faults = createFaultBox();
  const rates = createRateMeter(options.rateLimited ?? false);
  // The parts need the server's address, and the server needs the parts: both are there before the first request.
  const origin = () => server.origin();
  const parts = createParts(options, faults, origin);
  const now = parts.workspace.now;
  const pipeline = createPipeline({ faults, rates, now, closing: () => server.closing() });
  const { context, tokens, responseUrls, courier, sockets, stop } = parts;
  const routes: Routes = { context, tokens, pipeline, responseUrls };
  const server = await startHttpServer(
    (request, response) => routeRequest(routes, request, response),
    sockets.upgrade,
    options.port ?? 0,
  );
  return {
    ...describe(parts, server.origin()),
    faults: { add: faults.add, clear: faults.clear, down: server.down, up: server.up },
    sockets,
    rateLimits: { on: rates.on, off: rates.off },
    onCall: pipeline.onCall,
    calls: () => copyOf(pipeline.calls),
    async close() {
      stop.abort();
      courier.close();
      sockets.shut();
      await server.down();
    },
  };
}
