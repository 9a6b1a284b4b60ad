import { type Next, nextForRun } from '../domain/next-for-run.ts';
import { planRefusals } from '../domain/plan.ts';
import type { RunView } from '../domain/run.ts';
import { coerceError, DrError, isDrError } from '../errors.ts';
import type { EngineDeps } from './deps.ts';
import { abortRun, verifyRun } from './finish-run.ts';
import { makePlan } from './make-plan.ts';
import { park } from './park-run.ts';
import { beginStep, continueStep, type DriveMemory } from './perform-step.ts';
import { readRun, record } from './record.ts';

/** How long planning may fail to reach the cluster before the request is refused, in ms. */
const PLAN_PATIENCE_MS = 120_000;
const RETRY_MS = 1_000;

/**
 * The loop: read the ledger, ask the decider, do it, record the outcome; until there is nothing to do or `signal` aborts.
 * Any number of workers may drive the same run: a conditional append lets one of them win, the others look again.
 * Answers the id of the last entry it saw where the run waits or is over; undefined where it was stopped or another worker has the run.
 */
export async function drive(deps: EngineDeps, stream: string, signal: AbortSignal): Promise<string | undefined> {
  const memory: DriveMemory = new Map();
  let drove = false;
  let ledgerAway = false;
  while (!signal.aborted) {
    try {
      const view = await readRun(deps.ledger, stream);
      await refuseForeign(deps, view);
      if (ledgerAway) deps.log.info({ stream }, 'Redis answers again; going on');
      ledgerAway = false;
      const next = nextForRun(view.state, deps.clock.now());
      if (next.do === 'nothing' || next.do === 'wait') return view.entries.at(-1)?.id;
      // Another worker took over while we were away: its word counts now.
      if (drove && next.do === 'continue-step' && next.worker !== deps.worker) return undefined;
      drove = true;
      await performOrPark(deps, view, next, memory, signal);
    } catch (thrown) {
      const error = coerceError(thrown);
      if (error.code === 'LEDGER_CONFLICT') continue;
      // Nothing of it can be read: whoever wrote it drives it.
      if (error.code === 'RUN_NEWER') return undefined;
      if (!error.retryable) throw error;
      const away = error.code === 'LEDGER_UNREACHABLE';
      if (!away || !ledgerAway)
        deps.log.warn({ stream, code: error.code, error: error.message }, 'waiting to go on with the run');
      ledgerAway ||= away;
      await deps.clock.sleep(RETRY_MS, signal);
    }
  }
  return undefined;
}

/** What no retry can mend is a human's business: the run is parked with the error, never left spinning. */
async function performOrPark(
  deps: EngineDeps,
  view: RunView,
  next: Next,
  memory: DriveMemory,
  signal: AbortSignal,
): Promise<void> {
  try {
    await perform(deps, view, next, memory, signal);
  } catch (thrown) {
    const error = coerceError(thrown);
    if (error.retryable || error.code.startsWith('LEDGER_') || next.do === 'park') throw error;
    deps.log.error({ stream: view.stream, error }, 'the run is parked');
    await park(deps, view, { code: error.code, message: error.message, action: error.action });
  }
}

function perform(deps: EngineDeps, view: RunView, next: Next, memory: DriveMemory, signal: AbortSignal): Promise<void> {
  switch (next.do) {
    case 'plan':
      return planRun(deps, view, signal);
    case 'expire':
      return record(deps, view, { type: 'run.expired' });
    case 'start':
      return startRun(deps, view);
    case 'begin-step':
      return beginStep(deps, view, next.step, next.attempt);
    case 'continue-step':
      return continueStep(deps, view, next, memory, signal);
    case 'verify':
      return verifyRun(deps, view, signal);
    case 'fail':
      return record(deps, view, { type: 'run.failed', error: next.error, checks: [] });
    case 'park':
      return park(deps, view, next.error, next.voidsApproval);
    case 'abort':
      return abortRun(deps, view, signal);
    case 'wait':
    case 'nothing':
      return Promise.resolve();
  }
}

async function planRun(deps: EngineDeps, view: RunView, signal: AbortSignal): Promise<void> {
  const { request, requestedAt, retriedAt } = view.state;
  try {
    const plan = await makePlan(deps, request, signal);
    const refusals = planRefusals(plan);
    if (refusals.length === 0) return await record(deps, view, { type: 'run.planned', plan });
    return await record(deps, view, { type: 'run.refused', refusals, plan });
  } catch (thrown) {
    const error = coerceError(thrown);
    if (error.code.startsWith('LEDGER_') || signal.aborted) throw error;
    const patience = Math.max(requestedAt, retriedAt ?? 0) + PLAN_PATIENCE_MS;
    if (error.retryable && deps.clock.now() < patience) throw error;
    const refusal = { code: error.code, message: `It cannot be planned: ${error.message}`, action: error.action };
    await record(deps, view, { type: 'run.refused', refusals: [refusal] });
  }
}

async function startRun(deps: EngineDeps, view: RunView): Promise<void> {
  try {
    await record(deps, view, { type: 'run.started', worker: deps.worker });
  } catch (thrown) {
    if (!isDrError(thrown, 'TARGET_HELD')) throw thrown;
    await park(deps, view, { code: thrown.code, message: thrown.message, action: thrown.action });
  }
}

/** A stream that another installation wrote is not ours to drive. */
async function refuseForeign({ ledger }: EngineDeps, { stream, state }: RunView): Promise<void> {
  const installation = await ledger.installation();
  if (state.installation === installation) return;
  throw new DrError({
    code: 'LEDGER_FOREIGN',
    message: `${stream} belongs to installation ${state.installation}; this is ${installation}.`,
    action: 'Point REDIS_URL at the Redis that belongs to this Muster.',
  });
}
