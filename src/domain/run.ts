import type { Actor } from './actor.ts';
import type { Entry } from './ledger.ts';
import type { Check, Plan, Refusal } from './plan.ts';
import type { ErrorRecord, RunEvent, RunRequest, RunStep } from './run-events.ts';

export interface StepState {
  attempt: number;
  /** The worker that started or last adopted it. */
  worker: string;
  key: string;
  startedAt: number;
  outcome?: 'succeeded' | 'failed';
  endedAt?: number;
  evidence?: string;
  error?: ErrorRecord;
}

export interface Approval {
  by: Actor;
  digest: string;
  at: number;
  breakGlass: boolean;
  reason?: string | undefined;
}

export type Outcome = 'succeeded' | 'failed' | 'aborted' | 'refused' | 'rejected' | 'expired';

/** A run as its events tell it. */
export interface RunState {
  request: RunRequest;
  requestedAt: number;
  /** The installation that may drive it: the one that asked, or the one that recovered it. */
  installation: string;
  plan?: Plan | undefined;
  plannedAt?: number;
  approval?: Approval | undefined;
  startedAt?: number;
  steps: Map<string, StepState>;
  parked?: { error: ErrorRecord; at: number } | undefined;
  retriedAt?: number;
  abort?: { by: Actor; reason: string; at: number };
  rejection?: { by: Actor; reason: string };
  recovered?: { from: string; at: number };
  /** Set when a newer Muster wrote something we cannot read: hands off. */
  foreign?: string;
  outcome?: Outcome;
  endedAt?: number;
  error?: ErrorRecord;
  refusals?: Refusal[];
  checks?: Check[];
  leftRunning?: string[];
}

/** A run's stream as it was read: what a conditional append compares against. */
export interface RunView {
  stream: string;
  entries: Entry[];
  state: RunState;
}

/** Folds a run's events; undefined for a stream that does not begin with a request. */
export function foldRun(entries: readonly Entry[]): RunState | undefined {
  let state: RunState | undefined;
  for (const { event } of entries) {
    if (event.type === 'foreign') {
      if (state !== undefined) state.foreign = event.wrote;
      continue;
    }
    state = applyRunEvent(state, event);
  }
  return state;
}

/** True once nothing more will happen to the run. */
export function isOver(state: RunState): boolean {
  return state.outcome !== undefined;
}

/** The steps that were started and whose outcome is not recorded: what an abort or a crash leaves in doubt. */
export function stepsInFlight(state: RunState): RunStep[] {
  return state.request.steps.filter(({ id }) => {
    const step = state.steps.get(id);
    return step !== undefined && step.outcome === undefined;
  });
}

function applyRunEvent(state: RunState | undefined, event: RunEvent): RunState | undefined {
  if (event.type === 'run.requested') return newRun(event.request, event.at);
  if (event.type === 'run.recovered') return recoverRun(event);
  if (state === undefined) return undefined;
  if (event.type.startsWith('step.')) applyStepEvent(state, event);
  else if (!applyOutcome(state, event)) applyProgress(state, event);
  return state;
}

function newRun(request: RunRequest, at: number): RunState {
  return { request, requestedAt: at, installation: request.installation, steps: new Map() };
}

function recoverRun(event: Extract<RunEvent, { type: 'run.recovered' }>): RunState | undefined {
  let state: RunState | undefined;
  for (const earlier of event.record) state = applyRunEvent(state, earlier);
  if (state === undefined) return undefined;
  state.recovered = { from: event.from, at: event.at };
  state.installation = event.installation;
  return state;
}

function applyProgress(state: RunState, event: RunEvent): void {
  switch (event.type) {
    case 'run.planned':
      state.plan = event.plan;
      state.plannedAt = event.at;
      state.approval = undefined;
      break;
    case 'run.approved':
      state.approval = {
        by: event.by,
        digest: event.digest,
        at: event.at,
        breakGlass: event.breakGlass,
        reason: event.reason,
      };
      break;
    case 'run.started':
      state.startedAt = event.at;
      break;
    case 'run.parked':
      state.parked = { error: event.error, at: event.at };
      if (event.voidsApproval) state.approval = state.plan = undefined;
      break;
    case 'run.retried':
      state.parked = undefined;
      state.retriedAt = event.at;
      break;
    case 'run.abort-requested':
      state.abort ??= { by: event.by, reason: event.reason, at: event.at };
      break;
  }
}

function applyStepEvent(state: RunState, event: RunEvent): void {
  switch (event.type) {
    case 'step.started':
      state.steps.set(event.step, {
        attempt: event.attempt,
        worker: event.worker,
        key: event.key,
        startedAt: event.at,
      });
      break;
    case 'step.adopted': {
      const step = state.steps.get(event.step);
      if (step !== undefined) step.worker = event.worker;
      break;
    }
    case 'step.succeeded':
    case 'step.failed': {
      const step = state.steps.get(event.step);
      if (step === undefined) break;
      step.endedAt = event.at;
      if (event.type === 'step.succeeded') Object.assign(step, { outcome: 'succeeded', evidence: event.evidence });
      else Object.assign(step, { outcome: 'failed', error: event.error });
      break;
    }
  }
}

/** Applies a terminal event; false for any other. */
function applyOutcome(state: RunState, event: RunEvent): boolean {
  switch (event.type) {
    case 'run.succeeded':
      Object.assign(state, { outcome: 'succeeded', checks: event.checks });
      break;
    case 'run.failed':
      Object.assign(state, { outcome: 'failed', error: event.error, checks: event.checks });
      break;
    case 'run.aborted':
      Object.assign(state, { outcome: 'aborted', leftRunning: event.leftRunning });
      break;
    case 'run.refused':
      Object.assign(state, { outcome: 'refused', refusals: event.refusals, plan: event.plan });
      break;
    case 'run.rejected':
      Object.assign(state, { outcome: 'rejected', rejection: { by: event.by, reason: event.reason } });
      break;
    case 'run.expired':
      state.outcome = 'expired';
      break;
    default:
      return false;
  }
  state.endedAt = event.at;
  return true;
}
