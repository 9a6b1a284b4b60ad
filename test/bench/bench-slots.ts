import { slotDueAt } from '../../src/domain/status-slots.ts';
import { startReadyBot, untilSlackIsQuiet } from './await-bot.ts';
import { type Measured, type Noted, percentile } from './measure.ts';
import { eventually, openStage, type Stage } from './open-stage.ts';
import { renderMs } from './render-measured.ts';
import { seedIncidents } from './seed-incidents.ts';
import { mapInParallel } from './seed-waiting.ts';
import { cpuOf, rssOf } from './watch-process.ts';
import { markOf } from './watch-slack.ts';

export interface SlotsSize {
  rounds: number;
  incidents: number;
}

const SIZE: SlotsSize = { rounds: 5, incidents: 1_000 };
const LIMIT_MS = 1_000;
const LIMIT_MB = 250;
/** A slot a minute, so that all of them fall into each measured minute, evenly. */
const SLOT_MS = 60_000;
/** Older than the recovery time target: their clocks say nothing new every minute. */
const AGE_MS = 20 * 60_000;
const QUIET_MS = 5_000;
/** How long after a round its last slots may still be drafted, ms. */
const GRACE_MS = 10_000;
const SAMPLE_MS = 500;
const AT_ONCE = 20;
/** So many rooms are opened at once: more would wait for Slack longer than a call may take. */
const WAVE = 25;

interface Round {
  drafted: number[];
  posted: number[];
  rssMb: number;
  cpuMs: number;
}

/** Many open incidents: how late each status update is asked for, and what memory it takes to keep them in hand. */
export async function benchSlots(size: SlotsSize = SIZE): Promise<Measured> {
  const stage = await openStage({ pagerDuty: true });
  const posts = new Map<string, number>();
  const stop = stage.slack.onCall(({ method, phase, args, answer }) => {
    if (method === 'chat.postMessage' && phase === 'after' && answer === 'ok') posts.set(markOf(args), Date.now());
  });
  try {
    await openRooms(stage, size.incidents);
    const pid = await startReadyBot(stage, { STATUS_UPDATE_MINUTES: '1' });
    await sleep(SLOT_MS);
    const watched: (Omit<Round, 'drafted' | 'posted'> & { from: number })[] = [];
    for (let round = 0; round < size.rounds; round += 1) watched.push(await watchMinute(pid));
    await sleep(GRACE_MS);
    const slots = await readSlots(stage, posts);
    const rounds = watched.map((round): Round => {
      const due = slots.filter(({ dueAt }) => dueAt >= round.from && dueAt < round.from + SLOT_MS);
      if (due.length !== size.incidents) throw new Error(`${due.length} slots were due in a minute`);
      return { ...round, drafted: due.map(({ drafted }) => drafted), posted: due.map(({ posted }) => posted) };
    });
    return describe(rounds, size);
  } finally {
    stop();
    await stage.close();
  }
}

function describe(rounds: readonly Round[], { incidents }: SlotsSize): Measured {
  const of = (share: number, which: 'drafted' | 'posted') => rounds.map((round) => percentile(round[which], share));
  const each = (values: readonly number[]) => values.map(renderMs).join(', ');
  const notes: Noted[] = [
    { what: 'drafted late by, p50', value: each(of(0.5, 'drafted')) },
    { what: 'drafted late by, p99', value: each(of(0.99, 'drafted')) },
    { what: 'in the room late by, p50', value: each(of(0.5, 'posted')) },
    { what: 'in the room late by, most', value: each(of(1, 'posted')) },
    { what: 'CPU of the bot per minute', value: each(rounds.map(({ cpuMs }) => cpuMs)) },
  ];
  return {
    bounds: [
      { what: `latest of ${incidents} slots in a minute`, limit: LIMIT_MS, rounds: of(1, 'drafted') },
      {
        what: `most memory of the bot with ${incidents} open incidents (RSS)`,
        ...{ limit: LIMIT_MB, unit: 'MB', rounds: rounds.map(({ rssMb }) => rssMb) },
      },
    ],
    notes,
  };
}

/** Declared as alerts did it; then the bot pages, opens the rooms and says in them what there is to say, and somebody acknowledges. */
async function openRooms(stage: Stage, count: number): Promise<void> {
  const { sandbox, slack } = stage;
  await startReadyBot(stage, { STATUS_UPDATE_MINUTES: '600' });
  const all = { count, from: Date.now() - AGE_MS, spreadMs: SLOT_MS };
  for (let first = 0; first < count; first += WAVE) {
    const last = Math.min(count, first + WAVE);
    await seedIncidents(stage, { ...all, first, last });
    await eventually('the rooms are open', () => listRooms(stage).length >= last || undefined, 120_000);
  }
  for (const incident of sandbox.pagerDuty?.incidents() ?? [])
    sandbox.pagerDuty?.people.acknowledge('oncall', String(incident['id']));
  await untilSlackIsQuiet(stage, QUIET_MS, 900_000);
  for (const room of listRooms(stage)) {
    const { pins, members, topic } = slack.channel(room);
    if (pins.length !== 1 || members.length < 3 || topic === '') throw new Error(`#${room} is not in order`);
  }
  await sandbox.killBot();
}

function listRooms({ slack }: Stage): string[] {
  return slack.channelNames().filter((name) => name.startsWith('incident-'));
}

async function watchMinute(pid: number) {
  const from = Date.now();
  const before = cpuOf(pid) ?? Number.NaN;
  let rssMb = 0;
  while (Date.now() < from + SLOT_MS) {
    rssMb = Math.max(rssMb, ((rssOf(pid) ?? Number.NaN) * 2 ** 20) / 1e6);
    await sleep(Math.min(SAMPLE_MS, from + SLOT_MS - Date.now()));
  }
  return { from, rssMb, cpuMs: (cpuOf(pid) ?? Number.NaN) - before };
}

/** Every slot of every incident, with how late it was drafted and in the room, ms. */
async function readSlots({ muster }: Stage, posts: ReadonlyMap<string, number>) {
  const streams = await muster.engine.ledger.incidents(100_000);
  const ids = streams.map((stream) => stream.replace(/^incident-/, ''));
  const read = await mapInParallel(ids, AT_ONCE, async (incident) => {
    const { state } = await muster.incidents.engine.read(incident);
    return [...state.slots].map(([slot, { at }]) => {
      const dueAt = slotDueAt(state, slot, SLOT_MS);
      const postedAt = posts.get(`incident/${incident}/remind:${slot}`) ?? Number.POSITIVE_INFINITY;
      return { dueAt, drafted: at - dueAt, posted: postedAt - dueAt };
    });
  });
  return read.flat();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
