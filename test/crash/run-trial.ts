import { actInSlack, type Habit } from './act-in-slack.ts';
import { actIncident, type Plot } from './act-incident.ts';
import { actInTerminal, askForBackup, type Worker } from './act-trial.ts';
import { openIncidentScene } from './incident-scene.ts';
import { judgeIncident } from './judge-incident.ts';
import { judgeKills, judgeTrial } from './judge-trial.ts';
import { type Kill, namesOf } from './kill-switch.ts';
import { isRunAppend } from './redis-proxy.ts';
import { openStage, type Stage } from './stage.ts';
import { tellStory } from './tell-story.ts';

export interface Trial {
  /** What the table counts it under. */
  kind: string;
  name: string;
  worker: Worker;
  /** Left out: a namespace is lost and restored. */
  job?: 'backup';
  /** It is about an incident, and this is its story. */
  plot?: Plot;
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
  /** The same with all others, by `namesOf`; and the calls to Slack and PagerDuty that have an effect. */
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
  const scene = trial.plot === undefined ? undefined : openIncidentScene();
  const stage = await openStage(
    trial.kills,
    { ...processEnv, ...scene?.env },
    { slack: trial.worker === 'slack', incidentBot: scene?.entry },
  );
  const late = AbortSignal.timeout(LIMIT_MS);
  const wrong: string[] = [];
  let story = '';
  try {
    const playing = scene === undefined ? playRun(stage, trial, late) : playIncident(stage, trial, scene.clock, late);
    wrong.push(...(await Promise.race([playing, whenAborted(late)])));
  } catch (thrown) {
    wrong.push(late.aborted ? `not over after ${LIMIT_MS / 1000} s` : `the trial broke off: ${String(thrown)}`);
  } finally {
    wrong.push(...(await stage.stopBot()));
    if (wrong.length > 0) story = await tellStory(stage, began);
    for (const pid of await stage.close()) wrong.push(`process ${pid} is left`);
    scene?.remove();
  }
  const { botLine, killSwitch, calls } = stage;
  return {
    ...{ trial, wrong, ms: Date.now() - began, story },
    appends: botLine
      .appends()
      .filter(isRunAppend)
      .map(({ type }) => type),
    named: botLine.appends().flatMap(namesOf),
    calls: calls?.names() ?? [],
    writes: killSwitch.writes(),
    questions: killSwitch.questions(),
  };
}

async function playRun(stage: Stage, trial: Trial, signal: AbortSignal): Promise<string[]> {
  return judgeTrial(stage, await actTrial(stage, trial, signal), trial);
}

async function playIncident(stage: Stage, trial: Trial, clock: string, signal: AbortSignal): Promise<string[]> {
  const { plot } = trial;
  if (plot === undefined) throw new Error('this trial is about no incident');
  const incident = await actIncident(stage, plot, clock, signal);
  return [...(await judgeIncident(stage, incident, plot)), ...(await judgeKills(stage, trial))];
}

function actTrial(stage: Stage, { worker, job, habit = 'looks' }: Trial, signal: AbortSignal): Promise<string> {
  if (job === 'backup') return askForBackup(stage, signal);
  return worker === 'slack' ? actInSlack(stage, habit, signal) : actInTerminal(stage, worker, signal);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
