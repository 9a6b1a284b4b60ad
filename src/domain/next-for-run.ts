import { APPROVAL_LIFE_MS, isPlanExpired } from './approval.ts';
import { isDestructive } from './plan.ts';
import { isOver, type RunState } from './run.ts';
import type { ErrorRecord, RunStep } from './run-events.ts';

/** What remains to be done for a run, now. The engine does it, records the outcome, and asks again. */
export type Next =
  | { do: 'plan' }
  | { do: 'expire' }
  | { do: 'start' }
  | { do: 'begin-step'; step: RunStep; attempt: number }
  | { do: 'continue-step'; step: RunStep; attempt: number; worker: string; deadline: number }
  | { do: 'verify' }
  | { do: 'fail'; error: ErrorRecord }
  | { do: 'park'; error: ErrorRecord; voidsApproval: boolean }
  | { do: 'abort' }
  | { do: 'wait'; for: 'approval' | 'human' | 'newer-muster' }
  | { do: 'nothing' };

/** The run's decider: pure, so that any worker, after any crash, comes to the same answer. Times in ms since 1970. */
export function nextForRun(state: RunState, now: number): Next {
  if (isOver(state)) return { do: 'nothing' };
  if (state.foreign !== undefined) return { do: 'wait', for: 'newer-muster' };
  if (state.abort !== undefined) return { do: 'abort' };
  if (state.parked !== undefined) return { do: 'wait', for: 'human' };
  if (state.plan === undefined) return { do: 'plan' };
  const approval = decideApprovalWait(state, now);
  if (approval !== undefined) return approval;
  if (state.startedAt === undefined) return { do: 'start' };
  return nextStep(state, now);
}

function decideApprovalWait(state: RunState, now: number): Next | undefined {
  if (!needsApproval(state)) return undefined;
  if (state.approval?.digest !== state.plan?.digest || state.approval === undefined) {
    return isPlanExpired(state, now) ? { do: 'expire' } : { do: 'wait', for: 'approval' };
  }
  if (state.startedAt === undefined && now >= state.approval.at + APPROVAL_LIFE_MS) {
    return { do: 'park', error: APPROVAL_EXPIRED, voidsApproval: true };
  }
  return undefined;
}

/** Everything destructive needs an approval that binds to the plan's digest. */
export function needsApproval(state: RunState): boolean {
  return state.plan === undefined || isDestructive(state.plan);
}

function nextStep(state: RunState, now: number): Next {
  for (const step of state.request.steps) {
    const seen = state.steps.get(step.id);
    if (seen?.outcome === 'succeeded') continue;
    if (seen?.outcome === 'failed') return { do: 'fail', error: seen.error ?? STEP_FAILED };
    if (now > deadlineOf(state))
      return { do: 'park', error: runDeadlinePassed(`step "${step.id}"`), voidsApproval: false };
    if (seen === undefined) return { do: 'begin-step', step, attempt: 1 };
    const deadline = Math.max(seen.startedAt, freshStart(state)) + step.timeoutMs;
    return { do: 'continue-step', step, attempt: seen.attempt, worker: seen.worker, deadline };
  }
  if (now > deadlineOf(state))
    return { do: 'park', error: runDeadlinePassed('the verification'), voidsApproval: false };
  return { do: 'verify' };
}

function deadlineOf(state: RunState): number {
  return Math.max(state.startedAt ?? 0, freshStart(state)) + state.request.runbook.deadlineMs;
}

/** A retry and a recovery give the run and its step their whole time again. */
function freshStart({ retriedAt, recovered }: RunState): number {
  return Math.max(retriedAt ?? 0, recovered?.at ?? 0);
}

const APPROVAL_EXPIRED: ErrorRecord = {
  code: 'APPROVAL_REFUSED',
  message: 'The approval is older than 30 minutes and the run had not started.',
  action: 'Retry the run to plan it afresh, then have the new plan approved.',
};

function runDeadlinePassed(what: string): ErrorRecord {
  return {
    code: 'STEP_TIMEOUT',
    message: `The run's deadline passed before ${what} was finished.`,
    action: 'Look at its target, then retry the run to go on, or abort it.',
  };
}

const STEP_FAILED: ErrorRecord = {
  code: 'STEP_FAILED',
  message: 'A step failed.',
  action: 'Look at its target before asking for another run.',
};
