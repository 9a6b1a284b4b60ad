import { z } from 'zod';

/** Anything that JSON can hold: what plans, evidence and events are made of. */
export const Json: z.ZodType<Json> = z.json();
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A reason why the plan must not be carried out, and what to do instead. */
export const Refusal = z.object({ code: z.string(), message: z.string(), action: z.string() });
export type Refusal = z.infer<typeof Refusal>;

/** One thing that was looked at. `unchecked` is said, never passed. */
export const Check = z.object({
  name: z.string(),
  verdict: z.enum(['pass', 'fail', 'unchecked']),
  /** What was seen, as a sentence or a value. */
  detail: z.string(),
});
export type Check = z.infer<typeof Check>;

/** What one step contributes to the plan. */
export const PlanPart = z.object({
  step: z.string(),
  uses: z.string(),
  effect: z.enum(['read', 'repeatable', 'destructive']),
  /** What an approver relies on; all of it goes into the digest (DESIGN crash rule 7): no statuses, no resourceVersions. */
  facts: z.record(z.string(), Json),
  /** The backup, and what is lost by it, as a sentence. */
  loss: z.string().nullable().default(null),
  /** What will NOT change, as a sentence. */
  keeps: z.string().nullable().default(null),
  /** The PVCs that it makes without data in them: the backup holds none. The backup's UID stands for them in the digest. */
  withoutData: z.array(z.string()).default([]),
  /** What the step worked out and will use, such as the backup's name; shown, not hashed beyond `facts`. */
  notes: z.array(z.string()),
  checks: z.array(Check),
  refusals: z.array(Refusal),
});
export type PlanPart = z.infer<typeof PlanPart>;

/** The fact of a part that restores from a backup. */
export const BackupFact = z.object({ name: z.string().optional(), startTimestamp: z.string().optional() });

/** The fact of a part that leaves objects as they are. */
export const SkipFact = z.object({ count: z.number() });

export const Plan = z.object({
  parts: z.array(PlanPart),
  /** sha256 over runbook, parameters, target and every part's facts. */
  digest: z.string(),
});
export type Plan = z.infer<typeof Plan>;

export function planRefusals(plan: Plan): Refusal[] {
  return plan.parts.flatMap((part) => part.refusals);
}

/** What changes something needs an approval. */
export function isDestructive(plan: Plan): boolean {
  return plan.parts.some(({ effect }) => effect === 'destructive');
}

/**
 * The names of the facts in which two plans differ, as `restore.backup`: what to tell the human whose approval became void. A step
 * that was cut short, because another had refused, tells nothing about its facts.
 */
export function changedFacts(before: Plan, after: Plan): string[] {
  const changed: string[] = [];
  const refused = planRefusals(after).length > 0;
  for (const part of after.parts) {
    if (refused && part.refusals.length === 0 && Object.keys(part.facts).length === 0) continue;
    const earlier = before.parts.find((other) => other.step === part.step)?.facts ?? {};
    for (const name of new Set([...Object.keys(earlier), ...Object.keys(part.facts)])) {
      if (JSON.stringify(earlier[name]) !== JSON.stringify(part.facts[name])) changed.push(`${part.step}.${name}`);
    }
  }
  return changed;
}
