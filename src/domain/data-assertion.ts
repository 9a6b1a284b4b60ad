import { z } from 'zod';
import { DurationText } from './duration.ts';
import { NamespaceName, ServiceName } from './names.ts';
import type { Problem } from './problem.ts';

/** What an answer may be held against; an assertion has exactly one of them. */
const EXPECTATIONS = ['atLeast', 'newerThan', 'equals'] as const;

const text = z.string().trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters');

/** What restored data must answer when a service is asked for it: one GET, one value, one expectation. */
export const DataAssertion = z.strictObject({
  /** What is asserted, in words. */
  name: text.max(80, 'must have at most 80 characters'),
  /** Left out: in any namespace that the runbook is used for. */
  namespace: NamespaceName.optional(),
  service: ServiceName,
  port: z.int().min(1, 'must be at least 1').max(65_535, 'must be at most 65535'),
  /** With the query, if there is one. What follows a `#` would never be sent. */
  path: z
    .string()
    .regex(/^\/[^\s#]*$/, 'must begin with "/" and hold no spaces and no "#" (write %20 and %23)')
    .max(2_000, 'must have at most 2000 characters'),
  /** The answer is a number, and at least this one. */
  atLeast: z.number().optional(),
  /** The answer is a time (seconds since 1970, or ISO 8601 with its zone), and that long before the request at most. */
  newerThan: DurationText.optional(),
  /** The answer is this text. */
  equals: text.optional(),
});
export type DataAssertion = z.infer<typeof DataAssertion>;

/** What no field can tell by itself; works on anything, as runbook-rules.ts does. */
export function checkDataAssertions(entries: readonly unknown[]): Problem[] {
  return entries.flatMap((entry, index) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
    return [...checkExpectations(entry, ['data', index]), ...checkName(entry, index, entries)];
  });
}

function checkExpectations(entry: object, path: Problem['path']): Problem[] {
  const given = EXPECTATIONS.filter((key) => Object.hasOwn(entry, key));
  if (given.length === 1) return [];
  if (given.length > 1) {
    const message = `an assertion expects one thing, not ${given.map((key) => `"${key}"`).join(' and ')}`;
    return [{ path, at: 'key', message, suggestion: 'make one assertion of each' }];
  }
  const suggestion = 'add "atLeast: <number>", "newerThan: <duration>" or "equals: <text>"';
  return [{ path, at: 'key', message: 'this assertion expects nothing, so it would prove nothing', suggestion }];
}

/** The report knows an assertion by its name. */
function checkName(entry: object, index: number, entries: readonly unknown[]): Problem[] {
  const nameOf = (it: unknown) => (typeof it === 'object' && it !== null && 'name' in it ? it.name : undefined);
  const name = nameOf(entry);
  const first = entries.findIndex((it) => nameOf(it) === name);
  if (typeof name !== 'string' || first === index) return [];
  const message = `the name "${name}" belongs to assertion ${first + 1} already`;
  return [{ path: ['data', index, 'name'], at: 'value', message, suggestion: 'give every assertion its own name' }];
}
