import type { StepContext, StepType } from '../contracts.ts';
import { hashJson } from '../domain/digest.ts';
import type { Json, Plan, PlanPart } from '../domain/plan.ts';
import type { RunRequest, RunStep } from '../domain/run-events.ts';
import { DrError } from '../errors.ts';
import type { EngineDeps } from './deps.ts';

/** How long the other steps may still look once one has refused, in ms. */
const REFUSED_GRACE_MS = 3_000;

export type PlanDeps = Pick<EngineDeps, 'clusters' | 'steps' | 'clock' | 'homes' | 'download'>;

/**
 * Asks every step what it would do and what it relies on; changes nothing.
 * @throws DrError CLUSTER_UNREACHABLE and its kin when a step cannot look
 */
export async function makePlan(deps: PlanDeps, request: RunRequest, signal: AbortSignal): Promise<Plan> {
  const enough = new AbortController();
  const parts = await Promise.all(
    request.steps.map(async (step) => {
      const part = await planUnlessRefused(deps, request, step, signal, enough.signal);
      if (part.refusals.length > 0 && !enough.signal.aborted)
        void deps.clock.sleep(REFUSED_GRACE_MS, AbortSignal.any([signal, enough.signal])).then(() => enough.abort());
      return part;
    }),
  );
  enough.abort();
  return { parts, digest: digestOf(request, parts) };
}

/** A plan that one step refuses does not wait long for the others: a Velero that is down would take a minute over each file. */
async function planUnlessRefused(
  deps: PlanDeps,
  request: RunRequest,
  step: RunStep,
  signal: AbortSignal,
  enough: AbortSignal,
): Promise<PlanPart> {
  try {
    return await planStep(deps, request, step, AbortSignal.any([signal, enough]));
  } catch (thrown) {
    if (!enough.aborted || signal.aborted) throw thrown;
    const check = {
      name: step.id,
      verdict: 'unchecked',
      detail: 'not looked at: the plan is refused already',
    } as const;
    return { ...emptyPart(deps, step), checks: [check] };
  }
}

async function planStep(deps: PlanDeps, request: RunRequest, step: RunStep, signal: AbortSignal): Promise<PlanPart> {
  const plan = await stepType(deps.steps, step).plan(await stepContext(deps, request, step, signal));
  return { ...emptyPart(deps, step), ...plan };
}

function emptyPart(deps: PlanDeps, step: RunStep): PlanPart {
  const { effect } = stepType(deps.steps, step);
  return {
    step: step.id,
    uses: step.uses,
    effect,
    facts: {},
    loss: null,
    keeps: null,
    withoutData: [],
    notes: [],
    checks: [],
    refusals: [],
  };
}

/** What an approval binds to (DESIGN crash rule 7): the runbook, the parameters, the target and every step's facts. */
function digestOf(request: RunRequest, parts: PlanPart[]): string {
  const facts: Record<string, Json> = {};
  for (const part of parts) facts[part.step] = part.facts;
  return hashJson({
    runbook: request.runbook.hash,
    params: request.params,
    target: { ...request.target } as Json,
    facts,
  });
}

export function stepType(steps: ReadonlyMap<string, StepType>, step: RunStep): StepType {
  const type = steps.get(step.uses);
  if (type !== undefined) return type;
  throw new DrError({
    code: 'CONFIG_INVALID',
    message: `Step "${step.id}" uses "${step.uses}", which this version of Muster does not have.`,
    action: 'Start the version that planned this run, or abort it.',
  });
}

export async function stepContext(
  deps: PlanDeps,
  request: RunRequest,
  step: RunStep,
  signal: AbortSignal,
): Promise<StepContext<unknown>> {
  return {
    request,
    params: stepType(deps.steps, step).params.parse(step.with),
    step: step.id,
    cluster: await deps.clusters(request.target.cluster),
    homes: deps.homes,
    clock: deps.clock,
    download: deps.download,
    signal,
  };
}
