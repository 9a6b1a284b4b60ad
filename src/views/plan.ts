import { type Plan, planRefusals } from '../domain/plan.ts';
import type { RunRequest } from '../domain/run-events.ts';

/** A plan as a person reads it at 3 a.m.: verdict first, then what it rests on. */
export function renderPlan({ runbook, target, run }: RunRequest, plan: Plan): string[] {
  const refusals = planRefusals(plan);
  const verdict = refusals.length > 0 ? 'REFUSED' : 'Can be done, once approved';
  return [
    `${verdict}: ${runbook.title}, ${target.namespace} on cluster ${target.cluster} (run ${run})`,
    ...refusals.flatMap(({ message, action }) => [`  ${message}`, `  Next: ${action}`]),
    ...plan.parts.flatMap(({ notes }) => notes.map((note) => `  ${note}`)),
    ...plan.parts.flatMap(({ checks }) =>
      checks.filter(({ verdict }) => verdict !== 'pass').map(({ name, detail }) => `  ${name}: ${detail}`),
    ),
    `  Plan ${plan.digest.slice(0, 8)}`,
  ];
}

/** How this plan is approved, from the terminal. */
export function renderApprovalWay(run: string, plan: Plan): string {
  return `dr approve ${run} ${plan.digest.slice(0, 8)} --reason "<why no second person approves>"`;
}
