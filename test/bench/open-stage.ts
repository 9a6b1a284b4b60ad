import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PEOPLE } from '../../sandbox/slack/seed-workspace.ts';
import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { createLog } from '../../src/adapters/pino-log.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { compose, type Muster } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import type { RunState } from '../../src/domain/run.ts';

export const CHANNEL = 'incidents';
export const NAMESPACE = 'data-processing';
const LOOK_MS = 20;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** `oncall` asks and `lead` approves, everywhere: the runs that wait are each on a namespace of their own. */
const POLICY = `groups:
  engineers: { slack: [${PEOPLE.oncall}] }
  leads: { slack: [${PEOPLE.lead}] }
allow:
  - { group: engineers, may: [request, abort], clusters: [sandbox], namespaces: ["*"] }
  - { group: leads, may: [request, approve, abort], clusters: [sandbox], namespaces: ["*"] }
`;

/** A real bot process, Redis, Slack and a cluster on this machine; and the ledger as the product itself opens it. */
export interface Stage {
  sandbox: Sandbox;
  slack: SandboxSlack;
  muster: Muster;
  /** Starts the bot and waits until it answers. */
  startBot(env?: Record<string, string>): Promise<ChildProcess>;
  state(run: string): Promise<RunState>;
  close(): Promise<void>;
}

export interface StageOptions {
  /** With a PagerDuty, alerts page and open rooms. */
  pagerDuty?: boolean;
  env?: Record<string, string>;
}

export async function openStage({ pagerDuty = false, env: more = {} }: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, POLICY);
  const sandbox = await startSandbox({
    ...{ slack: true, pagerDuty, pace: 'fast', env: { POLICY_FILE: policy, ...more } },
  });
  const { slack } = sandbox;
  if (slack === undefined) throw new Error('the sandbox has no Slack');
  if (!sandbox.redis.startsWith('a private redis-server'))
    throw new Error('there is no redis-server on the PATH, and against anything else the numbers say nothing');
  const log = createLog({ level: 'silent', secrets: [] });
  const muster = await compose(loadConfig(sandbox.env), { clock: systemClock, log });
  const close = async () => {
    for (const signal of SIGNALS) process.off(signal, stop);
    await muster.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  };
  // The bot and Redis are groups of their own: they would live on.
  const stop = () => void close().then(() => process.exit(130));
  for (const signal of SIGNALS) process.once(signal, stop);
  return {
    ...{ sandbox, slack, muster, close },
    startBot: async (env = {}) => {
      const bot = sandbox.startBot({ env });
      if (!(await sandbox.awaitBot())) throw new Error('the bot does not answer; its log is above');
      return bot;
    },
    state: async (run) => (await muster.runs.read(run)).state,
  };
}

/** Waits until `look` answers something. @throws Error when it does not within the limit */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`it took longer than ${limitMs / 1_000} s: ${what}`);
}

/** `oncall` asks for it in Slack; answers the run. */
export async function askFor({ slack }: Stage, command: string): Promise<string> {
  const { body } = await slack.deliver.command('oncall', CHANNEL, '/dr', command);
  const run = /Run ([a-z0-9]{6}):/.exec(JSON.stringify(body))?.[1];
  if (run === undefined) throw new Error(`no run was begun: ${JSON.stringify(body)}`);
  return run;
}

/** The digest of the plan that waits, as its button carries it. */
export function planOf(stage: Stage, run: string): Promise<string> {
  return eventually(`run ${run} waits for its approval`, async () => {
    const { plan, outcome, refusals } = await stage.state(run);
    if (outcome !== undefined) throw new Error(`run ${run} is ${outcome}: ${JSON.stringify(refusals)}`);
    return plan?.digest;
  });
}

export async function loseNamespace({ sandbox: { cluster } }: Stage): Promise<void> {
  const there = () => cluster.store.get('namespaces', undefined, NAMESPACE) !== undefined;
  if (there()) cluster.store.remove('namespaces', undefined, NAMESPACE);
  await eventually('the namespace is gone', () => !there() || undefined);
}
