import type { z } from 'zod';
import { keysAt } from './schema-keys.ts';
import { didYouMean } from './suggest.ts';

/** One thing wrong with a file or with what a person typed, and where. */
export interface Problem {
  /** Keys and list indexes from the root; what is missing has no node, so look at the nearest one above. */
  path: (string | number)[];
  /** Whether the path's last key itself is wrong, or what stands there. */
  at: 'key' | 'value';
  message: string;
  /** What to write instead, as a clause: `did you mean "steps"?`. */
  suggestion?: string | undefined;
}

export function renderProblem({ message, suggestion }: Problem): string {
  return suggestion === undefined ? message : `${message}; ${suggestion}`;
}

/** For use in a schema's `superRefine`: hands problems to zod so that `explainIssues` finds them again. */
export function addProblems(context: z.core.$RefinementCtx, problems: Problem[]): void {
  for (const { path, message, at, suggestion } of problems) {
    context.addIssue({ code: 'custom', path, message, params: { at, suggestion } });
  }
}

/** What zod found wrong with `value`, in words for the person who wrote it. */
export function explainIssues(schema: z.ZodType, value: unknown, issues: z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap((issue) => explainIssue(schema, value, issue));
}

function explainIssue(schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const found = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      at: 'key',
      message: `unknown key "${key}"`,
      suggestion: didYouMean(key, known),
    }));
  }
  if (issue.code === 'custom') return [explainCustom(path, issue)];
  if (found === undefined && path.length > 0) return [explainMissing(path, issue)];
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? 'must be another name';
    return [{ path, at: 'key', message: `the key "${String(path.at(-1))}" ${reason}` }];
  }
  return [{ path, at: 'value', ...explainValue(labelOf(path), found, issue) }];
}

function explainCustom(path: (string | number)[], issue: z.core.$ZodIssueCustom): Problem {
  const { at, suggestion } = issue.params ?? {};
  return {
    path,
    at: at === 'key' ? 'key' : 'value',
    message: issue.message.startsWith('must ') ? `${labelOf(path)} ${issue.message}` : issue.message,
    suggestion: typeof suggestion === 'string' ? suggestion : undefined,
  };
}

function explainMissing(path: (string | number)[], issue: z.core.$ZodIssue): Problem {
  const wanted = issue.code === 'invalid_type' ? TYPE_NAMES[issue.expected] : undefined;
  const choices = issue.code === 'invalid_value' ? `one of ${issue.values.map(String).join(', ')}` : undefined;
  return {
    path,
    at: 'key',
    message: `${labelOf(path)} is missing`,
    suggestion: `add "${String(path.at(-1))}:" with ${wanted ?? choices ?? 'a value'}`,
  };
}

function explainValue(label: string, found: unknown, issue: z.core.$ZodIssue) {
  if (issue.code === 'invalid_type') {
    if (issue.message.startsWith('must ')) return { message: `${label} ${issue.message}, not ${describeValue(found)}` };
    const expected = TYPE_NAMES[issue.expected] ?? issue.expected;
    const asText = issue.expected === 'string' && (typeof found === 'number' || typeof found === 'boolean');
    const suggestion = asText ? `quote it: "${found}"` : undefined;
    return { message: `${label} must be ${expected}, not ${describeValue(found)}`, suggestion };
  }
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String);
    return {
      message: `${label} cannot be ${describeValue(found)}`,
      suggestion: didYouMean(typeof found === 'object' ? '' : String(found), choices),
    };
  }
  return { message: `${label} ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}` };
}

const TYPE_NAMES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : `the ${typeof value} ${String(value)}`;
}

/** `"timeout"`, `"steps[2]"`, or `the file` at the root. */
function labelOf(path: (string | number)[]): string {
  const names = path.filter((key) => typeof key === 'string');
  const last = names.at(-1);
  if (last === undefined) return path.length === 0 ? 'the file' : `item ${Number(path[0]) + 1}`;
  return `"${last}${path
    .slice(path.lastIndexOf(last) + 1)
    .map((index) => `[${index}]`)
    .join('')}"`;
}

/** What stands at `path`; undefined where there is nothing. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}
