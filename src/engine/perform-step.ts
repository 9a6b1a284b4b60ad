import type { Observation, StepType } from '../contracts.ts';
import type { Next } from '../domain/next-for-run.ts';
import { changedFacts } from '../domain/plan.ts';
import type { RunView } from '../domain/run.ts';
import type { ErrorRecord, RunStep } from '../domain/run-events.ts';
import { coerceError, type DrError, isDrError } from '../errors.ts';
import type { EngineDeps } from './deps.ts';
import { makePlan, stepType } from './make-plan.ts';
import { record } from './record.ts';
import { effectKey, startedContext } from './started-context.ts';

/** How often a running step is looked at when its target gives no hint, in ms (facts: poll phases every 2 to 5 s). */
const LOOK_AGAIN_MS = 2_000;
/** How long we may be unable to tell before a human is asked, in ms: an API server's restart fits in. */
const UNKNOWN_GRACE_MS = 120_000;

const APPLY_LIMIT_MS = 30_000;

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

async function applyStep(
  deps: EngineDeps,
  view: RunView,
  next: ContinueStep,
  type: StepType,
  detail: string,
  signal: AbortSignal,
): Promise<void> {
  const { step, attempt, deadline } = next;
  if (signal.aborted) return;
  try {
    if (type.effect === 'destructive') {
      const obstacle = await findObstacle(deps, view, step, signal);
      if (obstacle !== undefined) return await park(deps, view, obstacle.error, obstacle.voidsApproval);
    }
    if (deps.clock.now() >= deadline) return await park(deps, view, timedOut(step, detail, type.effect));
    // A stop drains: the call in hand is not cut short, its own time-out bounds it.
    await type.apply(await startedContext(deps, view, step, AbortSignal.timeout(APPLY_LIMIT_MS)));
  } catch (thrown) {
    await handleApplyError(deps, view, step, attempt, coerceError(thrown), signal);
  }
}

/** Why a destructive step must not be applied now: the facts the approval stands on are no longer so, or the record is second-hand. */
async function findObstacle(
  deps: EngineDeps,
  view: RunView,
  step: RunStep,
  signal: AbortSignal,
): Promise<{ error: ErrorRecord; voidsApproval: boolean } | undefined> {
  const { request, plan, recovered } = view.state;
  if (recovered !== undefined) {
    const message = `Run ${request.run} was recovered from the cluster; step "${step.id}" was not found there and is not done blindly.`;
    return {
      error: { code: 'STEP_UNKNOWN', message, action: `dr abort ${request.run}, then ask for a new run.` },
      voidsApproval: false,
    };
  }
  if (plan === undefined || destructiveStepDone(deps, view)) return undefined;
  const fresh = await makePlan(deps, request, signal);
  if (fresh.digest === plan.digest) return undefined;
  const message = `The facts changed since the approval: ${changedFacts(plan, fresh).join(', ') || 'the plan'}. Nothing was done.`;
  return {
    error: { code: 'PLAN_CHANGED', message, action: `dr retry ${request.run} plans it afresh for a new approval.` },
    voidsApproval: true,
  };
}

/** After our own first destructive effect the facts differ by our own doing. */
function destructiveStepDone(deps: EngineDeps, { state }: RunView): boolean {
  return state.request.steps.some(
    (step) => state.steps.get(step.id)?.outcome === 'succeeded' && stepType(deps.steps, step).effect === 'destructive',
  );
}

async function handleApplyError(
  deps: EngineDeps,
  view: RunView,
  step: RunStep,
  attempt: number,
  error: DrError,
  signal: AbortSignal,
): Promise<void> {
  if (error.code.startsWith('LEDGER_')) throw error;
  if (error.retryable || signal.aborted) {
    // It may have taken effect: the loop looks before it does anything again.
    deps.log.warn(
      { run: view.state.request.run, step: step.id, error: error.message },
      'the step may or may not have taken effect; looking',
    );
    return deps.clock.sleep(LOOK_AGAIN_MS / 4, signal);
  }
  const facts = { code: error.code, message: error.message, action: error.action };
  if (isDrError(error, 'NAME_TAKEN')) return park(deps, view, facts);
  return record(deps, view, { type: 'step.failed', step: step.id, attempt, error: facts });
}

export function park(deps: EngineDeps, view: RunView, error: ErrorRecord, voidsApproval = false): Promise<void> {
  return record(deps, view, { type: 'run.parked', error, voidsApproval });
}

function timedOut(step: RunStep, detail: string, effect: StepType['effect']): ErrorRecord {
  const still = effect === 'read' ? '' : ' It was not stopped and may still be going on.';
  return {
    code: 'STEP_TIMEOUT',
    message: `Step "${step.id}" did not finish in ${Math.round(step.timeoutMs / 1000)} s: ${detail}.${still}`,
    action:
      effect === 'read'
        ? 'Look at what it waits for, then ask for a new run.'
        : 'Retry the run to wait on, or abort it.',
  };
}
