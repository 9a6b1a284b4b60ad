import { z } from 'zod';

/** apimachinery `meta/v1/types.go` LabelSelector: all of it must hold; an empty one fits everything. */
export const LabelSelector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
    .nullish(),
});
export type LabelSelector = z.infer<typeof LabelSelector>;

interface Requirement {
  key: string;
  operator: string;
  values?: string[] | null | undefined;
}

/**
 * Whether an object may fit: `labels` are what is known of it. With `partial` a label that is not among them may still be
 * there with any value; and an operator we do not know may always fit.
 */
export function mayMatch(
  selector: LabelSelector | null | undefined,
  labels: Record<string, string>,
  partial = false,
): boolean {
  return requirementsOf(selector).every((it) => (partial && !(it.key in labels)) || fits(it, labels[it.key]));
}

function requirementsOf(selector: LabelSelector | null | undefined): Requirement[] {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }));
  return [...equal, ...(selector?.matchExpressions ?? [])];
}

/** NotIn and DoesNotExist also hold where the label is missing (apimachinery `labels/selector.go` Requirement.Matches). */
function fits({ operator, values }: Requirement, value: string | undefined): boolean {
  const listed = value !== undefined && (values ?? []).includes(value);
  if (operator === 'In') return listed;
  if (operator === 'NotIn') return !listed;
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  return true;
}
