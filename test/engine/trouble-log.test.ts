import { expect, test } from 'vitest';
import { createTroubleLog } from '../../src/engine/trouble-log.ts';

test('trouble is said once while it lasts, each kind by itself, and again when it comes back', () => {
  const said: string[] = [];
  const write = (facts: object) => {
    if ('error' in facts) said.push(String(facts.error));
  };
  let now = 0;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const tell = createTroubleLog({ info: write, warn: write, error: write }, clock, 'trouble');
  for (; now < 60_000; now += 1_000) {
    tell(new Error('refused'));
    tell(new Error('reset'));
  }
  expect(said).toEqual(['refused', 'reset']);
  now += 20_000;
  tell(new Error('refused'));
  expect(said).toEqual(['refused', 'reset', 'refused']);
});
