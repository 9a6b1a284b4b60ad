import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashJson } from '../../src/domain/digest.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('hashes the canonical text', () => {
  expect(hashJson({ b: [1, 'x', null], a: { d: true, c: undefined } })).toBe(
    sha256('{"a":{"d":true},"b":[1,"x",null]}'),
  );
});

test('the order of keys does not matter', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(hashJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(hashJson(value));
    }),
  );
});

test('the order of lists and the types of values do', () => {
  const hashes = [[1, 2], [2, 1], ['1', 2], [1, 2, null], { 0: 1, 1: 2 }, '[1,2]'].map(hashJson);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], [10n], [() => 1], [[undefined]], [Symbol('x')]])(
  'refuses %s',
  (value) => {
    expect(() => hashJson(value)).toThrow(TypeError);
  },
);
