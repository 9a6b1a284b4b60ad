import fc from 'fast-check';
import { recorded } from './webhooks.ts';

/** The recorded payloads of each source. */
const FILES: Record<string, string[]> = {
  alertmanager: ['alertmanager-firing', 'alertmanager-resolved'],
  pagerduty: ['pagerduty-triggered', 'pagerduty-acknowledged-ours', 'pagerduty-annotated'],
  generic: ['generic-firing'],
};

/** A recorded payload with one thing in it replaced by anything. */
function mutated(file: string): fc.Arbitrary<Buffer> {
  const text = recorded(file).toString();
  const payload: unknown = JSON.parse(text);
  const paths = listPaths(payload);
  const replaced = fc
    .tuple(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }))
    .map(([path, value]) => Buffer.from(JSON.stringify(replaceAt(payload, path, value))));
  const cut = fc.nat(text.length).map((at) => Buffer.from(text.slice(0, at)));
  const spoilt = fc.tuple(fc.nat(text.length - 1), fc.nat(255)).map(([at, byte]) => {
    const bytes = Buffer.from(text);
    bytes[at] = byte;
    return bytes;
  });
  return fc.oneof(replaced, replaced, cut, spoilt);
}

function listPaths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => listPaths(inner, [...path, key]))];
}

function replaceAt(value: unknown, [first, ...rest]: string[], by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value))
    return value.map((inner, at) => (String(at) === first ? replaceAt(inner, rest, by) : inner));
  return { ...(value as object), [first]: replaceAt(Reflect.get(value as object, first), rest, by) };
}

/** Bodies for this source: noise, any JSON, and mostly what was recorded with one thing in it spoilt. */
export function bodiesFor(source: string): fc.Arbitrary<Buffer> {
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
  const spoilt = fc.oneof(...(FILES[source] ?? []).map(mutated));
  return fc.oneof({ weight: 1, arbitrary: noise }, { weight: 1, arbitrary: json }, { weight: 8, arbitrary: spoilt });
}
