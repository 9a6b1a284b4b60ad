import { join } from 'node:path';
import type { HttpAnswer, HttpRoutes } from './adapters/http.ts';
import { createMetrics } from './adapters/metrics.ts';
import { loadRouting } from './adapters/yaml-file.ts';
import type { Muster } from './compose.ts';
import type { Config } from './config.ts';
import { INBOX_STREAM, type Received } from './domain/alert.ts';
import { routeAlert } from './domain/route-alert.ts';
import type { Log } from './engine/deps.ts';
import { drainInbox } from './engine/drain-inbox.ts';
import { nudge } from './engine/nudge.ts';
import { isDrError } from './errors.ts';
import type { AlertSource, Webhook, WebhookRefusal, WebhookSecrets } from './incident-contracts.ts';
import type { AlertCounts } from './incident-ports.ts';
import type { Clock, Ledger, Queue } from './ports.ts';
import { loadDirectory } from './registry.ts';

/** What one delivery may hold, bytes: Alertmanager sends a few kilobytes, a storm's group some hundred. */
const MOST_BYTES = 4 * 1_048_576;
/** How soon a sender is asked to come again, s. */
const RETRY_AFTER_S = 5;

/** Alerts, as the bot has them: the way in, and how they come out of the inbox. */
export interface AlertDoor {
  /** `POST /webhooks/<name>` and `GET /metrics`. */
  routes: HttpRoutes;
  /** Takes what is in the inbox into incidents: the look at the stream `inbox`. Throws as `drainInbox` does. */
  drain(signal: AbortSignal): Promise<void>;
}

/** @throws DrError CONFIG_INVALID for a routing file that cannot be used */
export async function openAlerts(config: Config, { engine, runs }: Muster): Promise<AlertDoor> {
  const { ledger, queue, clock, log } = engine;
  const [sources, routing] = await Promise.all([
    loadDirectory<AlertSource>(join(import.meta.dirname, 'alerts'), 'source'),
    loadRouting(config.routingFile, [...runs.runbooks.keys()]),
  ]);
  const metrics = createMetrics(ledger);
  const { counts } = metrics;
  const secrets = { bearer: config.alertWebhookToken, pagerDuty: config.pagerdutyWebhookSecret };
  const deps = { ledger, queue, clock, log, counts };
  return {
    routes: { ...createWebhookRoutes({ ...deps, sources, secrets }), 'GET /metrics': metrics.render },
    drain: (signal) =>
      drainInbox(
        { ...deps, groupingMs: config.incidentGroupingMs, route: (alert) => routeAlert(alert, routing) },
        signal,
      ),
  };
}

export interface WebhookDeps {
  sources: ReadonlyMap<string, AlertSource>;
  secrets: WebhookSecrets;
  ledger: Pick<Ledger, 'receive'>;
  queue: Queue;
  clock: Pick<Clock, 'now'>;
  log: Log;
  counts: Pick<AlertCounts, 'received' | 'refused' | 'leftOut'>;
}

/** `POST /webhooks/<name>` for each alert source. Accepted means persisted: 202 is answered once all of it is in the inbox. */
export function createWebhookRoutes(deps: WebhookDeps): HttpRoutes {
  const wake = createWake(deps);
  return Object.fromEntries(
    [...deps.sources.values()].map((source) => [`POST /webhooks/${source.name}`, createRoute(deps, source, wake)]),
  );
}

function createRoute(deps: WebhookDeps, source: AlertSource, wake: () => void): HttpRoutes[string] {
  const { secrets, clock, counts } = deps;
  const refuse = (answer: HttpAnswer): HttpAnswer => {
    counts.refused(source.name, answer.status);
    return answer;
  };
  const prove = (headers: Webhook['headers'], body: Buffer) =>
    source.refuse({ headers, body, at: clock.now() }, secrets);
  return async ({ headers }, readBody) => {
    const stranger = source.proof === 'headers' ? prove(headers, Buffer.alloc(0)) : undefined;
    if (stranger !== undefined) return refuse(render(stranger));
    const body = await readBody({ maxBytes: MOST_BYTES, contentTypes: ['application/json'] });
    if (!Buffer.isBuffer(body)) return refuse(body);
    const refusal = prove(headers, body);
    if (refusal !== undefined) return refuse(render(refusal));
    const parsed = source.parse({ headers, body, at: clock.now() });
    if ('why' in parsed) return refuse(render(parsed));
    const kept = await keepItems(deps, source.name, parsed.items, wake);
    if (kept !== undefined) noteLeftOut(deps, source.name, parsed.leftOut ?? 0);
    return kept ?? refuse(renderAway());
  };
}

/** undefined where Redis does not answer: then none of it counts as taken. */
async function keepItems(
  { ledger, counts }: WebhookDeps,
  source: string,
  items: readonly { item: Received; id?: string }[],
  wake: () => void,
): Promise<HttpAnswer | undefined> {
  try {
    const kept = await Promise.all(items.map(({ item, id }) => ledger.receive(item, id)));
    const taken = items.filter((_, at) => kept[at]).map(({ item }) => item);
    counts.received(source, countAlerts(taken));
    if (taken.length > 0) wake();
    return { status: 202, body: taken.length > 0 ? 'taken\n' : 'nothing new in it\n' };
  } catch (thrown) {
    if (!isDrError(thrown, 'LEDGER_UNREACHABLE')) throw thrown;
    return undefined;
  }
}

/** What was never sent cannot be in an incident: whoever watches Muster must hear of it. */
function noteLeftOut({ counts, log }: WebhookDeps, source: string, leftOut: number): void {
  if (leftOut === 0) return;
  counts.leftOut(source, leftOut);
  log.warn({ source, leftOut }, 'the sender left alerts out of its group: raise its max_alerts');
}

function countAlerts(items: readonly { kind: string; alerts?: readonly unknown[] }[]): number {
  return items.reduce((sum, { alerts }) => sum + (alerts?.length ?? 1), 0);
}

function render({ status, why }: WebhookRefusal): HttpAnswer {
  return { status, body: `${why}\n` };
}

function renderAway(): HttpAnswer {
  return {
    status: 503,
    body: 'Redis does not answer, so this was not taken. Send it again.\n',
    headers: { 'retry-after': String(RETRY_AFTER_S) },
  };
}

/** A wake begins after each delivery, but never two at once: one that is on its way when more comes in is followed by one other. */
function createWake(deps: Pick<WebhookDeps, 'queue' | 'log'>): () => void {
  let state: 'idle' | 'waking' | 'again' = 'idle';
  const run = async (): Promise<void> => {
    do {
      state = 'waking';
      await nudge(deps, INBOX_STREAM);
    } while (isAgain());
    state = 'idle';
  };
  const isAgain = () => state === 'again';
  return () => {
    if (state === 'idle') void run();
    else state = 'again';
  };
}
