import { describe, expect, test } from 'vitest';
import { changedFacts, type Json, type Plan, type Refusal } from '../../src/domain/plan.ts';

const REFUSAL: Refusal = { code: 'VELERO_SILENT', message: 'Velero is silent.', action: 'Wake it.' };

function planOf(parts: Record<string, { facts: Record<string, Json>; refusals?: Refusal[] }>): Plan {
  const rest = { uses: 'x', effect: 'read' as const, loss: null, keeps: null };
  const list = Object.entries(parts).map(([step, { facts, refusals = [] }]) => {
    return { ...rest, step, facts, refusals, notes: [], checks: [], withoutData: [] };
  });
  return { digest: '', parts: list };
}

const before = planOf({ preflight: { facts: { namespace: 'absent' } }, restore: { facts: { backup: 'a', skip: 0 } } });

describe('the facts that changed', () => {
  test('are named by their step', () => {
    const after = planOf({
      preflight: { facts: { namespace: 'absent' } },
      restore: { facts: { backup: 'b', skip: 0 } },
    });
    expect(changedFacts(before, after)).toEqual(['restore.backup']);
  });

  test('are all of a step that refuses and pins nothing', () => {
    const after = planOf({
      preflight: { facts: { namespace: 'absent' } },
      restore: { facts: {}, refusals: [REFUSAL] },
    });
    expect(changedFacts(before, after)).toEqual(['restore.backup', 'restore.skip']);
  });

  test('are none of a step that was cut short because another refused', () => {
    const after = planOf({
      preflight: { facts: { namespace: 'absent' }, refusals: [REFUSAL] },
      restore: { facts: {} },
    });
    expect(changedFacts(before, after)).toEqual([]);
  });

  test('are all of a step that pins nothing without anybody refusing', () => {
    const after = planOf({ preflight: { facts: { namespace: 'absent' } }, restore: { facts: {} } });
    expect(changedFacts(before, after)).toEqual(['restore.backup', 'restore.skip']);
  });
});
