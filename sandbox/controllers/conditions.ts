import { timestamp } from '../cluster/store.ts';
import type { Condition } from './workload-types.ts';

/** The conditions with one of them set; lastTransitionTime moves only when its status changes. */
export function setCondition(conditions: Condition[] | undefined, wanted: Condition): Condition[] {
  const before = conditions?.find((condition) => condition.type === wanted.type);
  const since = before?.status === wanted.status ? before.lastTransitionTime : undefined;
  const condition: Condition = { ...wanted, lastTransitionTime: since ?? timestamp() };
  const others = (conditions ?? []).filter(({ type }) => type !== wanted.type);
  return [...others, condition].sort((a, b) => (a.type < b.type ? -1 : 1));
}

export function findCondition(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isTrue(conditions: Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}
