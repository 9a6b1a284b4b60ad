import { describe, expect, test } from 'vitest';
import type { Check, Plan } from '../../src/domain/plan.ts';
import { renderPlan } from '../../src/views/plan.ts';
import { renderReport } from '../../src/views/report.ts';
import { approved, PLAN, REQUEST, requested, started, stateOf } from '../domain/run-fixture.ts';

const pass: Check = { name: 'restore', verdict: 'pass', detail: 'Completed' };
const health: Check = {
  name: 'health',
  verdict: 'unchecked',
  detail: 'health NOT checked: the runbook declares none for shop',
};
const data: Check = {
  name: 'data',
  verdict: 'unchecked',
  detail: 'data NOT checked: the runbook declares no assertion for shop',
};
const volumes: Check = { name: 'volume data', verdict: 'unchecked', detail: 'the bucket does not say' };

/** The plan with its restoring part changed. */
function planWith(part: Partial<Plan['parts'][number]>): Plan {
  return { ...PLAN, parts: PLAN.parts.map((it) => (it.step === 'restore' ? { ...it, ...part } : it)) };
}

function report(plan: Plan, checks: Check[]): string[] {
  const planned = { type: 'run.planned', plan } as const;
  return renderReport(stateOf(requested, planned, approved, started, { type: 'run.succeeded', checks }));
}

describe('what is not proven leads', () => {
  test('the report: the verdict names it, and right below it is said why', () => {
    const lines = report(planWith({ withoutData: ['data-postgresql-0'] }), [pass, health, data]);
    expect(lines.slice(0, 3)).toEqual([
      'RECOVERED and verified: data-processing, 1 check passed. NOT checked: health, data. WITHOUT data: data-postgresql-0 (the backup holds none).',
      '  health NOT checked: the runbook declares none for shop',
      '  data NOT checked: the runbook declares no assertion for shop',
    ]);
    expect(lines.filter((line) => line.includes('data NOT checked'))).toHaveLength(1);
  });

  test('the report: what the plan could not look at, nobody looked at later', () => {
    const lines = report(planWith({ checks: [volumes] }), [pass]);
    expect(lines[0]).toBe('RECOVERED and verified: data-processing, 1 check passed. NOT checked: volume data.');
    expect(lines[1]).toBe('  volume data NOT checked: the bucket does not say');
  });

  test('the report: where all is proven, nothing is added', () => {
    expect(report(PLAN, [pass])[0]).toBe('RECOVERED and verified: data-processing, 1 check passed.');
  });

  test('the plan: in its first line', () => {
    const [first] = renderPlan(REQUEST, planWith({ checks: [health, data], withoutData: ['a', 'b'] }));
    expect(first).toMatch(
      /^Can be done, once approved: .* \(run k7m2qd\)\. health NOT checked, data NOT checked\. WITHOUT data: a, b \(the backup holds none\)\.$/,
    );
    expect(renderPlan(REQUEST, PLAN)[0]).toMatch(/\(run k7m2qd\)$/);
  });
});
