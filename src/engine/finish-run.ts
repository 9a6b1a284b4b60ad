import type { Check } from '../domain/plan.ts';
import { type RunView, stepsInFlight } from '../domain/run.ts';
import { coerceError } from '../errors.ts';
import type { EngineDeps } from './deps.ts';
import { stepType } from './make-plan.ts';
import { record } from './record.ts';
import { startedContext } from './started-context.ts';

/** All steps are done: prove it. Only what was checked and passed ends a run as succeeded; an empty verification is a failure. */
export async function verifyRun(deps: EngineDeps, view: RunView, signal: AbortSignal): Promise<void> {
  const checks: Check[] = [];
  for (const step of view.state.request.steps) {
    const context = await startedContext(deps, view, step, signal);
    checks.push(...(await stepType(deps.steps, step).verify(context)));
  }
  const problem = judgeChecks(checks);
  if (problem === undefined) return record(deps, view, { type: 'run.succeeded', checks });
  const error = {
    code: 'VERIFICATION_FAILED',
    message: problem,
    action: 'The namespace is as the checks say; decide from there.',
  };
  return record(deps, view, { type: 'run.failed', error, checks });
}

/** Why these checks do not prove a recovery; undefined when they do. */
export function judgeChecks(checks: readonly Check[]): string | undefined {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) {
    const list = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    return `Not verified: ${list}${list.endsWith('.') ? '' : '.'}`;
  }
  if (!checks.some(({ verdict }) => verdict === 'pass')) return 'Not verified: nothing could be checked.';
  return undefined;
}

/** Ends the run without undoing anything, and says what goes on without us. */
export async function abortRun(deps: EngineDeps, view: RunView, signal: AbortSignal): Promise<void> {
  const leftRunning: string[] = [];
  for (const step of stepsInFlight(view.state)) {
    const type = stepType(deps.steps, step);
    if (type.effect === 'read') continue;
    try {
      const context = await startedContext(deps, view, step, signal);
      const observation = await type.observe(context);
      if (observation.state === 'absent') continue;
      if (observation.state === 'done' || observation.state === 'failed')
        leftRunning.push(`${step.id}: had ended already`);
      else if (observation.state === 'running' || observation.state === 'stuck')
        leftRunning.push(type.describeAbort(context));
      else leftRunning.push(inDoubt(step.id, observation.detail));
    } catch (thrown) {
      leftRunning.push(inDoubt(step.id, coerceError(thrown).message));
    }
  }
  await record(deps, view, { type: 'run.aborted', leftRunning });
}

function inDoubt(step: string, detail: string): string {
  return `${step}: it cannot be told whether it took effect (${detail})`;
}
