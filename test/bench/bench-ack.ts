import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describeDisk } from './describe-machine.ts';
import { listCommands, type Typed } from './list-commands.ts';
import { type Measured, type Noted, percentile } from './measure.ts';
import { askFor, CHANNEL, eventually, loseNamespace, NAMESPACE, openStage, planOf, type Stage } from './open-stage.ts';
import { renderMs } from './render-measured.ts';
import { seedWaiting } from './seed-waiting.ts';
import { cpuOf, rssOf } from './watch-process.ts';

const ROUNDS = 5;
const LIMIT_MS = 100;
const WAITING = 1_000;
const COMMANDS = 500;
/** One command after the other comes at this pace, in ms, whatever became of those before: 20 a second, more than a war room types. */
const PACE_MS = 50;
/** A sweep comes every 15 s. */
const SWEEP_MS = 15_000;
const SWEEPS = 3;

interface Answered extends Typed {
  /** Without end where it was no answer to what was asked. */
  tookMs: number;
  /** What was said instead. */
  instead?: string;
}

/** How long people wait for the answer to a slash command, with many runs waiting for their approval and some at work. */
export async function benchAck(): Promise<Measured> {
  const stage = await openStage();
  try {
    const runs = await seedWaiting(stage, WAITING);
    const { pid = 0 } = await stage.startBot();
    await untilAllIsSaid(stage);
    const notes = await measureWaiting(pid);
    await beginFour(stage);
    const disk = describeDisk();
    const before = cpuOf(pid) ?? Number.NaN;
    const late = monitorEventLoopDelay({ resolution: 5 });
    late.enable();
    const rounds: Answered[][] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push(await playRound(stage, listCommands(COMMANDS, round, runs)));
    late.disable();
    const cpuMs = ((cpuOf(pid) ?? Number.NaN) - before) / (ROUNDS * COMMANDS);
    await checkStillWaiting(stage, runs);
    const p99 = rounds.map((round) =>
      percentile(
        round.map(({ tookMs }) => tookMs),
        0.99,
      ),
    );
    return {
      bounds: [{ what: `p99 of ${COMMANDS} answers, ${WAITING} runs waiting, 4 active`, limit: LIMIT_MS, rounds: p99 }],
      notes: [
        ...describeKinds(rounds.flat()),
        ...describeFailures(rounds.flat()),
        { what: 'CPU of the bot per answer, with the planning and the posting that it causes', value: renderMs(cpuMs) },
        { what: 'the disk under Redis (fdatasync)', value: disk },
        { what: 'p99 by which this measuring process itself was late', value: renderMs(late.percentile(99) / 1e6 - 5) },
        ...notes,
        { what: 'memory of the bot afterwards', value: `${Math.round(rssOf(pid) ?? Number.NaN)} MiB` },
      ],
    };
  } finally {
    await stage.close();
  }
}

/** Every waiting run has its card, its plan and its reminder, and Slack has heard nothing for as long as a sweep takes. */
async function untilAllIsSaid({ slack }: Stage): Promise<void> {
  let posts = 0;
  let lastAt = Date.now();
  const stop = slack.onCall(({ method, phase }) => {
    lastAt = Date.now();
    if (method === 'chat.postMessage' && phase === 'after') posts += 1;
  });
  const said = () => posts >= 3 * WAITING && Date.now() - lastAt > SWEEP_MS;
  await eventually('all messages are posted', () => said() || undefined, 600_000);
  stop();
}

/** What it costs that so many wait, while nobody does anything. */
async function measureWaiting(pid: number): Promise<Noted[]> {
  const before = cpuOf(pid);
  await new Promise((resolve) => setTimeout(resolve, SWEEPS * SWEEP_MS));
  const after = cpuOf(pid);
  if (before === undefined || after === undefined) return [];
  return [
    { what: `memory of the bot, ${WAITING} runs waiting`, value: `${Math.round(rssOf(pid) ?? Number.NaN)} MiB` },
    { what: 'CPU per 15 s, of the sweep and all else, nobody asking', value: renderMs((after - before) / SWEEPS) },
  ];
}

/** One restore that Velero never ends, and three on other targets that wait for it. */
async function beginFour(stage: Stage): Promise<void> {
  const { slack, sandbox } = stage;
  await loseNamespace(stage);
  sandbox.cluster.velero.faults.stuckIn = 'InProgress';
  const commands = ['', ' --into copy-1', ' --into copy-2', ' --into copy-3'];
  const runs: { run: string; digest: string }[] = [];
  for (const more of commands) {
    const run = await askFor(stage, `restore namespace ${NAMESPACE}${more}`);
    runs.push({ run, digest: await planOf(stage, run) });
  }
  for (const [index, { run, digest }] of runs.entries()) {
    await slack.deliver.command('lead', CHANNEL, '/dr', `approve ${run} ${digest.slice(0, 16)}`);
    const step = index === 0 ? 'restore' : 'preflight';
    await eventually(`run ${run} is at ${step}`, async () => (await stage.state(run)).steps.get(step));
    if (index === 0) await eventually('Velero has it', () => isHeld(stage) || undefined);
  }
}

function isHeld({ sandbox }: Stage): boolean {
  const restores = sandbox.cluster.store.list('restores.velero.io', 'velero');
  return restores.some(({ status }) => Reflect.get(Object(status), 'phase') === 'InProgress');
}

async function playRound(stage: Stage, commands: readonly Typed[]): Promise<Answered[]> {
  const begin = Date.now();
  return Promise.all(
    commands.map(async (typed, index) => {
      await new Promise((resolve) => setTimeout(resolve, begin + index * PACE_MS - Date.now()));
      return type(stage, typed);
    }),
  );
}

async function type({ slack }: Stage, typed: Typed): Promise<Answered> {
  const { tookMs, status, error, body } = await slack.deliver.command(typed.user, CHANNEL, '/dr', typed.text);
  const said = JSON.stringify(body);
  if (status === 200 && error === undefined && EXPECTED[typed.kind].test(said)) return { ...typed, tookMs };
  const instead = `"/dr ${typed.text}" was answered ${status} ${error ?? ''} ${said.slice(0, 300)}`;
  return { ...typed, tookMs: Number.POSITIVE_INFINITY, instead };
}

/** A quick answer that does not do what was asked is none. */
const EXPECTED: Record<Typed['kind'], RegExp> = {
  status: /waiting for approval/,
  runs: /refused|waiting for approval/,
  restore: /Run [a-z0-9]{6}:/,
  approve: /not 0000000000000000/,
  help: /restore namespace/,
};

async function checkStillWaiting(stage: Stage, runs: readonly string[]): Promise<void> {
  for (const run of [runs[0], runs.at(-1)]) {
    const { outcome, approval } = await stage.state(run ?? '');
    if (outcome !== undefined || approval !== undefined) throw new Error(`run ${run} does not wait any more`);
  }
}

function describeFailures(answers: readonly Answered[]): Noted[] {
  const failed = answers.filter(({ instead }) => instead !== undefined);
  if (failed.length === 0) return [];
  return [{ what: 'no answers to what was asked', value: `${failed.length}, such as ${failed[0]?.instead}` }];
}

function describeKinds(answers: readonly Answered[]): Noted[] {
  const kinds = [...new Set(answers.map(({ kind }) => kind)), undefined];
  return kinds.map((kind) => {
    const took = answers.filter((answer) => kind === undefined || answer.kind === kind).map(({ tookMs }) => tookMs);
    const [p50, p99, max] = [0.5, 0.99, 1].map((share) => renderMs(percentile(took, share)));
    return { what: kind ?? 'all', value: `${took.length} answers, p50 ${p50}, p99 ${p99}, max ${max}` };
  });
}
