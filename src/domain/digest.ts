import { createHash } from 'node:crypto';

/**
 * sha256 (64 hex digits) of a JSON value's canonical text: keys sorted, no white space, keys without a value left out. Two
 * values that differ only in the order of their keys have the same hash.
 * @throws TypeError for what JSON cannot hold: functions, bigints, NaN, infinities, undefined in a list
 */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(renderCanonical(value)).digest('hex');
}

/** JSON with sorted keys (by UTF-16 code unit, as RFC 8785 section 3.2.3). */
function renderCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderCanonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${renderCanonical(inner)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is no JSON value`);
  const text = typeof value === 'bigint' ? undefined : JSON.stringify(value);
  if (text === undefined) throw new TypeError(`a ${typeof value} is no JSON value`);
  return text;
}
