import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DataAssertion } from '../../src/domain/data-assertion.ts';
import { Plan } from '../../src/domain/plan.ts';
import { RunRequest } from '../../src/domain/run-events.ts';
import { Runbook } from '../../src/domain/runbook.ts';
import { PLAN, REQUEST } from './run-fixture.ts';

const TICKS = { name: 'ticks', service: 'clickhouse', port: 8123, path: '/?query=SELECT%201', atLeast: 1 };

describe('an assertion about data', () => {
  test('is what its author wrote, and can be told as JSON Schema for editors', () => {
    expect(DataAssertion.parse(TICKS)).toEqual(TICKS);
    expect(z.toJSONSchema(Runbook, { io: 'input' })).toMatchObject({
      properties: { data: { items: { additionalProperties: false, required: ['name', 'service', 'port', 'path'] } } },
    });
  });

  test.each([
    { ...TICKS, path: '/a#b' },
    { ...TICKS, path: 'query' },
    { ...TICKS, port: 0 },
    { ...TICKS, service: 'a/b' },
    { ...TICKS, atLeast: Number.NaN },
    { ...TICKS, atLeast: Number.POSITIVE_INFINITY },
    { ...TICKS, name: ' ' },
    { ...TICKS, method: 'POST' },
  ])('%j is none', (entry) => {
    expect(DataAssertion.safeParse(entry).success).toBe(false);
  });
});

describe('what an older Muster wrote stays readable', () => {
  test('a request without assertions has none', () => {
    const { data: _, ...old } = REQUEST;
    expect(RunRequest.parse(old)).toEqual({ ...old, data: [] });
    expect(RunRequest.parse({ ...old, data: [TICKS] }).data).toEqual([TICKS]);
  });

  test('a plan that says nothing of PVCs without data names none', () => {
    const parts = PLAN.parts.map(({ withoutData: _, ...part }) => part);
    expect(Plan.parse({ ...PLAN, parts })).toEqual(PLAN);
  });
});
