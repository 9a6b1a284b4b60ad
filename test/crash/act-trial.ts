import type { ChildProcess } from 'node:child_process';
import { isTerminalEvent } from '../../src/domain/run-events.ts';
import type { Victim } from './kill-switch.ts';
import { NAMESPACE, readEvents, type Stage } from './stage.ts';

/** Who does the work: the bot, asked in the terminal or in Slack, or, with no bot at all, the terminal that waits. */
export type Worker = 'bot' | 'terminal' | 'slack';

const REASON = 'crash matrix: nobody else answers the phone';
const POLL_MS = 50;
const OVER = ['succeeded', 'failed', 'aborted', 'refused', 'expired'];

interface Listed {
  run: string;
  state: string;
  approvedBy: string | null;
}

/** Plays the human from the lost namespace to the end of the run, as the screen tells them; answers the run. */
export async function actInTerminal(stage: Stage, worker: Worker, signal: AbortSignal): Promise<string> {
  if (worker === 'bot') stage.keepBot();
  await loseNamespace(stage, signal);
  const run = await (worker === 'bot'
    ? requestFromBot(stage, 'restore', ['restore', 'namespace', NAMESPACE], signal)
    : planInTerminal(stage, signal));
  await approve(stage, run, worker, signal);
  await until(() => isOver(stage, run), signal);
  // A run that is over must stay as it is, also when a dead worker's job is taken again.
  if (worker === 'bot') await until(async () => !(await stage.jobsLeft()), signal);
  return run;
}

export async function loseNamespace({ sandbox }: Stage, signal: AbortSignal): Promise<void> {
  const { store } = sandbox.cluster;
  store.remove('namespaces', undefined, NAMESPACE);
  await until(() => store.get('namespaces', undefined, NAMESPACE) === undefined, signal);
}

/** Asks the bot for a backup of the namespace, which is there, and sees it to its end; answers the run. */
export async function askForBackup(stage: Stage, signal: AbortSignal): Promise<string> {
  stage.keepBot();
  const run = await requestFromBot(stage, 'backup', ['backup', 'create', NAMESPACE, '--no-wait'], signal);
  await until(() => isOver(stage, run), signal);
  await until(async () => !(await stage.jobsLeft()), signal);
  return run;
}

async function requestFromBot(
  stage: Stage,
  victim: Victim,
  words: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  let run: string | undefined;
  while (run === undefined) {
    signal.throwIfAborted();
    const recorded = await stage.type(victim, words);
    run = recorded ? await newestRun(stage) : await findRun(stage);
  }
  const asked = run;
  await until(() => isPlanned(stage, asked), signal);
  return asked;
}

/** The terminal plans, and is then interrupted: who approves is another one. */
async function planInTerminal(stage: Stage, signal: AbortSignal): Promise<string> {
  let run: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const words = run === undefined ? ['restore', 'namespace', NAMESPACE] : ['status', run];
    let child: ChildProcess | undefined;
    let ended = false;
    const typed = stage
      .type(run === undefined ? 'restore' : 'status', [...words, '--wait'], (started) => {
        child = started;
      })
      .finally(() => {
        ended = true;
      });
    await until(async () => {
      run ??= await newestRun(stage);
      return ended || (run !== undefined && (await isPlanned(stage, run)));
    }, signal);
    child?.kill('SIGINT');
    await typed;
    if (run !== undefined && (await isPlanned(stage, run))) return run;
    run = await findRun(stage);
  }
}

/** Approves, and again only if the approval is not there; the terminal that works also sees the run to its end. */
async function approve(stage: Stage, run: string, worker: Worker, signal: AbortSignal): Promise<void> {
  const wait = worker === 'terminal' ? ['--wait'] : [];
  const digest = (await readEvents(stage, run)).find((event) => event.type === 'run.planned')?.plan.digest ?? '';
  const words = ['approve', run, digest.slice(0, 8), '--reason', REASON, ...wait];
  let ended = await stage.type('approve', words);
  while (!ended) {
    signal.throwIfAborted();
    const { state, approvedBy } = (await stage.ask(['status', run])) as Listed;
    if (approvedBy === null) ended = await stage.type('approve', words);
    else ended = worker === 'bot' || OVER.includes(state) || (await stage.type('status', ['status', run, ...wait]));
  }
}

export async function newestRun({ ledger }: Stage): Promise<string | undefined> {
  return (await ledger.recent(1))[0]?.replace(/^run-/, '');
}

/** What a human does who does not know whether the command came through: look at the list. */
async function findRun(stage: Stage): Promise<string | undefined> {
  return ((await stage.ask(['runs'])) as Listed[])[0]?.run;
}

async function isPlanned(stage: Stage, run: string): Promise<boolean> {
  return (await readEvents(stage, run)).some(({ type }) => type === 'run.planned' || isTerminalEvent(type));
}

export async function isOver(stage: Stage, run: string): Promise<boolean> {
  return (await readEvents(stage, run)).some(({ type }) => isTerminalEvent(type));
}

export async function until(condition: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await condition())) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
