import { type ChildProcess, spawn } from 'node:child_process';
import { Redis } from 'ioredis';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import { isRunEntry } from '../../src/domain/ledger.ts';
import { isPostEvent, type PostEvent } from '../../src/domain/post-events.ts';
import { postsStream } from '../../src/domain/posts.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import type { RunEvent } from '../../src/domain/run-events.ts';
import { runStream } from '../../src/engine/record.ts';
import { isDrError } from '../../src/errors.ts';
import type { Ledger } from '../../src/ports.ts';
import { startRedis } from '../redis.ts';
import { type CallWatch, joinWatches } from './call-watch.ts';
import { watchIncidentCalls } from './incident-calls.ts';
import { createKillSwitch, type Kill, type KillSwitch, type Victim } from './kill-switch.ts';
import { type RedisProxy, startRedisProxy } from './redis-proxy.ts';
import { watchSlack } from './slack-calls.ts';

export const NAMESPACE = 'data-processing';
export const RESTORES = 'restores.velero.io';
export const BACKUPS = 'backups.velero.io';
/** No connection to 127.0.0.1 is made from there, so that a bot's port is still its own after its death. Elsewhere there is but one address. */
const BOT_ADDRESS = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
const WORKLOADS = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'];

/** One trial's own world: a cluster, a Redis, and a proxy before it for the bot and another for the terminal. */
export interface Stage {
  sandbox: Sandbox;
  /** The truth, read behind the proxies' back. */
  ledger: Ledger;
  killSwitch: KillSwitch;
  botLine: RedisProxy;
  /** The calls to Slack and PagerDuty; undefined where there are none. */
  calls: CallWatch | undefined;
  /** The workloads there were before anything happened, as `deployments.apps/name`. */
  workloads: readonly string[];
  /** How many objects of the kind, as `restores.velero.io`, the API server has stored since it began. */
  created(resource: string): number;
  /** True while a job waits for a worker or is in one's hands. */
  jobsLeft(): Promise<boolean>;
  /** Runs `dr` as the human; the next kill may be meant for it. True where it ended well. */
  type(victim: Victim, words: readonly string[], onStart?: (child: ChildProcess) => void): Promise<boolean>;
  /** Runs `dr ... --json`, which nobody kills. */
  ask(words: readonly string[]): Promise<unknown>;
  /** Keeps a bot running, as Kubernetes would: a fresh process after each one that ended. */
  keepBot(): void;
  /** Ends the bots for good; says which of them ended by themselves. */
  stopBot(): Promise<string[]>;
  /** What the bots and the commands wrote, the newest part. */
  log(): string;
  /** Ends everything; answers the processes that outlived it. */
  close(): Promise<number[]>;
}

export interface StageOptions {
  slack: boolean;
  /** Incidents are what it is about: there is a PagerDuty, and the bot is this entry; left out: runs are. */
  incidentBot?: string | undefined;
}

export async function openStage(
  kills: readonly Kill[],
  processEnv: Record<string, string>,
  { slack, incidentBot }: StageOptions,
): Promise<Stage> {
  const redis = await startRedis();
  const pagerDuty = incidentBot !== undefined;
  const env = { ...processEnv, HOST: BOT_ADDRESS };
  const options = { pace: 'fast', redisUrl: redis.url, env, slack, pagerDuty } as const;
  const sandbox = await startSandbox(options).catch(async (thrown) => {
    await redis.stop();
    throw thrown;
  });
  const [botLine, terminalLine] = await Promise.all([startRedisProxy(redis.port), startRedisProxy(redis.port)]);
  const { store, api } = sandbox.cluster;
  const calls = watchServices(sandbox);
  const killSwitch = createKillSwitch(kills, api.onWrite, calls);
  const ledger = readPatiently(createRedisLedger(parseRedisUrl(redis.url), () => undefined));
  const raw = new Redis(redis.url, { retryStrategy: () => 100 });
  raw.on('error', () => undefined);
  const pids = new Set<number>([redis.pid()]);
  const created: string[] = [];
  store.subscribe(({ type, resource }) => {
    if (type === 'ADDED') created.push(resource);
  });
  let log = '';
  const print = (text: string) => {
    log = (log + text).slice(-6_000);
  };
  const known = (child: ChildProcess): ChildProcess => {
    if (child.pid !== undefined) pids.add(child.pid);
    return child;
  };
  const bots = keepBots(
    () => {
      const child = launchBot(sandbox, incidentBot, { print, env: { REDIS_URL: botLine.url } });
      killSwitch.arm('bot', botLine, known(child));
      return child;
    },
    print,
    () => log,
  );
  return {
    sandbox,
    ledger,
    killSwitch,
    botLine,
    calls,
    workloads: listWorkloads(sandbox),
    created: (resource) => created.filter((it) => it === resource).length,
    jobsLeft: async () => {
      const lists = ['streams', 'posts', 'incidents']
        .flatMap((line) => [`${line}:active`, `${line}:wait`])
        .map((list) => raw.llen(`{muster}:queue:${list}`));
      return (await Promise.all(lists)).some((length) => length > 0);
    },
    type: async (victim, words, onStart) => {
      print(`$ dr ${words.join(' ')}\n`);
      const started = (child: ChildProcess) => {
        killSwitch.arm(victim, terminalLine, known(child));
        onStart?.(child);
      };
      return (await sandbox.runDr(words, { print, env: { REDIS_URL: terminalLine.url }, onStart: started })).code === 0;
    },
    ask: async (words) => {
      const { text } = await sandbox.runDr([...words, '--json'], { onStart: known });
      const line = text.split('\n').find((it) => it.startsWith('{"ok":'));
      if (line === undefined) throw new Error(`dr ${words.join(' ')} said: ${text}`);
      return (JSON.parse(line) as { data: unknown }).data;
    },
    keepBot: bots.keep,
    stopBot: bots.stop,
    log: () => log,
    close: async () => {
      await bots.stop();
      await sandbox.close();
      await ledger.close();
      raw.disconnect();
      await Promise.all([botLine.close(), terminalLine.close()]);
      await redis.stop();
      return [...pids].filter(isAlive);
    },
  };
}

/** Whoever judges has time, where a busy machine has not. */
function readPatiently(ledger: Ledger): Ledger {
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await question();
      } catch (thrown) {
        if (tries === 10 || !isDrError(thrown, 'LEDGER_UNREACHABLE')) throw thrown;
      }
    }
  };
  return {
    ...ledger,
    read: (stream) => ask(() => ledger.read(stream)),
    recent: (limit) => ask(() => ledger.recent(limit)),
    holder: (target) => ask(() => ledger.holder(target)),
    unfinished: () => ask(() => ledger.unfinished()),
    incidents: (limit) => ask(() => ledger.incidents(limit)),
    openIncidents: () => ask(() => ledger.openIncidents()),
    received: (limit) => ask(() => ledger.received(limit)),
  };
}

function watchServices({ slack, pagerDuty }: Sandbox): CallWatch | undefined {
  if (slack === undefined) return undefined;
  return pagerDuty === undefined ? watchSlack(slack) : joinWatches(watchIncidentCalls(slack, pagerDuty));
}

function launchBot(
  sandbox: Sandbox,
  entry: string | undefined,
  { print, env }: { print: (text: string) => void; env: Record<string, string> },
): ChildProcess {
  if (entry === undefined) return sandbox.startBot({ print, env });
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [entry], {
    env: { ...sandbox.env, ...env },
    stdio: [...stdio],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', print);
  return child;
}

function keepBots(launch: () => ChildProcess, print: (text: string) => void, log: () => string) {
  let bot: ChildProcess | undefined;
  const odd: string[] = [];
  let life = Promise.resolve();
  let stopping = false;
  async function run(): Promise<void> {
    while (!stopping) {
      const child = launch();
      bot = child;
      await new Promise((resolve) => child.once('close', resolve));
      print(`(the bot ended: ${child.signalCode ?? child.exitCode})\n`);
      const { signalCode, exitCode } = child;
      if (signalCode === 'SIGKILL') continue;
      const why = log()
        .match(/[^\n]*Error: [^\n]*/g)
        ?.at(-1);
      odd.push(`a bot ended by itself with ${signalCode ?? exitCode}: ${why?.trim() ?? 'it wrote no error'}`);
    }
  }
  return {
    keep: () => {
      life = run();
    },
    stop: async () => {
      stopping = true;
      bot?.kill('SIGKILL');
      await life;
      return odd;
    },
  };
}

/** The workloads that the API server has now. */
export function listWorkloads({ cluster }: Sandbox): string[] {
  return WORKLOADS.flatMap((key) =>
    cluster.store.list(key, NAMESPACE).map(({ metadata }) => `${key}/${metadata.name}`),
  );
}

/** The events of a run as they lie in Redis. */
export async function readEvents({ ledger }: Stage, run: string): Promise<(RunEvent | { type: 'foreign' })[]> {
  return (await ledger.read(runStream(run))).filter(isRunEntry).map(({ event }) => event);
}

/** The events of a run's messages as they lie in Redis; one that cannot be read is left out. */
export async function readPostEvents({ ledger }: Stage, run: string): Promise<PostEvent[]> {
  return (await ledger.read(postsStream(run))).map(({ event }) => event).filter((event) => isPostEvent(event));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
