import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Received } from '../../src/domain/alert.ts';
import { recorded, sourceOf, webhookOf } from './webhooks.ts';

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

test.each(Object.entries(FILES))(
  '%s: 10,000 bodies: none throws, each is refused with a reason or fits the inbox',
  (name, files) => {
    const body = fc.oneof(
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
      { weight: 1, arbitrary: fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)) },
      { weight: 8, arbitrary: fc.oneof(...files.map(mutated)) },
    );
    const { parse } = sourceOf(name);
    fc.assert(
      fc.property(body, (sent) => {
        const parsed = parse(webhookOf(sent));
        if ('why' in parsed) {
          expect(parsed.status).toBe(400);
          expect(parsed.why.length).toBeGreaterThan(5);
          expect(parsed.why.length).toBeLessThan(4_000);
        } else for (const { item } of parsed.items) expect(Received.safeParse(item).error).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
  },
  120_000,
);
