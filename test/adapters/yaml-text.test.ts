// biome-ignore-all lint/suspicious/noTemplateCurlyInString: runbooks are written so
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/adapters/yaml-text.ts';

const LOOK = 'look for a missing quote, colon or indentation before it';

/** The text, and its problems. */
// biome-ignore format: one broken text a line
const BROKEN: [string, string, ...string[]][] = [
  ['nothing', '', '1:1 the file is empty; write what it is for, or remove it'],
  ['comments only', '# later\n', '1:1 the file is empty; write what it is for, or remove it'],
  ['a reference in braces', 'a: b\nt: { namespace: ${namespace} }', '2:18 this is not YAML (Unexpected flow-map-start at node end); quote references inside { }: "${name}"'],
  ['a tab', 'a:\n\t- b', '2:1 this is not YAML (Tabs are not allowed as indentation); indent with spaces'],
  ['an open quote', 'a: "x\nb: y\n', '3:1 this is not YAML (Missing closing "quote); close what was opened'],
  ['an open list', 'a: [1, 2\nb: 3', '2:1 this is not YAML (Flow sequence in block collection must be sufficiently indented and end with a ]); line it up with its neighbours'],
  ['bad indentation', 's:\n  - id: a\n   uses: b\n', `3:1 this is not YAML (Sequence item without - indicator); ${LOOK}`],
  ['a colon in a value', 'a: b: c', '1:4 this is not YAML (Nested mappings are not allowed in compact mappings); quote the value if it holds ": "'],
  ['an @ at the start', 'a: @x', '1:4 this is not YAML (Plain value cannot start with reserved character @); quote the value'],
  ['two documents', 'a: 1\n---\nb: 2', '2:1 this is not YAML (Source contains multiple documents); keep one document in the file'],
  ['a key twice', 'a: 1\nb: 2\n"a": 3\n', '3:1 the key "a" is there twice; remove one'],
  ['a tag', 'a: !js x', '1:4 unresolved tag: !js; remove it'],
  ['an alias', 'a: &x 1\nb: *x', '2:4 the alias *x is not taken; write the value out'],
  ['an alias to itself', 'a: &a [*a]', '1:8 the alias *a is not taken; write the value out'],
  ['a key that is a list', '? [a]\n: b', '1:3 a key must be a word; write "key: value"'],
  ['a leading zero', 'a: 012', '1:4 012 is read as the number 12; write 12, or quote it: "012"'],
  ['a version', 'a: [1.10]', '1:5 1.10 is read as the number 1.1; write 1.1, or quote it: "1.10"'],
  ['an exponent', 'a: 1e3', '1:4 1e3 is read as the number 1000; write 1000, or quote it: "1e3"'],
  ['a hexadecimal number', 'a: 0x1F', '1:4 0x1F is read as the number 31; write 31, or quote it: "0x1F"'],
  ['a number as a key', '007: x', '1:1 007 is read as the number 7; write 7, or quote it: "007"'],
  ['more digits than fit', 'a: 12345678901234567890', '1:4 12345678901234567890 is read as the number 12345678901234567000; write 12345678901234567000, or quote it: "12345678901234567890"'],
];

const show = (text: string) =>
  parseYaml(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

test.each(BROKEN)('%s', (_, text, ...lines) => {
  expect(show(text)).toEqual(lines);
});

describe('what would be costly', () => {
  test('an alias bomb is refused at its aliases', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`);
    expect(show(['a0: &a0 x', ...levels].join('\n'))[0]).toBe('2:10 the alias *a0 is not taken; write the value out');
  });

  test.each([40, 5_000, 120_000])('%d levels are too deep', (depth) => {
    expect(show(`a: ${'['.repeat(depth)}${']'.repeat(depth)}\n`)).toEqual([
      expect.stringMatching(/^1:\d+ this is nested deeper than 32 levels; flatten it$/),
    ]);
  });

  test('30 levels are not', () => {
    expect(show(`a: ${'['.repeat(30)}${']'.repeat(30)}\n`)).toEqual([]);
  });
});

describe('what is fine', () => {
  test.each<[string, unknown]>([
    ['a: no\nb: true\nc: ~\nd: 8080\ne: -1.5\nf: "012"', { a: 'no', b: true, c: null, d: 8080, e: -1.5, f: '012' }],
    ['%YAML 1.1\n---\na: no\nb: yes', { a: 'no', b: 'yes' }],
    ['\uFEFFa: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['<<: { a: 1 }', { '<<': { a: 1 } }],
    ['at: 2025-01-07', { at: '2025-01-07' }],
  ])('%j', (text, value) => {
    expect(parseYaml(text)).toMatchObject({ value, problems: [] });
  });

  test('a key named __proto__ is a key', () => {
    expect(Object.keys(parseYaml('__proto__: { a: 1 }').value as object)).toEqual(['__proto__']);
  });
});

test('locate: the key, the value, or the nearest node above', () => {
  const { locate } = parseYaml('a: 1\nb:\n  - c: x\n    d:\n  - e: 2\n');
  expect(locate({ path: ['a'], at: 'value' })).toEqual({ line: 1, column: 4 });
  expect(locate({ path: ['b', 0, 'c'], at: 'value' })).toEqual({ line: 3, column: 8 });
  expect(locate({ path: ['b', 0, 'd'], at: 'key' })).toEqual({ line: 4, column: 5 });
  expect(locate({ path: ['b', 1, 'missing', 'deeper'], at: 'value' })).toEqual({ line: 5, column: 5 });
  expect(locate({ path: ['b', 7], at: 'value' })).toEqual({ line: 3, column: 3 });
  expect(locate({ path: [], at: 'value' })).toEqual({ line: 1, column: 1 });
});
