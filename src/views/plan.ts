import { counted } from '../domain/counted.ts';
import { type Check, type Plan, planRefusals } from '../domain/plan.ts';
import type { RunRequest } from '../domain/run-events.ts';
import { outcomeWords } from './outcome-words.ts';
import { describeCheck, describeUnproven } from './unproven.ts';

/**
 * A plan as a person reads it at 3 a.m.: line 1 the verdict and what will not be proven, line 2 the backup and what is lost, line 3
 * what will NOT change, then how many checks are fine and each that wants reading.
 */
export function renderPlan(request: RunRequest, plan: Plan): string[] {
  return renderWith(`run ${request.run}`, request, plan);
}

/** A plan that nobody has asked to carry out: there is no run to name. */
export function renderDryPlan(request: RunRequest, plan: Plan): string[] {
  return renderWith('dry run', request, plan);
}

function renderWith(how: string, { runbook, target }: RunRequest, plan: Plan): string[] {
  const parts = partsOf({ runbook, target }, plan);
  const toRead = parts.toRead.map((line) => `    ${line}`);
  return [
    `${parts.verdict} (${how})${parts.unproven}`,
    ...[...parts.refusals, ...parts.loss, ...parts.keeps].map((line) => `  ${line}`),
    ...parts.checks.map((line) => `  ${line}${toRead.length === 0 ? '' : ':'}`),
    ...toRead,
    ...[...parts.notes, parts.digest].map((line) => `  ${line}`),
  ];
}

/** The sentences of a plan, in the order in which they are read; each view arranges them. */
export interface PlanParts {
  verdict: string;
  /** What will not be proven, to follow the verdict; empty for a plan that is refused anyway. */
  unproven: string;
  refusals: string[];
  loss: string[];
  keeps: string[];
  /** How many checks are fine, and how many want reading; empty where nothing was checked. */
  checks: string[];
  toRead: string[];
  notes: string[];
  digest: string;
}

export function partsOf({ runbook, target }: Pick<RunRequest, 'runbook' | 'target'>, plan: Plan): PlanParts {
  const refusals = planRefusals(plan);
  const verdict = refusals.length > 0 ? 'REFUSED' : outcomeWords(plan).doable;
  const checks = plan.parts.flatMap((part) => part.checks);
  const toRead = checks.filter((check) => check.verdict !== 'pass');
  const left = toRead.length === 0 ? '' : `, ${toRead.length} to read`;
  return {
    verdict: `${verdict}: ${runbook.title}, ${target.namespace} on cluster ${target.cluster}`,
    unproven: refusals.length > 0 ? '' : describeUnproven(plan),
    refusals: refusals.flatMap(({ message, action }) => [message, `Next: ${action}`]),
    loss: sentences(plan, 'loss'),
    keeps: sentences(plan, 'keeps'),
    checks: checks.length === 0 ? [] : [`${counted(checks.length - toRead.length, 'check')} ok${left}`],
    toRead: toRead.map(renderToRead),
    notes: plan.parts.flatMap(({ notes }) => notes),
    digest: `Plan ${plan.digest.slice(0, 8)}`,
  };
}

function sentences(plan: Plan, line: 'loss' | 'keeps'): string[] {
  return plan.parts.flatMap((part) => (part[line] === null ? [] : [part[line]]));
}

function renderToRead(check: Check): string {
  return `${check.verdict === 'fail' ? '!' : '?'} ${describeCheck(check)}`;
}

/** How this plan is approved, from the terminal. */
export function renderApprovalWay(run: string, plan: Plan): string {
  return `dr approve ${run} ${plan.digest.slice(0, 8)} --reason "<why no second person approves>"`;
}
