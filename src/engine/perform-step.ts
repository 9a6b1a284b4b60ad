import type { Observation, StepType } from '../contracts.ts';
import type { Next } from '../domain/next-for-run.ts';
import type { RunView } from '../domain/run.ts';
import type { RunStep } from '../domain/run-events.ts';
import { coerceError, isDrError } from '../errors.ts';
import { applyStep } from './apply-step.ts';
import type { EngineDeps } from './deps.ts';
import { stepType } from './make-plan.ts';
import { park, timedOut } from './park-run.ts';
import { record } from './record.ts';
import { effectKey, startedContext } from './started-context.ts';

/** How often a running step is looked at when its target gives no hint, in ms (facts: poll phases every 2 to 5 s). */
const LOOK_AGAIN_MS = 2_000;
/** How long we may be unable to tell before a human is asked, in ms: an API server's restart fits in. */
const UNKNOWN_GRACE_MS = 120_000;

type ContinueStep = Extract<Next, { do: 'continue-step' }>;

/** When this drive first saw something, in ms, by name. Lost on a crash, which only lengthens the grace. */
export type DriveMemory = Map<string, number>;

/** Writes ahead: the start is in the ledger before anything is done. */
export async function beginStep(deps: EngineDeps, view: RunView, step: RunStep, attempt: number): Promise<void> {
  const key = effectKey(view.state.request.run, step.id, attempt);
  await record(deps, view, { type: 'step.started', step: step.id, attempt, worker: deps.worker, key });
}

/** Looks at a started step and does the one next thing: record its end, wait, apply it, or park the run. */
export async function continueStep(
  deps: EngineDeps,
  view: RunView,
  next: ContinueStep,
  memory: DriveMemory,
  signal: AbortSignal,
): Promise<void> {
  const { step, attempt } = next;
  if (next.worker !== deps.worker) {
    await record(deps, view, { type: 'step.adopted', step: step.id, attempt, worker: deps.worker });
    return;
  }
  const type = stepType(deps.steps, step);
  const observation = await observe(deps, view, step, memory, signal);
  if (observation.state !== 'unknown') memory.delete(inDoubtKey(step));
  switch (observation.state) {
    case 'done':
      return record(deps, view, { type: 'step.succeeded', step: step.id, attempt, evidence: observation.evidence });
    case 'failed': {
      const error = { code: 'STEP_FAILED', message: observation.message, action: observation.action };
      return record(deps, view, { type: 'step.failed', step: step.id, attempt, error });
    }
    case 'stuck':
      return park(deps, view, { code: 'STEP_TIMEOUT', message: observation.message, action: observation.action });
    case 'running':
      return waitOrGiveUp(deps, view, next, type, observation, signal);
    case 'absent':
      return applyStep(deps, view, next, type, observation.detail, signal);
    case 'unknown':
      return waitInDoubt(deps, view, next, memory, observation.detail, signal);
  }
}

/** Whatever keeps us from looking is `unknown`: an unreachable API is never `absent`. */
async function observe(
  deps: EngineDeps,
  view: RunView,
  step: RunStep,
  memory: DriveMemory,
  signal: AbortSignal,
): Promise<Observation> {
  try {
    return await stepType(deps.steps, step).observe(await startedContext(deps, view, step, signal, memory));
  } catch (thrown) {
    if (isDrError(thrown, 'NAME_TAKEN', 'CONFIG_INVALID')) throw thrown;
    return { state: 'unknown', detail: coerceError(thrown).message };
  }
}

async function waitOrGiveUp(
  deps: EngineDeps,
  view: RunView,
  { step, attempt, deadline }: ContinueStep,
  type: StepType,
  observation: Extract<Observation, { state: 'running' }>,
  signal: AbortSignal,
): Promise<void> {
  if (deps.clock.now() < deadline) return waitForChange(deps, observation, signal);
  const error = timedOut(step, observation.detail, type.effect);
  if (type.effect === 'read') await record(deps, view, { type: 'step.failed', step: step.id, attempt, error });
  else await park(deps, view, error);
}

async function waitForChange(
  deps: EngineDeps,
  { changed }: Extract<Observation, { state: 'running' }>,
  signal: AbortSignal,
): Promise<void> {
  const turn = new AbortController();
  const either = AbortSignal.any([signal, turn.signal]);
  await Promise.race([deps.clock.sleep(LOOK_AGAIN_MS, either), ...(changed === undefined ? [] : [changed(either)])]);
  turn.abort();
}

async function waitInDoubt(
  deps: EngineDeps,
  view: RunView,
  { step, deadline }: ContinueStep,
  memory: DriveMemory,
  detail: string,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const now = deps.clock.now();
  const since = memory.get(inDoubtKey(step)) ?? now;
  if (!memory.has(inDoubtKey(step))) {
    memory.set(inDoubtKey(step), now);
    deps.log.warn(
      { run: view.state.request.run, step: step.id, detail },
      'cannot tell where the step stands; looking again',
    );
  }
  if (now - since < UNKNOWN_GRACE_MS && now < deadline + UNKNOWN_GRACE_MS)
    return deps.clock.sleep(LOOK_AGAIN_MS, signal);
  await park(deps, view, {
    code: 'STEP_UNKNOWN',
    message: `It cannot be told whether step "${step.id}" took effect: ${detail}`,
    action: `When the cluster answers again: dr retry ${view.state.request.run} (it looks first and repeats nothing)`,
  });
}

function inDoubtKey(step: RunStep): string {
  return `in-doubt/${step.id}`;
}
