import { expect, test } from 'vitest';
import { LabelSelector, mayMatch } from '../../src/domain/label-selector.ts';

const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

/** What is expected of `{ team: 'a' }`, and of the same where labels may be missing from what we know. */
test.each<[LabelSelector | undefined, boolean, boolean]>([
  [undefined, true, true],
  [{}, true, true],
  [{ matchLabels: { team: 'a' } }, true, true],
  [{ matchLabels: { team: 'b' } }, false, false],
  [{ matchLabels: { team: 'a', env: 'x' } }, false, true],
  [expression('team', 'In', 'a', 'b'), true, true],
  [expression('team', 'In', 'b'), false, false],
  [expression('env', 'In', 'b'), false, true],
  [expression('team', 'NotIn', 'a'), false, false],
  [expression('env', 'NotIn', 'a'), true, true],
  [expression('team', 'Exists'), true, true],
  [expression('env', 'Exists'), false, true],
  [expression('team', 'DoesNotExist'), false, false],
  [expression('env', 'DoesNotExist'), true, true],
  [expression('team', 'Resembles', 'b'), true, true],
])('%j fits: %j, may fit: %j', (selector, known, partial) => {
  expect(mayMatch(selector, { team: 'a' })).toBe(known);
  expect(mayMatch(selector, { team: 'a' }, true)).toBe(partial);
});

test('a selector is read as the API writes it', () => {
  expect(LabelSelector.safeParse({ matchLabels: null, matchExpressions: null }).success).toBe(true);
});
