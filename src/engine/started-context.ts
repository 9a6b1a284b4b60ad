import type { StartedContext } from '../contracts.ts';
import { describeProvenance } from '../domain/provenance.ts';
import type { RunView } from '../domain/run.ts';
import type { RunStep } from '../domain/run-events.ts';
import type { PlanDeps } from './make-plan.ts';
import { stepContext } from './make-plan.ts';

/** The name that fences a step's effect at its target: a DNS label of at most 63 characters. */
export function effectKey(run: string, step: string, attempt: number): string {
  return `dr-${run}-${step}-${attempt}`;
}

/** What a started step is observed, applied and verified with. */
export async function startedContext(
  deps: PlanDeps,
  view: RunView,
  step: RunStep,
  signal: AbortSignal,
  firstSeen = new Map<string, number>(),
): Promise<StartedContext<unknown>> {
  const { state, entries } = view;
  const seen = state.steps.get(step.id);
  const attempt = seen?.attempt ?? 1;
  return {
    ...(await stepContext(deps, state.request, step, signal)),
    attempt,
    key: effectKey(state.request.run, step.id, attempt),
    startedAt: seen?.startedAt ?? deps.clock.now(),
    requestedAt: state.requestedAt,
    facts: state.plan?.parts.find((part) => part.step === step.id)?.facts ?? {},
    plan: state.plan,
    firstSeen,
    provenance: describeProvenance(state, entries, step.id, attempt),
  };
}
