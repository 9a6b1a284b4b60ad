import type { StepType } from '../contracts.ts';
import type { RunView } from '../domain/run.ts';
import type { ErrorRecord, RunStep } from '../domain/run-events.ts';
import type { EngineDeps } from './deps.ts';
import { record } from './record.ts';

/** Leaves the run to a human; it keeps its target. `voidsApproval`: it must be planned and approved anew. */
export function park(deps: EngineDeps, view: RunView, error: ErrorRecord, voidsApproval = false): Promise<void> {
  return record(deps, view, { type: 'run.parked', error, voidsApproval });
}

/** Why a step that is past its time is not waited for any longer. */
export function timedOut(step: RunStep, detail: string, effect: StepType['effect']): ErrorRecord {
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
