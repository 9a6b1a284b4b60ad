import { z } from 'zod';
import { DataAssertion } from './data-assertion.ts';
import { DURATION_RULE, DurationText, durationMs } from './duration.ts';
import { HealthCheck } from './health-check.ts';
import { NamespaceName, StepId } from './names.ts';
import { defaultReference, Parameter, type Params, parseParameter } from './parameter.ts';
import { Json } from './plan.ts';
import { addProblems, type Problem } from './problem.ts';
import { fillReferences, findReferences } from './reference.ts';
import { checkRunbook } from './runbook-rules.ts';
import { didYouMean } from './suggest.ts';
import type { Target } from './target.ts';

/** A runbook: one recovery procedure, as runbooks/*.yaml hold it. A parsed runbook can be parsed again and stays the same. */

export type { Params } from './parameter.ts';

/** `${name}` stands for a parameter; runbook-rules.ts checks which. */
const Reference = z.string().regex(/\$\{/);
const line = z.string().trim().min(1, 'must not be empty').max(120, 'must have at most 120 characters');

const When = z.strictObject({
  param: z.string(),
  is: z.enum(['set', 'unset']).optional(),
  equals: z.union([z.string(), z.number(), z.boolean()], 'must be text, a number, or true or false').optional(),
});

const DEFAULT_TIMEOUT = '5m';

const Step = z.strictObject({
  id: StepId,
  /** A step type's name. */
  uses: z.string().min(1, 'must not be empty'),
  with: z.record(z.string(), Json).default({}),
  when: When.optional(),
  timeout: orReference(DurationText, DURATION_RULE).default(DEFAULT_TIMEOUT),
});

const PARAMETER_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const COMMAND = /^[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)?$/;

export const Runbook = z
  .strictObject({
    title: line,
    /** One line for `dr runbooks`. */
    summary: line,
    /** The command that starts it, beside `dr run <name>`. */
    command: z.string().regex(COMMAND, 'must be one or two words in lower case').optional(),
    params: z.record(z.string().regex(PARAMETER_NAME, 'must be lower-case words joined by "-"'), Parameter).default({}),
    target: z.strictObject({
      /** What the run's lease is taken on. */
      namespace: orReference(NamespaceName),
      /** Where the content of the target comes from, if from elsewhere: the checks of health and data declared for it apply to the target. */
      contentOf: orReference(NamespaceName).optional(),
    }),
    /** Of the whole run, from its start. */
    deadline: DurationText,
    steps: z.array(Step).min(1, 'must not be empty'),
    health: z.array(HealthCheck).default([]),
    /** What the restored data must answer; none: data is not checked, and that is said. */
    data: z.array(DataAssertion).default([]),
  })
  .superRefine((value, context) => addProblems(context, checkRunbook(value)), { when: () => true });
export type Runbook = z.infer<typeof Runbook>;

/** One step of a run: parameters filled in, conditions decided. */
export interface ResolvedStep {
  id: string;
  uses: string;
  with: Record<string, Json>;
  timeoutMs: number;
}

/** Either form, with the plain form's own words when it is neither. */
function orReference(plain: z.ZodType<string, string>, rule?: string) {
  return z.string(rule).superRefine((text, context) => {
    if (Reference.safeParse(text).success) return;
    for (const issue of plain.safeParse(text).error?.issues ?? []) {
      context.addIssue({ code: 'custom', message: issue.message });
    }
  });
}

/**
 * A run's parameters from what was typed, defaults filled in; or everything that is wrong with it. A problem's path is the
 * parameter's name.
 */
export function fillParams(
  runbook: Runbook,
  given: Record<string, string>,
): { params: Params } | { problems: Problem[] } {
  const names = Object.keys(runbook.params);
  const problems: Problem[] = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const suggestion = didYouMean(name, names);
      return { path: [name], at: 'key', message: `there is no parameter "${name}"`, suggestion };
    });
  const params: Params = {};
  for (const [name, spec] of Object.entries(runbook.params)) {
    const text = Object.hasOwn(given, name) ? given[name] : defaultText(spec, given, runbook.params);
    if (text === undefined) {
      if (spec.required) problems.push(missing(name, spec));
      continue;
    }
    const parsed = parseParameter(spec, text);
    if ('value' in parsed) params[name] = parsed.value;
    // What was not typed here is complained about where it was typed.
    else if (Object.hasOwn(given, name))
      problems.push({ path: [name], at: 'value', ...parsed, message: `${name} "${text}" ${parsed.message}` });
  }
  return problems.length > 0 ? { problems } : { params };
}

/** A default that refers to another parameter is what was typed for that one, or its own default. */
function defaultText(spec: Parameter, given: Record<string, string>, specs: Runbook['params']): string | undefined {
  const other = defaultReference(spec);
  if (other === undefined) return spec.default?.toString();
  return Object.hasOwn(given, other) ? given[other] : specs[other]?.default?.toString();
}

function missing(name: string, { help, type }: Parameter): Problem {
  return { path: [name], at: 'key', message: `${name} is missing`, suggestion: help ?? `give a ${type}` };
}

/** The namespace that a run with these parameters is about. */
export function resolveNamespace(runbook: Runbook, params: Params): string {
  return String(fillReferences(runbook.target.namespace, params) ?? '');
}

/** The namespace whose content the run brings into its target: where its declared checks of health and data come from. */
export function resolveContentNamespace(runbook: Runbook, params: Params): string {
  const { contentOf, namespace } = runbook.target;
  return String(fillReferences(contentOf ?? namespace, params) ?? '');
}

/** Every namespace that a run with these parameters names. */
export function resolveNamespaces(runbook: Runbook, params: Record<string, unknown>): string[] {
  const named = Object.entries(runbook.params).flatMap(([name, { type }]) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return type === 'namespace' && typeof value === 'string' ? [value] : [];
  });
  return [...new Set(named)];
}

/** Every namespace that these steps name, whatever it was made of: a text that a person typed, or a word of the runbook. */
export function stepNamespaces(steps: readonly Pick<ResolvedStep, 'with'>[]): string[] {
  const named = steps.flatMap((step) => [step.with['namespace'], step.with['into']]);
  return [...new Set(named.filter((value) => typeof value === 'string'))];
}

/** All that a run is about: the policy must allow each. A runbook that is gone leaves the run's own target and its steps. */
export function requestTargets(
  runbook: Runbook | undefined,
  {
    target,
    params,
    steps,
  }: { target: Target; params: Record<string, unknown>; steps: readonly Pick<ResolvedStep, 'with'>[] },
): Target[] {
  const named = [...(runbook === undefined ? [] : resolveNamespaces(runbook, params)), ...stepNamespaces(steps)];
  return [...new Set([target.namespace, ...named])].map((namespace) => ({ cluster: target.cluster, namespace }));
}

export function deadlineMs(runbook: Runbook): number {
  return durationMs(runbook.deadline);
}

/** The steps of a run with these parameters, as `fillParams` returned them: those whose condition holds, filled in. */
export function resolveSteps(runbook: Runbook, params: Params): ResolvedStep[] {
  return runbook.steps
    .filter(({ when }) => when === undefined || holds(when, params))
    .map((step) => ({
      id: step.id,
      uses: step.uses,
      with: Object.fromEntries(
        Object.entries(step.with).flatMap(([key, value]) => {
          const filled = fillReferences(value, params);
          return filled === undefined ? [] : [[key, filled]];
        }),
      ),
      timeoutMs: durationMs(String(fillReferences(step.timeout, params))),
    }));
}

function holds({ param, is, equals }: z.infer<typeof When>, params: Params): boolean {
  const value = Object.hasOwn(params, param) ? params[param] : undefined;
  if (is !== undefined) return (value !== undefined) === (is === 'set');
  return value !== undefined && String(value) === String(equals);
}

/** The parameters that a step may find without a value: optional, without a default, and not asked for by its `when`. */
export function uncertainParams(runbook: Runbook, step: Runbook['steps'][number]): Set<string> {
  const asked = step.when !== undefined && step.when.is !== 'unset' ? step.when.param : undefined;
  const names = findReferences(step.with).map(({ name }) => name);
  return new Set(
    names.filter((name) => {
      const spec = runbook.params[name];
      return name !== asked && spec !== undefined && !spec.required && spec.default === undefined;
    }),
  );
}
