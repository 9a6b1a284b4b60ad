import { z } from 'zod';
import { keyOf, MADE_BY_KUBERNETES, nameSome } from './compare-content.ts';
import type { Check } from './plan.ts';
import type { ListedObject, Results } from './velero-files.ts';

/** What the approved plan said would happen; read from its facts. */
export const PlannedContent = z.looseObject({
  skip: z.looseObject({ count: z.number(), names: z.array(z.string()) }),
  create: z.looseObject({ count: z.number(), names: z.array(z.string()) }),
  /** Either: the planner could not look whether they exist. */
  unseen: z.looseObject({ count: z.number(), names: z.array(z.string()) }).optional(),
});
export type PlannedContent = z.infer<typeof PlannedContent>;

/** Velero leaves finished ones out (restore.go isCompleted), and a backup's list does not say which are. */
const MAY_BE_FINISHED = ['Pod', 'Job'];

/**
 * Compares what Velero says it did (RestoreResourceList) with what was planned. A planned skip may be listed as `skipped`, or as
 * `failed` where the object differs from the backup (with policy none).
 */
export function judgeRestoredItems(
  restored: readonly ListedObject[],
  planned: PlannedContent,
  namespace: string,
): Check[] {
  const unseen = planned.unseen ?? { count: 0, names: [] };
  const allowed = new Set([...planned.skip.names, ...unseen.names, ...MADE_BY_KUBERNETES]);
  const ours = restored.filter((it) => it.namespace === namespace);
  const left = ours.filter(({ action }) => action === 'skipped' || action === 'failed');
  // With more names than a plan carries, the numbers must do.
  const countable =
    planned.skip.names.length + unseen.names.length < planned.skip.count + unseen.count &&
    left.length <= planned.skip.count + unseen.count + MADE_BY_KUBERNETES.length;
  const unplanned = countable ? [] : left.filter((it) => !allowed.has(keyOf(it)));
  const there = new Set(ours.map(keyOf));
  const missing = [...planned.create.names, ...unseen.names].filter(
    (key) => !there.has(key) && !MAY_BE_FINISHED.includes(key.split('/').at(-2) ?? ''),
  );
  const created = ours.filter(({ action }) => action === 'created' || action === 'updated').length;
  return [
    check(
      'objects restored',
      unplanned.length === 0,
      unplanned.length === 0
        ? `${created} created, ${describeLeft(left)}`
        : `not restored, and not planned so: ${nameSome(unplanned)}`,
    ),
    check(
      'objects complete',
      missing.length === 0,
      missing.length === 0
        ? 'every planned object is accounted for'
        : `planned, but Velero never touched: ${missing.slice(0, 5).join(', ')}`,
    ),
    ...describeUnforeseen(left.filter((it) => unseen.names.includes(keyOf(it)))),
  ];
}

/** They were there, and nobody has compared them with the backup. */
function describeUnforeseen(left: readonly ListedObject[]): Check[] {
  if (left.length === 0) return [];
  const detail = `left as they were, which the plan could not foresee: ${nameSome(left)}; they may differ from the backup`;
  return [{ name: 'objects that existed', verdict: 'unchecked', detail }];
}

function describeLeft(left: readonly ListedObject[]): string {
  if (left.length === 0) return 'none left as it was';
  return `${left.length} left as ${left.length === 1 ? 'it was' : 'they were'}: ${nameSome(left)}`;
}

/** Warnings fail a restore unless each is about an object that the approved plan leaves as it is. */
export function judgeMessages({ warnings, errors }: Results, planned: PlannedContent): Check[] {
  const planNames = [...planned.skip.names, ...(planned.unseen?.names ?? [])].map((key) => key.split('/').slice(-2));
  const expected = (message: string) =>
    message.includes('already exists') &&
    planNames.some(([kind, name]) => message.includes(`${kind}:${name} already exists`));
  const unexpected = flatten(warnings).filter((message) => !expected(message));
  const failed = flatten(errors);
  return [
    check('no errors', failed.length === 0, failed.length === 0 ? 'none' : failed.slice(0, 3).join('; ')),
    check(
      'no warnings',
      unexpected.length === 0,
      unexpected.length === 0 ? `${flatten(warnings).length} expected` : unexpected.slice(0, 3).join('; '),
    ),
  ];
}

function flatten(messages: Results['warnings']): string[] {
  return [
    ...(messages?.velero ?? []),
    ...(messages?.cluster ?? []),
    ...Object.values(messages?.namespaces ?? {}).flat(),
  ];
}

function check(name: string, pass: boolean, detail: string): Check {
  return { name, verdict: pass ? 'pass' : 'fail', detail };
}
