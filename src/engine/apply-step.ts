import type { StepType } from '../contracts.ts';
import { APPROVAL_LIFE_MS } from '../domain/approval.ts';
import type { Next } from '../domain/next-for-run.ts';
import { changedFacts, planRefusals, type Refusal } from '../domain/plan.ts';
import type { RunView } from '../domain/run.ts';
import type { ErrorRecord, RunStep } from '../domain/run-events.ts';
import { coerceError, type DrError, isDrError } from '../errors.ts';
import type { EngineDeps } from './deps.ts';
import { makePlan, stepType } from './make-plan.ts';
import { park, timedOut } from './park-run.ts';
import { record } from './record.ts';
import { startedContext } from './started-context.ts';

/** How long a call that changes something may take, in ms; a stop does not cut it short. */
const APPLY_LIMIT_MS = 30_000;
/** After an apply that may or may not have arrived: how long until we look, in ms. */
const LOOK_SOON_MS = 500;

/** An answer that cannot be read may be that of a create that was taken; a 409 that is not "already exists" passes. */
const LOOK_ANEW: readonly string[] = ['CLUSTER_UNREADABLE', 'CLUSTER_CONFLICT'];

type ContinueStep = Extract<Next, { do: 'continue-step' }>;

/** Does what the target says is absent, unless something stands against it. What may have arrived is looked for, never repeated blindly. */
export async function applyStep(
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
  if (deps.clock.now() >= (view.state.approval?.at ?? 0) + APPROVAL_LIFE_MS) {
    return { error: approvalTooOld(request.run), voidsApproval: true };
  }
  const fresh = await makePlan(deps, request, signal);
  const changed = fresh.digest === plan.digest ? [] : changedFacts(plan, fresh);
  const refusals = planRefusals(fresh);
  if (fresh.digest === plan.digest || (changed.length === 0 && refusals.length > 0))
    return refusedByNow(request.run, refusals);
  const now = refusals.map((refusal) => ` It would be refused now: ${refusal.message}`).join('');
  const message = `The facts changed since the approval: ${changed.join(', ') || 'the plan'}. Nothing was done.${now}`;
  return {
    error: { code: 'PLAN_CHANGED', message, action: `dr retry ${request.run} plans it afresh for a new approval.` },
    voidsApproval: true,
  };
}

/** The facts are the same, but something else stands against it now: storage away, Velero silent, another restore in the way. */
function refusedByNow(
  run: string,
  refusals: readonly Refusal[],
): { error: ErrorRecord; voidsApproval: boolean } | undefined {
  if (refusals.length === 0) return undefined;
  const message = `It cannot be done safely now: ${refusals.map((refusal) => refusal.message).join(' ')} Nothing was done.`;
  const action = `${refusals.map((refusal) => refusal.action).join(' ')} Then: dr retry ${run}`;
  return { error: { code: 'PLAN_REFUSED', message, action }, voidsApproval: false };
}

function approvalTooOld(run: string): ErrorRecord {
  return {
    code: 'APPROVAL_REFUSED',
    message: 'The approval is older than 30 minutes and nothing destructive was done yet.',
    action: `dr retry ${run} plans it afresh for a new approval.`,
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
  if (error.retryable || LOOK_ANEW.includes(error.code) || signal.aborted) {
    // It may have taken effect: the loop looks before it does anything again.
    deps.log.warn(
      { run: view.state.request.run, step: step.id, error: error.message },
      'the step may or may not have taken effect; looking',
    );
    return deps.clock.sleep(LOOK_SOON_MS, signal);
  }
  const facts = { code: error.code, message: error.message, action: error.action };
  // A defect of ours says nothing about the target either: only what the API refused is known not to have happened.
  if (isDrError(error, 'NAME_TAKEN', 'INTERNAL')) return park(deps, view, facts);
  return record(deps, view, { type: 'step.failed', step: step.id, attempt, error: facts });
}
