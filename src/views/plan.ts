import { type Check, type Plan, planRefusals } from '../domain/plan.ts';
import type { RunRequest } from '../domain/run-events.ts';
import { describeCheck, describeUnproven } from './unproven.ts';

/**
 * A plan as a person reads it at 3 a.m.: line 1 the verdict and what will not be proven, line 2 the backup and what is lost, line 3 what will NOT change, then
 * how many checks are fine and each that wants reading.
 */
export function renderPlan(request: RunRequest, plan: Plan): string[] {
  return renderWith(`run ${request.run}`, request, plan);
}

/** A plan that nobody has asked to carry out: there is no run to name. */
export function renderDryPlan(request: RunRequest, plan: Plan): string[] {
  return renderWith('dry run', request, plan);
}

function renderWith(how: string, { runbook, target }: RunRequest, plan: Plan): string[] {
  const refusals = planRefusals(plan);
  const verdict = refusals.length > 0 ? 'REFUSED' : 'Can be done, once approved';
  const checks = plan.parts.flatMap((part) => part.checks);
  return [
    `${verdict}: ${runbook.title}, ${target.namespace} on cluster ${target.cluster} (${how})${refusals.length > 0 ? '' : describeUnproven(plan)}`,
    ...refusals.flatMap(({ message, action }) => [`  ${message}`, `  Next: ${action}`]),
    ...sentences(plan, 'loss'),
    ...sentences(plan, 'keeps'),
    ...renderChecks(checks),
    ...plan.parts.flatMap(({ notes }) => notes.map((note) => `  ${note}`)),
    `  Plan ${plan.digest.slice(0, 8)}`,
  ];
}

function sentences(plan: Plan, line: 'loss' | 'keeps'): string[] {
  return plan.parts.flatMap((part) => (part[line] === null ? [] : [`  ${part[line]}`]));
}

function renderChecks(checks: readonly Check[]): string[] {
  if (checks.length === 0) return [];
  const toRead = checks.filter(({ verdict }) => verdict !== 'pass');
  const ok = `  ${checks.length - toRead.length} checks ok`;
  return [
    `${ok}${toRead.length === 0 ? '' : `, ${toRead.length} to read:`}`,
    ...toRead.map((check) => `    ${check.verdict === 'fail' ? '!' : '?'} ${describeCheck(check)}`),
  ];
}

/** How this plan is approved, from the terminal. */
export function renderApprovalWay(run: string, plan: Plan): string {
  return `dr approve ${run} ${plan.digest.slice(0, 8)} --reason "<why no second person approves>"`;
}
