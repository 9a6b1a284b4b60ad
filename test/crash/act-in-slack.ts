import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { isOver, loseNamespace, newestRun, until } from './act-trial.ts';
import { keyOfMessage } from './slack-calls.ts';
import { NAMESPACE, readEvents, readPostEvents, type Stage } from './stage.ts';

export const CHANNEL = 'incidents';
const COMMAND = `restore namespace ${NAMESPACE}`;
/** The longest that planning waits for the card, ms: below the time-out of the question that is held. */
const CARD_MS = 4_000;
/** How long a person waits for what was promised before they ask again, ms. */
const PATIENCE_MS = 10_000;

/** What a person does when no answer comes: looks whether it was recorded, or not. */
export type Habit = 'looks' | 'types again at once';

/** Plays the people in Slack from the lost namespace to the last message; answers the run that restored it. */
export async function actInSlack(stage: Stage, habit: Habit, signal: AbortSignal): Promise<string> {
  const { slack } = stage.sandbox;
  if (slack === undefined) throw new Error('this stage has no Slack');
  planAfterCard(stage, slack);
  stage.keepBot();
  await stage.sandbox.awaitBot();
  await loseNamespace(stage, signal);
  const run = await askFor(stage, slack, habit, signal);
  await until(() => findButton(slack, `approve ${run} `) !== undefined, signal);
  await rejectOthers(stage, slack, run, signal);
  await press(stage, slack, run, 'approve', signal);
  await until(() => isSaid(stage), signal);
  // What is over must stay as it is, also when a dead worker's job is taken again.
  await until(async () => !(await stage.jobsLeft()), signal);
  return run;
}

/** The card is there before the plan is: so it is certainly edited while the run waits. */
function planAfterCard({ sandbox }: Stage, slack: SandboxSlack): void {
  let held = false;
  sandbox.cluster.api.onWrite(async ({ verb, resource, phase }) => {
    if (held || phase !== 'before' || verb !== 'create' || !resource.startsWith('downloadrequests.')) return;
    held = true;
    const isThere = () =>
      slack
        .channel(CHANNEL)
        .messages()
        .some(({ metadata }) => keyOfMessage(metadata)?.key === 'card');
    await until(isThere, AbortSignal.timeout(CARD_MS)).catch(() => undefined);
  });
}

/** Types the command until it is recorded; who looks first does not type again what was recorded behind an error. */
async function askFor(stage: Stage, slack: SandboxSlack, habit: Habit, signal: AbortSignal): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const before = await countRuns(stage);
    const { error } = await slack.deliver.command('oncall', CHANNEL, '/dr', COMMAND);
    if (habit === 'types again at once' && tries === 1) {
      await until(() => stage.killSwitch.killed().length > 0, signal);
      await stage.sandbox.awaitBot();
      continue;
    }
    await stage.sandbox.awaitBot();
    // Only a connection that broke says that nobody works on it any more.
    const patience = error === 'dispatch_failed' ? 0 : PATIENCE_MS;
    const isRecorded = await within(patience, async () => (await countRuns(stage)) > before, signal);
    const run = isRecorded ? await newestRun(stage) : undefined;
    if (run !== undefined) return run;
  }
}

async function countRuns({ ledger }: Stage): Promise<number> {
  return (await ledger.recent(10)).length;
}

/** Looks once at the least; false where it has not come about in the time, ms. */
async function within(ms: number, condition: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  for (const end = Date.now() + ms; ; ) {
    signal.throwIfAborted();
    if (await condition()) return true;
    if (Date.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Who typed it twice made two runs: one of them is turned down before the other is approved. */
async function rejectOthers(stage: Stage, slack: SandboxSlack, run: string, signal: AbortSignal): Promise<void> {
  for (const stream of await stage.ledger.recent(10)) {
    const other = stream.replace(/^run-/, '');
    if (other === run) continue;
    await until(() => findButton(slack, `reject ${other} `) !== undefined, signal);
    await press(stage, slack, other, 'reject', signal);
  }
}

/** Clicks, and again after an error while the button is still there; goes on once the ledger has it. */
async function press(
  stage: Stage,
  slack: SandboxSlack,
  run: string,
  verb: 'approve' | 'reject',
  signal: AbortSignal,
): Promise<void> {
  const recorded = verb === 'approve' ? 'run.approved' : 'run.rejected';
  const isRecorded = async () => (await readEvents(stage, run)).some(({ type }) => type === recorded);
  for (let failed = true; failed || !(await within(PATIENCE_MS, isRecorded, signal)); ) {
    const button = findButton(slack, `${verb} ${run} `);
    failed = false;
    if (button === undefined) continue;
    const { ts, actionId } = button;
    const delivery = await slack.deliver.click({ user: 'lead', channel: CHANNEL, ts, button: actionId, confirm: true });
    failed = delivery?.error !== undefined;
    if (failed) await stage.sandbox.awaitBot();
  }
}

/** The newest button whose value begins so, on everybody's screen. */
function findButton(slack: SandboxSlack, value: string) {
  return slack.pressable(CHANNEL).findLast((button) => button.value?.startsWith(value) === true);
}

/** Every run is over, and everything about it is said. */
async function isSaid(stage: Stage): Promise<boolean> {
  for (const stream of await stage.ledger.recent(10)) {
    const run = stream.replace(/^run-/, '');
    if (!(await isOver(stage, run))) return false;
    if (!(await readPostEvents(stage, run)).some(({ type }) => type === 'posts.ended')) return false;
  }
  return true;
}
