import type { StepContext } from '../../contracts.ts';
import type { Check, Refusal } from '../../domain/plan.ts';

/** What one of the checks before a restore has found. Nothing of it goes into the plan's facts: all of it is a state that passes. */
export interface Finding {
  checks: Check[];
  refusals: Refusal[];
  notes: string[];
}

export type PreflightContext = StepContext<{ namespace: string }>;

export function finding(checks: Check[], notes: string[] = [], refusals: Refusal[] = []): Finding {
  return { checks, notes, refusals };
}
