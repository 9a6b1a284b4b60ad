import { describe, expect, test } from 'vitest';
import { lastRuns, parseCron } from '../../src/domain/cron.ts';

/** A Sunday. */
const NOW = Date.parse('2026-03-15T10:30:00Z');

function runsOf(text: string, count = 2): string[] {
  const schedule = parseCron(text);
  if (schedule === undefined) throw new Error(`${text} is no schedule`);
  return lastRuns(schedule, NOW, count).map((ms) => new Date(ms).toISOString().slice(0, 16));
}

describe('when a schedule was due last', () => {
  test.each([
    ['0 3 * * *', ['2026-03-15T03:00', '2026-03-14T03:00']],
    ['0 11 * * *', ['2026-03-14T11:00', '2026-03-13T11:00']],
    ['*/15 * * * *', ['2026-03-15T10:30', '2026-03-15T10:15']],
    ['5/20 1,2 * * *', ['2026-03-15T02:45', '2026-03-15T02:25']],
    ['30 10 * * 1-5', ['2026-03-13T10:30', '2026-03-12T10:30']],
    ['0 4 * * SUN', ['2026-03-15T04:00', '2026-03-08T04:00']],
    ['0 4 * feb-mar mon', ['2026-03-09T04:00', '2026-03-02T04:00']],
    ['0 4 1 * *', ['2026-03-01T04:00', '2026-02-01T04:00']],
    // Either day will do where both are given.
    ['0 4 10 * sat', ['2026-03-14T04:00', '2026-03-10T04:00']],
    ['0 4 ? * 0', ['2026-03-15T04:00', '2026-03-08T04:00']],
    ['0 0 29 2 *', ['2024-02-29T00:00', '2020-02-29T00:00']],
    ['@daily', ['2026-03-15T00:00', '2026-03-14T00:00']],
    ['@weekly', ['2026-03-15T00:00', '2026-03-08T00:00']],
    ['@yearly', ['2026-01-01T00:00', '2025-01-01T00:00']],
    ['@every 6h', ['2026-03-15T04:30', '2026-03-14T22:30']],
    ['@every 1h30m', ['2026-03-15T09:00', '2026-03-15T07:30']],
    ['CRON_TZ=UTC 0 3 * * *', ['2026-03-15T03:00', '2026-03-14T03:00']],
  ])('%s', (text, expected) => {
    expect(runsOf(text)).toEqual(expected);
  });

  test('never: 31 February', () => {
    expect(runsOf('0 0 31 2 *')).toEqual([]);
  });

  test.each([
    ...['', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 7'],
    ...['5-1 * * * *', '*/0 * * * *', 'a * * * *', '1-2-3 * * * *', '1, * * * *', '@often', '@every', '@every 0s'],
    ...['CRON_TZ=Europe/Zurich 0 3 * * *', '-1 * * * *'],
  ])('"%s" is none', (text) => {
    expect(parseCron(text)).toBeUndefined();
  });
});
