import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Received } from '../../src/domain/alert.ts';
import { bodiesFor } from './arbitrary-bodies.ts';
import { sources, webhookOf } from './webhooks.ts';

test.each([...sources])(
  '%s: 10,000 bodies: none throws, each is refused with a reason or fits the inbox',
  (name, { parse }) => {
    fc.assert(
      fc.property(bodiesFor(name), (sent) => {
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
