import { expect, test } from 'vitest';
import { formatTime, parsePastTime, parseTime } from '../../src/domain/moment.ts';

const NOW = Date.parse('2026-03-01T03:30:20Z');
const shown = (text: string) => {
  const moment = parsePastTime(text, NOW);
  return 'ms' in moment ? formatTime(moment.ms) : moment.message;
};

test.each([
  ['2026-02-28T03:04:05Z', '2026-02-28T03:04:05Z'],
  ['2026-02-28T03:04Z', '2026-02-28T03:04:00Z'],
  ['2026-02-28T03:04:05.678Z', '2026-02-28T03:04:05Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ['03:30', '2026-03-01T03:30:00Z'],
  ['03:31', '2026-02-28T03:31:00Z'],
  ['23:59', '2026-02-28T23:59:00Z'],
  ['00:00', '2026-03-01T00:00:00Z'],
])('%s is %s', (text, time) => {
  expect(shown(text)).toBe(time);
});

test.each([
  ['2026-13-01T00:00:00Z', 'a month from 01 to 12 at character 6'],
  ['2026-02-29T00:00:00Z', 'a day that this month has at character 9'],
  ['2026-02-31T00:00Z', 'a day that this month has at character 9'],
  ['2026-02-28 03:04:05Z', '"T" at character 11'],
  ['2026-02-28T24:00:00Z', 'an hour from 00 to 23 at character 12'],
  ['2026-02-28T03:04:60Z', 'seconds, or "Z" for UTC at character 17'],
  ['2026-02-28T03:04:05+01:00', 'seconds, or "Z" for UTC at character 17'],
  ['2026-02-28T03:04:05Zulu', 'nothing more at character 21'],
  ['yesterday', 'a year of four digits at character 1'],
  ['7:04', 'an hour from 00 to 23 at character 1'],
  ['25:00', 'an hour from 00 to 23 at character 1'],
  ['03:61', 'a minute from 00 to 59 at character 4'],
  ['03:04:05', 'nothing more at character 6'],
  ['', 'an hour from 00 to 23 at character 1'],
])('"%s" is refused with the place and an example', (text, sentence) => {
  expect(shown(text)).toContain(`must have ${sentence}, such as `);
  expect(shown(text)).toContain('2026-01-31T03:04:00Z');
});

test('the future is refused, and told what time it is', () => {
  expect(shown('2026-03-01T03:30:21Z')).toBe(
    'must have passed: it is 2026-03-01T03:30:20Z now. Such as 2026-03-01T02:30:20Z',
  );
  expect(parseTime('2026-03-01T03:30:21Z')).toEqual({ ms: NOW + 1_000 });
});
