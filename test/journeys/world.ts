import type { ChildProcess } from 'node:child_process';
import { expect } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/start-sandbox.ts';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import { type Entry, isRunEntry } from '../../src/domain/ledger.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import { foldRun, type RunState } from '../../src/domain/run.ts';
import { runStream } from '../../src/engine/record.ts';
import { isDrError } from '../../src/errors.ts';
import type { Ledger } from '../../src/ports.ts';
import { announceSkip } from '../announce-skip.ts';
import { validateAgainstCrds } from '../cluster/crds.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';
import { goInside, type Inside, type WrapSteps } from './inside.ts';

export const NAMESPACE = 'data-processing';
export const REASON = 'journey: nobody else answers the phone';
const VELERO = 'velero';
const POLL_MS = 40;

/** Journeys need a real redis-server; where there is none they are left out, and said so. */
export const canTravel = hasRedisServer();
if (!canTravel) announceSkip('test/journeys', 'no redis-server on the PATH');

export interface Answer {
  code: number;
  text: string;
}

export interface Bot {
  process: ChildProcess;
  /** Everything it has logged. */
  log(): string;
  /** Its log lines as objects. */
  lines(): { level: number; msg: string; [field: string]: unknown }[];
  alive(): boolean;
  /** Its HTTP address, once it is up. */
  url(): Promise<string>;
  /** Sends SIGTERM; answers its exit code and how long it took, ms. */
  terminate(): Promise<{ code: number | null; tookMs: number }>;
}

/** One journey's own world: a cluster with Velero, a Redis, bots and a terminal. */
export interface World {
  sandbox: Sandbox;
  redis: RedisServer;
  /** The truth, read behind everybody's back. */
  ledger: Ledger;
  startBot(env?: Record<string, string>): Bot;
  /** Muster inside the test's own process: its clock can be moved, and typing there costs no process. */
  inside: Inside;
  /** Runs `dr` as a person would, through a pipe. */
  dr(
    words: readonly string[],
    options?: {
      env?: Record<string, string>;
      onStart?: (child: ChildProcess) => void;
      /** Gets what it writes, as it is written. */
      print?: (chunk: string) => void;
    },
  ): Promise<Answer>;
  /** Names of the Restores that were ever created, oldest first. */
  restores(): string[];
  /** What was changed in the cluster through its API, as `create restores.velero.io`. */
  writes(): string[];
  /** Objects created in Velero's namespace that were held against its CRDs. */
  checked: readonly string[];
  state(run: string): Promise<RunState | undefined>;
  /** The types of a run's events. */
  events(run: string): Promise<string[]>;
  /** Ends everything; fails if a process is left or an object did not fit Velero's CRDs. */
  close(): Promise<void>;
}

export interface WorldOptions extends Omit<SandboxOptions, 'redisUrl' | 'pace'> {
  /** Stands between the step types and the engine of the Muster inside. */
  wrapSteps?: WrapSteps;
}

export async function openWorld({ wrapSteps, ...options }: WorldOptions = {}): Promise<World> {
  const redis = await startRedis();
  const sandbox = await startSandbox({ pace: 'fast', redisUrl: redis.url, ...options });
  const ledger = createRedisLedger(parseRedisUrl(redis.url), () => undefined);
  const { misfits, checked } = watchWrites(sandbox);
  const pids = new Set<number>([redis.pid()]);
  const known = (child: ChildProcess): ChildProcess => {
    if (child.pid !== undefined) pids.add(child.pid);
    return child;
  };
  const bots: ChildProcess[] = [];
  const inside = await goInside(sandbox.env, wrapSteps);
  const entriesOf = async (run: string): Promise<Entry[]> => ledger.read(runStream(run)).catch(() => []);
  return {
    sandbox,
    redis,
    ledger,
    startBot: (env = {}) => {
      const bot = launchBot(sandbox, env);
      bots.push(known(bot.process));
      return bot;
    },
    dr: (words, { env = {}, onStart, print = () => undefined } = {}) =>
      sandbox.runDr(words, { env, print, onStart: (child) => onStart?.(known(child)) ?? void known(child) }),
    restores: () => sandbox.cluster.velero.restoresSeen().map(({ name }) => name),
    writes: () => writesOf(sandbox),
    checked,
    inside,
    state: async (run) => foldRun((await entriesOf(run)).filter(isRunEntry)),
    events: async (run) => (await entriesOf(run)).map(({ event }) => event.type),
    close: async () => {
      await inside.close();
      await Promise.all(bots.map(endProcess));
      await sandbox.close();
      await ledger.close();
      pids.add(redis.pid());
      await redis.stop();
      expect([...pids].filter(isAlive), 'processes that were left').toEqual([]);
      expect(misfits, 'objects that do not fit the CRDs').toEqual([]);
    },
  };
}

function launchBot(sandbox: Sandbox, env: Record<string, string>): Bot {
  let log = '';
  const child = sandbox.startBot({
    print: (text) => {
      log += text;
    },
    env: { LOG_LEVEL: 'info', ...env },
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  const lines = () => log.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  return {
    process: child,
    log: () => log,
    lines,
    alive,
    url: async () => {
      const port = await eventually('the bot is up', () => lines().find(({ msg }) => msg === 'Muster is up')?.['port']);
      return `http://127.0.0.1:${port}`;
    },
    terminate: async () => {
      const from = Date.now();
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      child.kill('SIGTERM');
      await ended;
      return { code: child.exitCode, tookMs: Date.now() - from };
    },
  };
}

/** Every object that is created through the API in Velero's namespace is held against Velero's CRDs. */
function watchWrites({ cluster }: Sandbox): { checked: string[]; misfits: string[] } {
  const checked: string[] = [];
  const misfits: string[] = [];
  cluster.api.onWrite(({ verb, phase, resource, namespace, name }) => {
    if (verb !== 'create' || phase !== 'after' || namespace !== VELERO || name === undefined) return;
    const object = cluster.store.get(resource, namespace, name);
    checked.push(name);
    for (const problem of validateAgainstCrds(object)) misfits.push(`${resource} ${name}: ${problem}`);
  });
  return { checked, misfits };
}

/** What only asks Velero or the API server something, and is gone again: no change to the cluster. */
const QUESTION = /^(downloadrequests|serverstatusrequests|selfsubjectaccessreviews)\./;

function writesOf({ cluster }: Sandbox): string[] {
  return cluster.api
    .requests()
    .filter(({ verb }) => ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(verb))
    .filter(({ resource }) => !QUESTION.test(resource))
    .map(({ verb, resource }) => `${verb} ${resource}`);
}

/** Waits until `find` answers something, also over a retryable error; says what it waited for when that does not come. */
export async function eventually<T>(
  what: string,
  find: () => T | undefined | Promise<T | undefined>,
  limitMs = 30_000,
): Promise<T> {
  const until = Date.now() + limitMs;
  for (;;) {
    const late = Date.now() > until;
    const found = await ask(find, late);
    if (found !== undefined) return found;
    if (late) throw new Error(`Waited ${limitMs} ms in vain: ${what}`);
    await pause(POLL_MS);
  }
}

/** A Redis that was slow once may be asked again; only at the end does it count. */
async function ask<T>(find: () => T | undefined | Promise<T | undefined>, late: boolean): Promise<T | undefined> {
  try {
    return await find();
  } catch (thrown) {
    if (late || !isDrError(thrown) || !thrown.retryable) throw thrown;
    return undefined;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
