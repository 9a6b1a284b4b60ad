import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { findFreePort } from './find-free-port.ts';
import { createLauncher, exitOf, killProcess, type Launch } from './launch.ts';
import { createMovableClock } from './movable-clock.ts';
import { type PagerDutyOptions, type SandboxPagerDuty, startPagerDuty } from './pagerduty/start-pagerduty.ts';
import { type SandboxSlack, type SlackOptions, startSlack } from './slack/start-slack.ts';
import { type ClusterOptions, type SandboxCluster, startCluster } from './start-cluster.ts';
import { startRedis } from './start-redis.ts';
import { writeSurroundings } from './write-surroundings.ts';

/** What Slack tells the bot of unasked, of what people can do here. */
const EVENTS = ['pin_added', 'pin_removed', 'reaction_added', 'reaction_removed', 'channel_archive', 'group_archive'];

export interface SandboxOptions extends ClusterOptions {
  /** Use this Redis; left out: a private one. */
  redisUrl?: string | undefined;
  /** Whether there is a Slack workspace too, and which; left out: none. */
  slack?: boolean | SlackOptions;
  /** Whether there is a PagerDuty too, and which; left out: none. */
  pagerDuty?: boolean | PagerDutyOptions;
  /** Whether `moveClock` works: the bot then gets its clock from the sandbox, as do Slack and PagerDuty. Left out: real time. */
  movable?: boolean;
  /** What the bot and `dr` get beside, or instead of, what the sandbox sets. */
  env?: Record<string, string>;
}

export interface DrOptions {
  /** Gets what it writes, as it is written. */
  print?: (text: string) => void;
  env?: Record<string, string>;
  /** Gets the process, so that it can be stopped in the middle. */
  onStart?: (child: ChildProcess) => void;
}

export interface Sandbox {
  cluster: SandboxCluster;
  slack: SandboxSlack | undefined;
  pagerDuty: SandboxPagerDuty | undefined;
  /** What Redis it is, for people. */
  redis: string;
  /** The environment that points the bot and `dr` at this sandbox. */
  env: Record<string, string>;
  /** Starts the unmodified bot, or starts it again after `killBot`. `print` gets its log. */
  startBot(options?: { print?: (text: string) => void; env?: Record<string, string> }): ChildProcess;
  /** Resolves once the bot answers; false where it does not within the time (ms). Only with a Slack or a PagerDuty, which give it a fixed port. */
  awaitBot(limitMs?: number): Promise<boolean>;
  /** kill -9. */
  killBot(): Promise<void>;
  /** Lets this many milliseconds pass at once, for Slack, PagerDuty and the bot. The cluster and its backups stay where they are. */
  moveClock(ms: number): void;
  /** Runs `dr` with these words. A process that was killed has the code -1. */
  runDr(words: readonly string[], options?: DrOptions): Promise<{ code: number; text: string }>;
  close(): Promise<void>;
}

/** Starts everything on this machine, on free loopback ports; nothing of the shell's environment reaches it. */
export async function startSandbox({
  redisUrl,
  slack: withSlack = false,
  pagerDuty: withPagerDuty = false,
  movable = false,
  env: extra = {},
  ...options
}: SandboxOptions = {}): Promise<Sandbox> {
  const overSocket = typeof withSlack === 'object' && withSlack.socketMode === true;
  const clock = createMovableClock();
  const { now } = clock;
  const [cluster, redis, slack, pagerDuty] = await Promise.all([
    startCluster(options),
    startRedis(redisUrl),
    withSlack === false ? undefined : startSlack({ events: EVENTS, now, ...(withSlack === true ? {} : withSlack) }),
    withPagerDuty === false ? undefined : startPagerDuty({ now, ...(withPagerDuty === true ? {} : withPagerDuty) }),
  ]);
  const surroundings = writeSurroundings(cluster.api.kubeconfig(), redis.url, slack);
  const host = extra['HOST'] ?? '127.0.0.1';
  const env = { ...surroundings.env, ...(await connectServices(host, slack, overSocket, pagerDuty)), ...extra };
  const processes = createLauncher(env, movable);

  return {
    cluster,
    slack,
    pagerDuty,
    redis: redis.what,
    env,
    ...handlesFor(processes.launch),
    moveClock: (ms) => {
      if (!movable) throw new Error('this sandbox runs by real time: start it with movable');
      clock.move(ms);
      pagerDuty?.clock.advance(0);
      processes.moveClocks(ms);
    },
    awaitBot: (limitMs = 20_000) =>
      within(limitMs, async () => {
        const answer = await fetch(`http://${host}:${env['PORT']}/healthz`, { signal: AbortSignal.timeout(1_000) });
        return answer.ok && (!overSocket || slack === undefined || slack.sockets.open() > 0);
      }),
    close: async () => {
      await processes.killAll();
      await slack?.close();
      await pagerDuty?.close();
      await cluster.close();
      await redis.close();
      surroundings.remove();
    },
  };
}

/** The bot keeps its port for as long as the sandbox lives: Slack and PagerDuty know it by its address. */
async function connectServices(
  host: string,
  slack: SandboxSlack | undefined,
  overSocket: boolean,
  pagerDuty: SandboxPagerDuty | undefined,
): Promise<Record<string, string>> {
  if (slack === undefined && pagerDuty === undefined) return {};
  const port = await findFreePort(host);
  const bot = `http://${host}:${port}`;
  return {
    PORT: String(port),
    ...(slack === undefined ? {} : connectSlack(slack, bot, overSocket)),
    ...(pagerDuty === undefined ? {} : connectPagerDuty(pagerDuty, bot)),
  };
}

function connectSlack(slack: SandboxSlack, bot: string, overSocket: boolean): Record<string, string> {
  slack.pointAt(`${bot}/slack/events`);
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    ...(overSocket ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
    SLACK_API_URL: slack.url,
    SLACK_INCIDENTS_CHANNEL: 'incidents',
  };
}

function connectPagerDuty(pagerDuty: SandboxPagerDuty, bot: string): Record<string, string> {
  pagerDuty.pointAt(`${bot}/webhooks/pagerduty`);
  return {
    PAGERDUTY_API_TOKEN: pagerDuty.token,
    PAGERDUTY_API_URL: pagerDuty.url,
    PAGERDUTY_EVENTS_URL: pagerDuty.eventsUrl,
    PAGERDUTY_FROM_EMAIL: pagerDuty.fromEmail,
    PAGERDUTY_SERVICE_ID: pagerDuty.serviceId,
    PAGERDUTY_ROUTING_KEY: pagerDuty.routingKey,
    PAGERDUTY_WEBHOOK_SECRET: pagerDuty.webhookSecret,
    ALERT_WEBHOOK_TOKEN: randomBytes(16).toString('hex'),
  };
}

async function within(limitMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if (await isSo().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function handlesFor(launch: Launch): Pick<Sandbox, 'startBot' | 'killBot' | 'runDr'> {
  let bot: ChildProcess | undefined;
  return {
    startBot: ({ print = (text: string) => process.stderr.write(text), env = {} } = {}) => {
      bot = launch('main', [], print, env);
      return bot;
    },
    killBot: async () => {
      if (bot !== undefined) await killProcess(bot);
    },
    runDr: async (words, { print, env = {}, onStart } = {}) => {
      let text = '';
      const collect = (chunk: string) => {
        text += chunk;
        print?.(chunk);
      };
      const child = launch('cli', words, collect, env);
      onStart?.(child);
      return { code: await exitOf(child), text };
    },
  };
}
