import type { StepContext, StepType } from '../contracts.ts';
import { hashJson } from '../domain/digest.ts';
import type { Json, Plan, PlanPart } from '../domain/plan.ts';
import type { RunRequest, RunStep } from '../domain/run-events.ts';
import { DrError } from '../errors.ts';
import type { EngineDeps } from './deps.ts';

export type PlanDeps = Pick<EngineDeps, 'clusters' | 'steps' | 'clock' | 'homes' | 'download'>;

/**
 * Asks every step what it would do and what it relies on; changes nothing.
 * @throws DrError CLUSTER_UNREACHABLE and its kin when a step cannot look
 */
export async function makePlan(deps: PlanDeps, request: RunRequest, signal: AbortSignal): Promise<Plan> {
  const parts = await Promise.all(request.steps.map((step) => planStep(deps, request, step, signal)));
  return { parts, digest: digestOf(request, parts) };
}

async function planStep(deps: PlanDeps, request: RunRequest, step: RunStep, signal: AbortSignal): Promise<PlanPart> {
  const type = stepType(deps.steps, step);
  const plan = await type.plan(await stepContext(deps, request, step, signal));
  return {
    step: step.id,
    uses: step.uses,
    effect: type.effect,
    facts: plan.facts,
    loss: plan.loss ?? null,
    keeps: plan.keeps ?? null,
    notes: plan.notes ?? [],
    checks: plan.checks ?? [],
    refusals: plan.refusals ?? [],
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
