import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DurationText, durationMs, formatDuration, parseDuration } from '../../src/domain/duration.ts';

test.each<[string, number | undefined]>([
  ['90s', 90_000],
  ['15m', 900_000],
  ['1h30m', 5_400_000],
  ['1h', 3_600_000],
  ['1d2h3m4s', 93_784_000],
  ['7d', 604_800_000],
  ['7d1s', undefined],
  ['999999h', undefined],
  ['0s', undefined],
  ['', undefined],
  ['90', undefined],
  ['30m1h', undefined],
  ['1.5h', undefined],
  ['-1m', undefined],
  ['15 m', undefined],
  ['15M', undefined],
  ['500ms', undefined],
])('parseDuration(%j) is %j', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each<[number, string]>([
  [0, '0 s'],
  [-5, '0 s'],
  [999, 'under 1 s'],
  [1_000, '1 s'],
  [90_000, '1 min 30 s'],
  [900_000, '15 min'],
  [3_600_000, '1 h'],
  [3_605_999, '1 h 5 s'],
  [93_784_000, '1 d 2 h 3 min 4 s'],
])('formatDuration(%j) is %j', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('what formatDuration says of whole seconds can be read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 604_800 }), (seconds) => {
      const short = formatDuration(seconds * 1_000)
        .replaceAll(' ', '')
        .replace('min', 'm');
      expect(parseDuration(short)).toBe(seconds * 1_000);
    }),
  );
});

test('DurationText keeps the text; durationMs refuses what never passed it', () => {
  expect(DurationText.parse('15m')).toBe('15m');
  expect(DurationText.safeParse(15).error?.issues[0]?.message).toMatch(/must be a duration/);
  expect(durationMs('15m')).toBe(900_000);
  expect(() => durationMs('soon')).toThrow(RangeError);
});
