import { startReadyBot, untilSlackIsQuiet } from './await-bot.ts';
import type { Measured } from './measure.ts';
import { eventually, openStage, type Stage } from './open-stage.ts';
import { renderMs } from './render-measured.ts';
import { sendFirst } from './send-alerts.ts';

const ROUNDS = 5;
/** What PagerDuty takes over every request, ms. */
const ROUND_TRIP_MS = 100;
const LIMIT_MS = 50;
const QUIET_MS = 2_000;

interface Paged {
  /** From the alert's 202 until PagerDuty's answer. */
  allMs: number;
  /** Of it, how long PagerDuty itself had the request. */
  tripMs: number;
}

/** From an alert that was accepted to the page that is sent: of the first alert that a process ever gets, and of a later one. */
export async function benchPage(): Promise<Measured> {
  const stage = await openStage({ pagerDuty: true });
  try {
    stage.sandbox.pagerDuty?.faults.add({ kind: 'slow', ms: ROUND_TRIP_MS });
    const rounds: { first: Paged; later: Paged }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await playRound(stage, round));
    const overhead = (which: 'first' | 'later') => rounds.map((round) => round[which].allMs - round[which].tripMs);
    const trips = rounds.flatMap(({ first, later }) => [first.tripMs, later.tripMs]);
    return {
      bounds: [
        {
          what: 'alert accepted to page answered, less one round trip, first alert of a process',
          limit: LIMIT_MS,
          rounds: overhead('first'),
        },
        {
          what: 'alert accepted to page answered, less one round trip, later alert',
          limit: LIMIT_MS,
          rounds: overhead('later'),
        },
      ],
      notes: [{ what: 'round trips, as PagerDuty sees them', value: trips.map(renderMs).join(', ') }],
    };
  } finally {
    await stage.close();
  }
}

async function playRound(stage: Stage, round: number): Promise<{ first: Paged; later: Paged }> {
  await startReadyBot(stage);
  await untilSlackIsQuiet(stage, QUIET_MS);
  const first = await pageOnce(stage, `first-${round}`);
  await untilSlackIsQuiet(stage, QUIET_MS);
  const later = await pageOnce(stage, `later-${round}`);
  await untilSlackIsQuiet(stage, QUIET_MS);
  await stage.sandbox.killBot();
  return { first, later };
}

async function pageOnce(stage: Stage, namespace: string): Promise<Paged> {
  const { pagerDuty } = stage.sandbox;
  if (pagerDuty === undefined) throw new Error('the sandbox has no PagerDuty');
  const trip: { begunAt?: number; answeredAt?: number } = {};
  const stop = pagerDuty.onCall(({ operation, phase }) => {
    if (operation !== 'POST /incidents') return;
    if (phase === 'before') trip.begunAt ??= performance.now();
    else trip.answeredAt ??= performance.now();
  });
  try {
    const accepted = await sendFirst(stage, namespace);
    const answeredAt = await eventually('somebody is paged', () => trip.answeredAt);
    return { allMs: answeredAt - accepted.at, tripMs: answeredAt - (trip.begunAt ?? Number.NaN) };
  } finally {
    stop();
  }
}
