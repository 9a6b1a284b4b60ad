import { checkDataAssertions } from './data-assertion.ts';
import { parseDuration } from './duration.ts';
import { defaultReference, Parameter, parseParameter } from './parameter.ts';
import type { Problem } from './problem.ts';
import { findReferences, type Reference } from './reference.ts';
import { didYouMean } from './suggest.ts';

/** What no field of a runbook can tell by itself. Works on anything, so that every problem is found in one go. */

/** Options of every command that starts a run; a parameter of that name could never be given. */
const RESERVED = ['cluster', 'dry-run', 'help', 'json'];

type Path = (string | number)[];
/** undefined: declared, but not in a way that can be used. */
type Declared = Map<string, Parameter | undefined>;

export function checkRunbook(raw: unknown): Problem[] {
  const params: Declared = new Map();
  for (const [name, value] of Object.entries(asRecord(field(raw, 'params')))) {
    params.set(name, Parameter.safeParse(value).data);
  }
  const steps = asList(field(raw, 'steps'));
  return [
    ...[...params].flatMap(([name, spec]) => checkParameter(name, spec, params)),
    ...checkUnused(params, raw),
    ...['namespace', 'contentOf'].flatMap((key) => checkTarget(field(raw, 'target'), key, params)),
    ...checkStepIds(steps),
    ...steps.flatMap((step, index) => checkStep(step, ['steps', index], params, field(raw, 'deadline'))),
    ...checkDataAssertions(asList(field(raw, 'data'))),
  ];
}

function checkParameter(name: string, spec: Parameter | undefined, params: Declared): Problem[] {
  const problems: Problem[] = [];
  const add = (key: string[], message: string, suggestion?: string) =>
    problems.push({ path: ['params', name, ...key], at: 'key', message, suggestion });
  if (RESERVED.includes(name)) add([], `"${name}" is an option of every command`, 'choose another name');
  if (spec === undefined) return problems;
  if (spec.type === 'choice' && spec.choices === undefined) {
    add(['type'], `the choice "${name}" has no choices`, 'add "choices: [...]"');
  }
  if (spec.type !== 'choice' && spec.choices !== undefined) {
    add(['choices'], `"choices" goes with type choice, not ${spec.type}`, 'write "type: choice"');
  }
  if (spec.default === undefined) return problems;
  if (spec.required) add(['default'], `"${name}" is required, so its default is never used`, 'remove one of the two');
  const other = defaultReference(spec);
  if (other !== undefined) return [...problems, ...checkDefaultReference(name, spec, other, params)];
  const parsed = parseParameter(spec, String(spec.default));
  if ('message' in parsed) {
    problems.push({
      path: ['params', name, 'default'],
      at: 'value',
      message: `the default of "${name}" ${parsed.message}`,
      suggestion: parsed.suggestion ?? `write a ${spec.type} or leave it out`,
    });
  }
  return problems;
}

/** One step of reference only, so that there is always a value and never a circle. */
function checkDefaultReference(name: string, spec: Parameter, other: string, params: Declared): Problem[] {
  const path = ['params', name, 'default'];
  const target = params.get(other);
  if (params.has(other) && target === undefined) return [];
  const fits = target?.type === spec.type && hasValue(target) && defaultReference(target) === undefined;
  if (fits) return [];
  const message = `the default of "${name}" must be another ${spec.type} that always has a value`;
  return [{ path, at: 'value', message, suggestion: `make "${other}" a required ${spec.type}` }];
}

/** A parameter that does nothing would tell whoever sets it a lie. */
function checkUnused(params: Declared, raw: unknown): Problem[] {
  const steps = field(raw, 'steps');
  if (!Array.isArray(steps)) return [];
  const used = new Set(findReferences([steps, field(raw, 'target')]).map(({ name }) => name));
  for (const step of steps) used.add(String(field(field(step, 'when'), 'param')));
  return [...params.keys()]
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: ['params', name],
      at: 'key',
      message: `nothing uses the parameter "${name}"`,
      suggestion: `write \${${name}} in a step or remove it`,
    }));
}

function checkTarget(target: unknown, key: string, params: Declared): Problem[] {
  const path = ['target', key];
  return findReferences(field(target, key), path).flatMap((reference) => {
    const unknown = checkKnown(reference, params);
    if (unknown.length > 0) return unknown;
    const spec = params.get(reference.name);
    if (spec === undefined || (reference.whole && spec.type === 'namespace' && hasValue(spec))) return [];
    const message = `the target must be one parameter of type namespace that always has a value`;
    return [{ path, at: 'value', message, suggestion: `make "${reference.name}" a required namespace` }];
  });
}

function checkStepIds(steps: unknown[]): Problem[] {
  const ids = steps.map((step) => field(step, 'id'));
  return ids.flatMap((id, index): Problem[] => {
    const first = ids.indexOf(id);
    if (typeof id !== 'string' || first === index) return [];
    const message = `the id "${id}" belongs to step ${first + 1} already`;
    return [{ path: ['steps', index, 'id'], at: 'value', message, suggestion: 'give every step its own id' }];
  });
}

function checkStep(step: unknown, path: Path, params: Declared, deadline: unknown): Problem[] {
  const when = field(step, 'when');
  const guards = field(when, 'is') === 'unset' ? undefined : field(when, 'param');
  const references = findReferences(field(step, 'with'), [...path, 'with']);
  return [
    ...references.flatMap((reference) => checkReference(reference, params, guards)),
    ...checkTimeout(field(step, 'timeout'), [...path, 'timeout'], params, deadline),
    ...(when === undefined ? [] : checkWhen(when, [...path, 'when'], params)),
  ];
}

function checkReference(reference: Reference, params: Declared, guarded: unknown): Problem[] {
  const unknown = checkKnown(reference, params);
  if (unknown.length > 0) return unknown;
  const spec = params.get(reference.name);
  if (reference.whole || spec === undefined || hasValue(spec) || guarded === reference.name) return [];
  const message = `"${reference.name}" may have no value, so it cannot be part of a text`;
  const suggestion = `make it required, or add "when: { param: ${reference.name}, is: set }"`;
  return [{ path: reference.path, at: 'value', message, suggestion }];
}

function checkKnown({ name, path, closed }: Reference, params: Declared): Problem[] {
  if (!closed) return [{ path, at: 'value', message: '"${" is never closed', suggestion: `write \${name}` }];
  if (params.has(name)) return [];
  const suggestion = didYouMean(name, params.keys());
  return [{ path, at: 'value', message: `there is no parameter "${name}"`, suggestion }];
}

function checkTimeout(timeout: unknown, path: Path, params: Declared, deadline: unknown): Problem[] {
  const suggestion = 'write a duration such as 10m, or one parameter of type duration';
  const references = findReferences(timeout, path);
  const problems = references.flatMap((reference): Problem[] => {
    const unknown = checkKnown(reference, params);
    const spec = params.get(reference.name);
    if (unknown.length > 0 || spec === undefined) return unknown;
    if (reference.whole && spec.type === 'duration' && hasValue(spec)) return [];
    return [{ path, at: 'value', message: `"${reference.name}" may be no duration`, suggestion }];
  });
  if (references.length > 0 || typeof timeout !== 'string' || typeof deadline !== 'string') return problems;
  if ((parseDuration(timeout) ?? 0) <= (parseDuration(deadline) ?? Number.POSITIVE_INFINITY)) return problems;
  const message = `the time-out ${timeout} is longer than the whole run may take`;
  return [{ path, at: 'value', message, suggestion: `write at most ${deadline}` }];
}

function checkWhen(when: unknown, path: Path, params: Declared): Problem[] {
  const param = field(when, 'param');
  const equals = field(when, 'equals');
  if ((field(when, 'is') === undefined) === (equals === undefined)) {
    const message = '"when" takes either "is" or "equals"';
    return [{ path, at: 'key', message, suggestion: 'write "is: set", "is: unset" or "equals: <value>"' }];
  }
  if (typeof param !== 'string') return [];
  const spec = params.get(param);
  if (!params.has(param)) {
    const suggestion = didYouMean(param, params.keys());
    return [{ path: [...path, 'param'], at: 'value', message: `there is no parameter "${param}"`, suggestion }];
  }
  if (spec === undefined || equals === undefined) return [];
  const parsed = parseParameter(spec, String(equals));
  if (!('message' in parsed)) return [];
  const message = `"${param}" can never equal "${String(equals)}": it ${parsed.message}`;
  return [{ path: [...path, 'equals'], at: 'value', message, suggestion: parsed.suggestion ?? 'change the value' }];
}

/** Whether the parameter has a value in every run. */
function hasValue(spec: Parameter): boolean {
  return spec.required || spec.default !== undefined;
}

function field(value: unknown, name: string): unknown {
  return asRecord(value)[name];
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
