import { startHttp } from './adapters/http.ts';
import { createLog } from './adapters/pino-log.ts';
import { systemClock } from './adapters/system-clock.ts';
import { openAlerts } from './alert-door.ts';
import { compose, type Muster, type Surroundings } from './compose.ts';
import { type Config, listSecrets, loadConfig } from './config.ts';
import { coerceError } from './errors.ts';
import { describeIncidentWork } from './incident-work.ts';
import type { Clock } from './ports.ts';
import { openSlack, type SlackDoor } from './slack-door.ts';
import { readVersion } from './version.ts';
import { startWorking } from './worker.ts';

export interface Running {
  /** Where HTTP listens. */
  port: number;
  /** Drains and closes; safe to call twice. */
  stop(): Promise<void>;
}

export interface StartOptions extends Pick<Surroundings, 'wrapSteps'> {
  clock?: Clock;
  /** Whether the daily check runs; left out: it does. A clock that somebody moves is wrong by its measure. */
  daily?: boolean;
}

/** Starts the bot: HTTP first, so that health can be asked for whatever else is down; then the worker. */
export async function start(
  config: Config,
  { clock = systemClock, wrapSteps, daily = true }: StartOptions = {},
): Promise<Running> {
  const log = createLog({ level: config.logLevel, secrets: listSecrets(config) });
  const muster = await compose(config, { clock, log, wrapSteps });
  const slack = openSlack(config, muster);
  const alerts = await openAlerts(config, muster);
  const routes = { ...routesOf(muster, slack), ...slack?.routes, ...alerts.routes };
  const http = await startHttp(config.host, config.port, routes, (error) =>
    log.error({ error }, 'HTTP handler failed'),
  );
  const saying = slack && { chat: slack.chat, rooms: slack.rooms, gate: slack.posts.gate };
  const working = startWorking(muster, {
    posts: slack?.posts ?? 'unsaid',
    daily: daily ? slack?.daily : undefined,
    incidents: { deps: describeIncidentWork(config, muster, saying), drain: alerts.drain },
  });
  log.info({ port: http.port, version: await readVersion(), worker: muster.engine.worker }, 'Muster is up');
  let stopping: Promise<void> | undefined;
  return {
    port: http.port,
    stop: () => {
      stopping ??= (async () => {
        log.info({}, 'stopping between steps');
        await Promise.all([working.stop(), slack?.close()]);
        await http.close();
        await muster.close();
      })();
      return stopping;
    },
  };
}

function routesOf({ engine }: Muster, slack: SlackDoor | undefined) {
  return {
    'GET /healthz': async () => ({ status: 200, body: 'ok\n' }),
    'GET /readyz': async () => {
      const parts = await Promise.all([
        probe('redis', () => engine.ledger.installation()),
        probe('cluster', async () => (await engine.clusters()).version(AbortSignal.timeout(3_000))),
        ...(slack === undefined ? [] : [probe('slack', slack.probe)]),
      ]);
      const ready = parts.every(({ ok }) => ok);
      return {
        status: ready ? 200 : 503,
        body: `${JSON.stringify({ ready, parts })}\n`,
        contentType: 'application/json',
      };
    },
  };
}

async function probe(name: string, ask: () => Promise<string>): Promise<{ name: string; ok: boolean; detail: string }> {
  try {
    return { name, ok: true, detail: await ask() };
  } catch (thrown) {
    return { name, ok: false, detail: coerceError(thrown).message };
  }
}

/** The process: starts, and on SIGTERM or SIGINT drains and exits. */
export async function main(argv: readonly string[], options: StartOptions = {}): Promise<void> {
  if (argv.includes('--version')) return void console.log(await readVersion());
  try {
    const running = await start(loadConfig(process.env), options);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => void running.stop().then(() => process.exit(0)));
    }
  } catch (thrown) {
    const { message, action } = coerceError(thrown);
    console.error(`${message}\nNext: ${action}`);
    process.exitCode = 2;
  }
}

if (import.meta.main) await main(process.argv.slice(2));
