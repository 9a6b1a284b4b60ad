import { startReadyBot, untilSlackIsQuiet } from './await-bot.ts';
import { type Measured, type Noted, percentile } from './measure.ts';
import { eventually, openStage, type Stage } from './open-stage.ts';
import { renderMs } from './render-measured.ts';
import { openSender, renderWebhook, type Sender } from './send-alerts.ts';
import { type Delivery, planStorm } from './storm-plan.ts';
import { cpuOf, rssOf } from './watch-process.ts';

export interface StormSize {
  rounds: number;
  alerts: number;
  lastsMs: number;
}

const SIZE: StormSize = { rounds: 5, alerts: 10_000, lastsMs: 60_000 };
const LIMIT_MS = 100;
const SENDERS = 8;
/** What one sender has on its way at once. */
const CONNECTIONS = 4;
const DOMAINS = 10;
const QUIET_MS = 2_000;
/** How often, and how long after, what was not accepted is sent again. */
const AGAIN = 20;
const AGAIN_MS = 1_000;

interface Round {
  p99: number;
  max: number;
  /** Deliveries that were sent again, as the first time they were not accepted. */
  again: number;
  deliveries: number;
  /** From the last answer until all of it was in the timelines. */
  drainedMs: number;
  rssMb: number;
  cpuMs: number;
}

/** A storm of alerts: how soon each delivery is accepted, and whether all of it is counted, in one incident for each failure domain. */
export async function benchStorm(size: StormSize = SIZE): Promise<Measured> {
  const stage = await openStage({ pagerDuty: true });
  try {
    const pid = await startReadyBot(stage);
    await untilSlackIsQuiet(stage, QUIET_MS);
    const rounds: Round[] = [];
    for (let round = 0; round < size.rounds; round += 1) rounds.push(await playRound(stage, pid, round, size));
    const limit = LIMIT_MS;
    const what = `p99 until a delivery is accepted, ${size.alerts} alerts in ${size.lastsMs / 1_000} s`;
    const incidents = `${size.rounds * size.alerts} alerts in ${size.rounds * DOMAINS} incidents, one for each failure domain`;
    return {
      bounds: [{ what, limit, rounds: rounds.map(({ p99 }) => p99) }],
      notes: [{ what: 'counted as received, and in the timelines', value: incidents }, ...describe(rounds)],
    };
  } finally {
    await stage.close();
  }
}

function describe(rounds: readonly Round[]): Noted[] {
  const each = (show: (round: Round) => string) => rounds.map(show).join(', ');
  return [
    { what: 'deliveries', value: each(({ deliveries }) => String(deliveries)) },
    { what: 'not accepted at first', value: each(({ again }) => String(again)) },
    { what: 'the slowest accepted at once', value: each(({ max }) => renderMs(max)) },
    { what: 'last one accepted to all in the timelines', value: each(({ drainedMs }) => renderMs(drainedMs)) },
    { what: 'CPU of the bot', value: each(({ cpuMs }) => renderMs(cpuMs)) },
    { what: 'memory of the bot afterwards', value: each(({ rssMb }) => `${Math.round(rssMb)} MB`) },
  ];
}

async function playRound(stage: Stage, pid: number, round: number, { alerts, lastsMs }: StormSize): Promise<Round> {
  const domains = Array.from({ length: DOMAINS }, (_, at) => `storm-${round}-${at}`);
  const plan = planStorm({ alerts, lastsMs, senders: SENDERS, domains, startsAt: Date.now() });
  const before = await countReceived(stage);
  const cpuBefore = cpuOf(pid) ?? Number.NaN;
  const took = await send(stage, plan);
  const sentAt = performance.now();
  await eventually(
    'the inbox is empty',
    async () => (await stage.muster.engine.ledger.countReceived()) === 0 || undefined,
    300_000,
  );
  const drainedMs = performance.now() - sentAt;
  const counted = (await countReceived(stage)) - before;
  if (counted !== alerts) throw new Error(`${alerts} alerts were sent, ${counted} counted as received`);
  await checkTimelines(stage, domains, alerts);
  await untilSlackIsQuiet(stage, QUIET_MS, 120_000);
  const cpuMs = (cpuOf(pid) ?? Number.NaN) - cpuBefore;
  const p99 = percentile(took, 0.99);
  const again = took.filter((ms) => !Number.isFinite(ms)).length;
  const max = Math.max(...took.filter((ms) => Number.isFinite(ms)));
  return { p99, max, again, deliveries: plan.length, drainedMs, cpuMs, rssMb: rssOf(pid) ?? Number.NaN };
}

/** How long each took from when it was to be sent; without end where it was not accepted. */
async function send(stage: Stage, plan: readonly Delivery[]): Promise<number[]> {
  const senders = Array.from({ length: SENDERS }, () => openSender(stage, CONNECTIONS));
  const bodies = plan.map(({ alerts }) => renderWebhook(alerts));
  const begin = performance.now();
  try {
    return await Promise.all(
      plan.map(async ({ atMs, sender }, index) => {
        const body = bodies[index] ?? '';
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, begin + atMs - performance.now())));
        const { at, status } = (await senders[sender]?.send(body)) ?? { at: 0, status: 0 };
        if (status === 202) return at - begin - atMs;
        await sendAgain(senders[sender], body);
        return Number.POSITIVE_INFINITY;
      }),
    );
  } finally {
    for (const sender of senders) sender.close();
  }
}

/** As Alertmanager does with what was not accepted, until it is; for the bound it came too late already. */
async function sendAgain(sender: Sender | undefined, body: string): Promise<void> {
  for (let tries = 0; tries < AGAIN; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    if ((await sender?.send(body))?.status === 202) return;
  }
}

/** What the bot's own metrics say. */
async function countReceived({ sandbox }: Stage): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${sandbox.env['PORT']}/metrics`, {
    signal: AbortSignal.timeout(10_000),
  });
  const found = /^muster_alerts_received_total\{source="alertmanager"\} (\d+)$/m.exec(await answer.text());
  return Number(found?.[1] ?? 0);
}

/** @throws Error where a failure domain has no incident, or two, or a timeline has not each of its alerts once */
async function checkTimelines({ muster }: Stage, domains: readonly string[], alerts: number): Promise<void> {
  const views = await muster.incidents.engine.list(100_000);
  let written = 0;
  for (const namespace of domains) {
    const own = views.filter(({ state }) => state.opening.domain.endsWith(`/namespace=${namespace}`));
    const [view] = own;
    if (view === undefined || own.length > 1) throw new Error(`${namespace} has ${own.length} incidents`);
    for (const { event } of view.entries) if (event.type === 'incident.alerts-recorded') written += event.alerts.length;
  }
  if (written !== alerts) throw new Error(`${alerts} alerts were sent, ${written} are in the timelines`);
}
