import { actInSlack, type Habit } from './act-in-slack.ts';
import { actInTerminal, askForBackup, type Worker } from './act-trial.ts';
import { judgeTrial } from './judge-trial.ts';
import { type Kill, nameAppend } from './kill-switch.ts';
import { isRunAppend } from './redis-proxy.ts';
import { openStage, readEvents, readPostEvents, type Stage } from './stage.ts';

export interface Trial {
  /** What the table counts it under. */
  kind: string;
  name: string;
  worker: Worker;
  /** Left out: a namespace is lost and restored. */
  job?: 'backup';
  /** One after the other; none: the dry trial, from which the kill points are read. */
  kills: readonly Kill[];
  /** In Slack only; left out: looks. */
  habit?: Habit;
}

export interface TrialResult {
  trial: Trial;
  /** Empty: right. */
  wrong: string[];
  ms: number;
  /** What the bot of a dry trial did, in order: the types of its appends, its writes to the cluster, and its questions to Velero. */
  appends: string[];
  /** The same with those about messages, by `nameAppend`; and the calls to Slack that have an effect. */
  named: string[];
  calls: string[];
  writes: string[];
  questions: string[];
  /** For whoever has to find out why it is wrong. */
  story: string;
}

/** Far above what the slowest trial takes: a command's lost nudge (a sweep, 15 s) and a dead worker's job (7 s) on a busy machine. */
const LIMIT_MS = 90_000;

/** Plays one trial in a world of its own, and judges how it ended. @throws Error only where the world cannot be built */
export async function runTrial(trial: Trial, processEnv: Record<string, string>): Promise<TrialResult> {
  const began = Date.now();
  const stage = await openStage(trial.kills, processEnv, { slack: trial.worker === 'slack' });
  const late = AbortSignal.timeout(LIMIT_MS);
  const wrong: string[] = [];
  let story = '';
  try {
    const run = await Promise.race([actTrial(stage, trial, late), whenAborted(late)]);
    wrong.push(...(await judgeTrial(stage, run, trial)));
  } catch (thrown) {
    wrong.push(late.aborted ? `not over after ${LIMIT_MS / 1000} s` : `the trial broke off: ${String(thrown)}`);
  } finally {
    wrong.push(...(await stage.stopBot()));
    if (wrong.length > 0) story = await tellStory(stage, began);
    for (const pid of await stage.close()) wrong.push(`process ${pid} is left`);
  }
  const { botLine, killSwitch, calls } = stage;
  return {
    ...{ trial, wrong, ms: Date.now() - began, story },
    appends: botLine
      .appends()
      .filter(isRunAppend)
      .map(({ type }) => type),
    named: botLine.appends().map(nameAppend),
    calls: calls?.names() ?? [],
    writes: killSwitch.writes(),
    questions: killSwitch.questions(),
  };
}

function actTrial(stage: Stage, { worker, job, habit = 'looks' }: Trial, signal: AbortSignal): Promise<string> {
  if (job === 'backup') return askForBackup(stage, signal);
  return worker === 'slack' ? actInSlack(stage, habit, signal) : actInTerminal(stage, worker, signal);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

async function tellStory(stage: Stage, began: number): Promise<string> {
  const killed = stage.killSwitch
    .killed()
    .map(({ of, what, point }) => `killed ${of} at ${point.at} ${what}, ${point.phase}`);
  const streams = await stage.ledger.recent(5);
  const events = await Promise.all(
    streams.map(async (stream) => {
      const run = stream.replace(/^run-/, '');
      const lines = [...(await readEvents(stage, run)), ...(await readPostEvents(stage, run))].map((event) => {
        const { at, step, key, error } = event as { at?: number; step?: string; key?: string; error?: Error };
        return `  ${String((at ?? 0) - began).padStart(6)} ms ${event.type} ${step ?? key ?? ''} ${error?.message ?? ''}`;
      });
      return [stream, ...lines].join('\n');
    }),
  );
  const asked = (stage.sandbox.slack?.calls() ?? []).map(
    ({ at, method, answer }) => `  ${String(at - began).padStart(6)} ms ${method}: ${answer}`,
  );
  return [...killed, ...events, ...asked, stage.sandbox.slack?.renderChannel('incidents') ?? '', stage.log()].join(
    '\n',
  );
}
