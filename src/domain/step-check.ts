import type { z } from 'zod';
import type { Parameter, Params } from './parameter.ts';
import type { Json } from './plan.ts';
import { explainIssues, type Problem, valueAt } from './problem.ts';
import { fillReferences, findReferences, type Reference } from './reference.ts';
import { type Runbook, uncertainParams } from './runbook.ts';
import { didYouMean } from './suggest.ts';

type Step = Runbook['steps'][number];
type StepTypes = ReadonlyMap<string, { params: z.ZodType }>;

/**
 * Holds a runbook against the step types there are: unknown `uses`, and `with` that its step type would refuse. What depends
 * on a parameter is judged by its type only; a parameter that may be unset is tried both ways.
 */
export function checkStepTypes(runbook: Runbook, stepTypes: StepTypes): Problem[] {
  return runbook.steps.flatMap((step, index): Problem[] => {
    const stepType = stepTypes.get(step.uses);
    if (stepType !== undefined) return checkWith(runbook, step, index, stepType.params);
    const suggestion = didYouMean(step.uses, stepTypes.keys());
    return [{ path: ['steps', index, 'uses'], at: 'value', message: `no step type "${step.uses}"`, suggestion }];
  });
}

function checkWith(runbook: Runbook, step: Step, index: number, schema: z.ZodType): Problem[] {
  const all: Params = {};
  for (const [name, spec] of Object.entries(runbook.params)) all[name] = exampleOf(spec);
  const uncertain = uncertainParams(runbook, step);
  const certain = Object.fromEntries(Object.entries(all).filter(([name]) => !uncertain.has(name)));
  const tries = uncertain.size === 0 ? [all] : [all, certain];
  const found = new Map<string, Problem>();
  for (const params of tries) {
    for (const problem of tryWith(step, params, schema)) {
      const moved: Problem = { ...problem, path: ['steps', index, 'with', ...problem.path] };
      found.set(JSON.stringify([moved.path, moved.message]), moved);
    }
  }
  return [...found.values()];
}

function tryWith(step: Step, params: Params, schema: z.ZodType): Problem[] {
  const filled = fillReferences(step.with, params);
  const issues = schema.safeParse(filled).error?.issues ?? [];
  const references = findReferences(step.with);
  const certain = issues.filter((issue) => isCertain(issue, filled, references));
  return explainIssues(schema, filled, certain).map((problem) => {
    const lacking = references.find(({ path }) => path.join() === problem.path.join());
    if (lacking === undefined || valueAt(filled, problem.path) !== undefined)
      return { ...problem, suggestion: problem.suggestion ?? `${step.uses} asks for it` };
    const message = `${step.uses} needs this, but "${lacking.name}" may have no value`;
    const suggestion = `make it required, or add "when: { param: ${lacking.name}, is: set }"`;
    return { ...problem, at: 'value', message, suggestion };
  });
}

/** False for what another value of a parameter might put right. */
function isCertain(issue: z.core.$ZodIssue, filled: unknown, references: Reference[]): boolean {
  if (issue.code === 'invalid_type' || issue.code === 'unrecognized_keys') return true;
  const isAbove = issue.code === 'custom' || issue.code === 'invalid_union';
  if (!isAbove && valueAt(filled, issue.path) === undefined) return true;
  return !references.some(({ path }) => beginsWith(path, issue.path) && (isAbove || path.length === issue.path.length));
}

function beginsWith(path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean {
  return start.every((key, index) => path[index] === key);
}

/** A value that the parameter could have. */
function exampleOf(spec: Parameter): Exclude<Json, null | Json[] | Record<string, Json>> {
  if (spec.default !== undefined) return spec.default;
  switch (spec.type) {
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    case 'duration':
      return '1m';
    case 'time':
      return '2026-01-31T03:04:00Z';
    case 'choice':
      return spec.choices?.[0] ?? 'example';
    default:
      return 'example';
  }
}
