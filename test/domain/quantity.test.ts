import { expect, test } from 'vitest';
import { parseQuantity } from '../../src/domain/quantity.ts';

test.each<[string | number, number | undefined]>([
  ['0', 0],
  ['20', 20],
  [4, 4],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['500m', 0.5],
  ['2k', 2_000],
  ['1M', 1e6],
  ['1G', 1e9],
  ['1Ki', 1_024],
  ['512Mi', 536_870_912],
  ['2Gi', 2_147_483_648],
  ['1e3', 1_000],
  ['1E3', 1_000],
  ['12E-1', 1.2],
  ['1E', 1e18],
  ['-1', -1],
  ['', undefined],
  ['Gi', undefined],
  ['1 Gi', undefined],
  ['1K', undefined],
  ['1Gb', undefined],
  ['1e3Ki', undefined],
  ['ten', undefined],
])('parseQuantity(%j) is %j', (text, value) => {
  const parsed = parseQuantity(text);
  if (value === undefined) expect(parsed).toBeUndefined();
  else expect(parsed).toBeCloseTo(value, 6);
});
