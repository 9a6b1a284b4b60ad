import type { JsonObject } from '../../slack/json.ts';
import { invalidInput } from '../api-error.ts';

const DEFAULT_LIMIT = 25;
const MOST = 100;
const FARTHEST = 10_000;

function readCount(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,6}$/.test(text)) throw invalidInput(`${name} must be a whole number`);
  return Number(text);
}

/** One page of results by `limit` and `offset`; `total` only where it is asked for. */
export function pageResults<T>(
  query: URLSearchParams,
  name: string,
  found: readonly T[],
  show: (entry: T) => JsonObject,
) {
  const limit = readCount(query, 'limit', DEFAULT_LIMIT);
  const offset = readCount(query, 'offset', 0);
  if (limit < 1 || limit > MOST) throw invalidInput(`limit must be from 1 to ${MOST}`);
  if (limit + offset > FARTHEST) throw invalidInput(`offset and limit together must not exceed ${FARTHEST}`);
  return {
    [name]: found.slice(offset, offset + limit).map(show),
    limit,
    offset,
    more: offset + limit < found.length,
    total: query.get('total') === 'true' ? found.length : null,
  };
}

/** The values of `name[]`. */
export const valuesOf = (query: URLSearchParams, name: string): string[] => query.getAll(`${name}[]`);

/** What is to be shown in full; anything that this operation cannot include is refused. */
export function readIncludes(query: URLSearchParams, known: readonly string[]): ReadonlySet<string> {
  const wanted = valuesOf(query, 'include');
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw invalidInput(`include[] cannot be ${unknown.join(', ')}`);
  return new Set(wanted);
}

/** A time as ISO 8601, in milliseconds. */
export function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw invalidInput(`${name} must be an ISO 8601 time`);
  return at;
}
