import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteToken, tokenize } from '../../src/domain/command-line.ts';

describe('tokenize splits', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['white space only', ' \t\n ', []],
    ['plain words', 'restore namespace data-processing', ['restore', 'namespace', 'data-processing']],
    ['runs of spaces, tabs and line ends', '  a \t b\r\nc ', ['a', 'b', 'c']],
    ['NBSP and other wide spaces', 'a\u00A0b\u3000c\u2009d', ['a', 'b', 'c', 'd']],
    ['double quotes', 'note "two words"', ['note', 'two words']],
    ['single quotes', "note 'two words'", ['note', 'two words']],
    ['curly double quotes', 'note “two words”', ['note', 'two words']],
    ['German quotes', 'note „two words“', ['note', 'two words']],
    ['Swedish quotes', 'note ”two words”', ['note', 'two words']],
    ['curly single quotes', 'note ‘two words’', ['note', 'two words']],
    ['guillemets', 'note «two words» »so too«', ['note', 'two words', 'so too']],
    ['an empty quoted word', 'a "" b', ['a', '', 'b']],
    ['a quote after =', '--title="two words" -m=‘x y’', ['--title=two words', '-m=x y']],
    ['the other quotes inside quotes', `"it's" 'say "hi"' "a “b” c"`, ["it's", 'say "hi"', 'a “b” c']],
    ['escapes in double quotes', '"a \\"b\\" \\\\c"', ['a "b" \\c']],
    ['a backslash before anything else', '"C:\\new" C:\\new', ['C:\\new', 'C:\\new']],
    ['no escapes in single quotes', "'a\\'", ['a\\']],
    ['an apostrophe in a word', "it's don’t", ["it's", 'don’t']],
    ['an apostrophe in curly single quotes', '‘it’s down’', ['it’s down']],
    ['an em dash that was --', 'plan —dry-run', ['plan', '--dry-run']],
    ['an en dash that was --', 'plan –dry-run', ['plan', '--dry-run']],
    ['an em dash and a hyphen', 'plan —-dry-run', ['plan', '--dry-run']],
    ['a long dash before a quoted value', '—title="x y"', ['--title=x y']],
    ['a long dash that stands alone', 'db — down', ['db', '—', 'down']],
    ['a long dash before a digit or inside a word', '—5 a—b', ['—5', 'a—b']],
    ['a quoted long dash, which stays', '"—dry-run"', ['—dry-run']],
    ['zero-width characters', 'da\u200Bta \uFEFF"pro\u200Bc" \u2060', ['data', 'proc']],
    ['a zero-width character before a long dash', '\u200B—dry-run', ['--dry-run']],
    ['an emoji that needs its joiner, in quotes', '"👩‍🚒 here"', ['👩‍🚒 here']],
  ])('%s', (_, text, tokens) => {
    expect(tokenize(text)).toEqual({ tokens });
  });
});

describe('tokenize refuses', () => {
  test.each<[string, string, RegExp, number]>([
    ['an open double quote', 'note "two words', /never closed/, 5],
    ['an open single quote', "note 'two", /never closed/, 5],
    ['an open curly quote', 'note “two', /never closed/, 5],
    ['a curly quote closed by a straight one', 'note “two"', /never closed/, 5],
    ['a straight quote closed by a curly one', 'note "two”', /never closed/, 5],
    ['an escaped last quote', '"a\\"', /never closed/, 0],
    ['text right after a closing quote', 'a "b"c', /space is missing/, 5],
    ['two quotes side by side', '"a""b"', /space is missing/, 3],
    ['a quote in the middle of a word', 'ab"c"', /middle of a word/, 2],
    ['a NUL', 'a\u0000b', /control character \(U\+0000\)/, 1],
    ['an escape sequence', 'a \u001B[2J', /control character \(U\+001B\)/, 2],
    ['a right-to-left override', 'a\u202Eb', /control character \(U\+202E\)/, 1],
    ['a C1 control in quotes', '"a\u0085"', /control character \(U\+0085\)/, 2],
    ['more than 2,000 characters', 'x'.repeat(2_001), /longer than 2000/, 2_000],
  ])('%s', (_, text, problem, at) => {
    expect(tokenize(text)).toEqual({ problem: expect.stringMatching(problem), at });
  });

  test('but takes exactly 2,000 characters', () => {
    expect(tokenize('x'.repeat(2_000))).toEqual({ tokens: ['x'.repeat(2_000)] });
  });
});

/** Tokens made of what is awkward, and of anything else but control characters. */
const awkward = fc.constantFrom(
  ...[
    '"',
    "'",
    '“',
    '”',
    '„',
    '‘',
    '’',
    '«',
    '»',
    '\\',
    '—',
    '–',
    '-',
    '=',
    ' ',
    '\u00A0',
    '\n',
    '\t',
    '\u200B',
    '\uFEFF',
    '\u200D',
    'a',
    'é',
    '漢',
  ],
);
const token = fc
  .string({ unit: fc.oneof(awkward, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), maxLength: 20 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out
  .filter((text) => !/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/.test(text));

test('quoteToken is the inverse of tokenize', () => {
  fc.assert(
    fc.property(fc.array(token, { maxLength: 8 }), (tokens) => {
      expect(tokenize(tokens.map(quoteToken).join(' '))).toEqual({ tokens });
    }),
    { numRuns: 2_000 },
  );
});

test('tokenize answers for any text at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const result = tokenize(text);
      expect('tokens' in result || result.at < text.length).toBe(true);
    }),
  );
});

test('quoteToken leaves plain words as they are', () => {
  expect(['data-processing', '--from', 'a=b', 'x:y/z.1@2%', ''].map(quoteToken)).toEqual([
    'data-processing',
    '--from',
    'a=b',
    'x:y/z.1@2%',
    '""',
  ]);
});
