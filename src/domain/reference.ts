import type { Params, ParamValue } from './parameter.ts';
import type { Json } from './plan.ts';

/** References to a runbook's parameters: `${name}` in texts. They are filled in once; a value is never looked into again. */

const REFERENCE = /\$\{([^{}]*)\}/g;

export interface Reference {
  /** Of the text that holds it. */
  path: (string | number)[];
  name: string;
  /** True where the text is nothing but the reference: the value then keeps its type. */
  whole: boolean;
  closed: boolean;
}

/** All references in a value, at any depth. An unclosed `${` refers to the rest of its text. */
export function findReferences(value: unknown, path: (string | number)[] = []): Reference[] {
  if (typeof value === 'string') return referencesIn(value, path);
  if (Array.isArray(value)) return value.flatMap((item, index) => findReferences(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => findReferences(inner, [...path, key]));
}

function referencesIn(text: string, path: (string | number)[]): Reference[] {
  const found: Reference[] = [];
  for (const [match, name] of text.matchAll(REFERENCE)) {
    found.push({ path, name: name ?? '', whole: match === text, closed: true });
  }
  const rest = text.replace(REFERENCE, '');
  const unclosed = rest.indexOf('${');
  if (unclosed >= 0) found.push({ path, name: rest.slice(unclosed + 2), whole: false, closed: false });
  return found;
}

/**
 * The value with every reference filled in. A reference to a parameter without a value takes its key, or its place in a
 * list, away; a whole value that comes to nothing is undefined.
 */
export function fillReferences(value: Json, params: Params): Json | undefined {
  if (typeof value === 'string') return fillText(value, params);
  if (Array.isArray(value))
    return value.map((item) => fillReferences(item, params)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const filled: [string, Json][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const kept = fillReferences(inner, params);
    if (kept !== undefined) filled.push([key, kept]);
  }
  return Object.fromEntries(filled);
}

function fillText(text: string, params: Params): ParamValue | undefined {
  const references = referencesIn(text, []);
  const values = references.map(({ name }) => (Object.hasOwn(params, name) ? params[name] : undefined));
  if (references[0]?.whole) return values[0];
  if (values.includes(undefined)) return undefined;
  let next = 0;
  return text.replace(REFERENCE, () => String(values[next++]));
}
