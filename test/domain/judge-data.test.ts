import { describe, expect, test } from 'vitest';
import type { DataAssertion } from '../../src/domain/data-assertion.ts';
import { judgeAnswer } from '../../src/domain/judge-data.ts';

const REQUESTED = Date.parse('2026-01-31T03:04:00Z');
const TIMES = { requestedAt: REQUESTED, now: REQUESTED + 120_000 };
type Expectation = Pick<DataAssertion, 'atLeast' | 'newerThan' | 'equals'>;

function judge(expectation: Expectation, body: string, status = 200) {
  const assertion = { name: 'ticks', service: 'clickhouse', port: 8123, path: '/', ...expectation };
  return judgeAnswer(assertion, { status, body }, TIMES);
}

describe('an answer that holds', () => {
  test.each<[Expectation, string, string]>([
    [{ atLeast: 3 }, '3\n', '3, at least 3'],
    [{ atLeast: 3 }, ' 1482060 ', '1482060, at least 3'],
    [{ atLeast: -0.5 }, '-0.25', '-0.25, at least -0.5'],
    [{ atLeast: 10 }, '1e3', '1e3, at least 10'],
    [{ newerThan: '26h' }, '1769745840', '2026-01-30T04:04:00Z, 23 h before the request, within 26h'],
    [{ newerThan: '26h' }, '1769738640.123\n', '2026-01-30T02:04:00Z, 1 d 59 min 59 s before the request, within 26h'],
    [{ newerThan: '1h' }, '2026-01-31T02:04:00Z', '2026-01-31T02:04:00Z, 1 h before the request, within 1h'],
    [
      { newerThan: '1h' },
      '2026-01-31 03:34:00.5+01:00',
      '2026-01-31T02:34:00Z, 29 min 59 s before the request, within 1h',
    ],
    [{ newerThan: '1h' }, '2026-01-31T03:34+0100', '2026-01-31T02:34:00Z, 30 min before the request, within 1h'],
    [{ newerThan: '1h' }, '2026-01-31T03:05:00Z', '2026-01-31T03:05:00Z, after the request, within 1h'],
    [{ equals: 'v7' }, 'v7\n', '"v7"'],
  ])('%j, %j', (expectation, body, detail) => {
    expect(judge(expectation, body)).toEqual({ name: 'data "ticks"', verdict: 'pass', detail });
  });
});

describe('an answer that does not hold', () => {
  test.each<[Expectation, string, string]>([
    [{ atLeast: 3 }, '2', '2, fewer than the 3 it must be at least'],
    [{ atLeast: 3 }, '0', '0, fewer than'],
    [{ newerThan: '26h' }, '1769734800', '1 d 2 h 4 min before the request: older than 26h'],
    [{ newerThan: '26h' }, '0', '1970-01-01T00:00:00Z, '],
    [{ newerThan: '26h' }, '4294967295', '2106-02-07T06:28:15Z has not come yet'],
    [{ equals: 'v7' }, 'v70', '"v70", not "v7"'],
    [{ equals: 'v7' }, '', 'nothing, not "v7"'],
    [{}, '1', 'nothing is expected of it'],
  ])('%j, %j', (expectation, body, detail) => {
    expect(judge(expectation, body)).toMatchObject({ verdict: 'fail', detail: expect.stringContaining(detail) });
  });
});

describe('an answer that cannot be read fails', () => {
  test.each(['', 'NaN', 'Infinity', '1e999', '0x10', '1,000', '12 rows', '"12"', '1\n2', '<html>12</html>'])(
    'no number: %j',
    (body) => {
      expect(judge({ atLeast: 1 }, body)).toMatchObject({
        verdict: 'fail',
        detail: expect.stringContaining('the answer is no number: '),
      });
    },
  );

  test.each(['', '-1', '1769742240000', '2026-01-31 03:00:00', '2026-01-31', '2026-13-01T00:00:00Z', 'yesterday'])(
    'no time: %j',
    (body) => {
      expect(judge({ newerThan: '26h' }, body)).toMatchObject({
        verdict: 'fail',
        detail: expect.stringContaining('the answer is no time, '),
      });
    },
  );

  test.each([201, 204, 301, 401, 404, 500, 503])('HTTP %d, whatever its body says', (status) => {
    expect(judge({ atLeast: 1 }, '12', status)).toMatchObject({ verdict: 'fail', detail: `HTTP ${status}: "12"` });
  });

  test("the API server's own answer is told by its message", () => {
    const body = JSON.stringify({ kind: 'Status', message: 'no endpoints available for service "clickhouse"' });
    expect(judge({ atLeast: 1 }, body, 503).detail).toBe('HTTP 503: "no endpoints available for service "clickhouse""');
    expect(judge({ atLeast: 1 }, 'null', 503).detail).toBe('HTTP 503: "null"');
  });

  test('it is shown short, and on one line', () => {
    const { detail } = judge({ atLeast: 1 }, `<html>\n\u001b[2J\u2028${'x'.repeat(4_000)}`);
    expect(detail).toMatch(/^the answer is no number: "<html> \[2J x+\.\.\."$/);
    expect(detail.length).toBeLessThan(120);
  });
});
