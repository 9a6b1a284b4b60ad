import { expect, test } from 'vitest';
import { didYouMean, suggest } from '../../src/domain/suggest.ts';

const COMMANDS = [
  'restore',
  'restart',
  'rollback',
  'role',
  'runs',
  'runbooks',
  'run',
  'scale',
  'status',
  'approve',
  'abort',
];

test.each<[string, string | undefined]>([
  ['restroe', 'restore'],
  ['restor', 'restore'],
  ['RESTORE', 'restore'],
  [' restore ', 'restore'],
  ['aprove', 'approve'],
  ['statsu', 'status'],
  ['runbok', 'runbooks'],
  ['runb', 'runbooks'],
  ['run', 'run'],
  ['rol', 'role'],
  ['ro', 'role'],
  ['scael', 'scale'],
  ['x', undefined],
  ['up', undefined],
  ['delete', undefined],
  ['', undefined],
])('suggest(%j) is %j', (word, nearest) => {
  expect(suggest(word, COMMANDS)).toBe(nearest);
});

test('a swap of neighbours is one edit, which short words are allowed', () => {
  expect(suggest('slae', ['sale'])).toBe('sale');
  expect(suggest('elas', ['sale'])).toBeUndefined();
});

test('a prefix goes before a single edit', () => {
  expect(suggest('name', ['nam', 'namespace'])).toBe('namespace');
});

test('the first of two that are equally near is taken', () => {
  expect(suggest('bat', ['cat', 'hat'])).toBe('cat');
});

test('didYouMean names the nearest, else what there is, else that there is nothing', () => {
  expect(didYouMean('stepz', ['steps', 'title'])).toBe('did you mean "steps"?');
  expect(didYouMean('zzz', ['steps', 'title'])).toBe('there is: steps, title');
  expect(didYouMean('zzz', [])).toBe('there are none to choose from');
  expect(
    didYouMean(
      'zzz',
      Array.from({ length: 14 }, (_, i) => `a${i}`),
    ),
  ).toMatch(/a11, and 2 more$/);
});
