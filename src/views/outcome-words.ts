import { isDestructive, type Plan } from '../domain/plan.ts';

/** What a run is said to have done, by what its plan may do: who only looked has recovered nothing. */
export interface OutcomeWords {
  done: string;
  failed: string;
  /** For a plan that is not refused. */
  doable: string;
  /** Why nobody is asked to approve it; only of a plan that needs no approval. */
  unasked: string;
}

/** A run without a plan yet is meant to recover something. */
export function outcomeWords(plan: Plan | undefined): OutcomeWords {
  if (plan === undefined || isDestructive(plan))
    return {
      done: 'RECOVERED and verified',
      failed: 'NOT RECOVERED',
      doable: 'Can be done, once approved',
      unasked: READS_ONLY,
    };
  if (plan.parts.every(({ effect }) => effect === 'read'))
    return { done: 'CHECKED', failed: 'CHECK FAILED', doable: 'Can be done, it only reads', unasked: READS_ONLY };
  return { done: 'DONE and verified', failed: 'NOT DONE', doable: 'Can be done', unasked: HARMLESS };
}

const READS_ONLY = 'It only reads: no approval is needed.';
const HARMLESS = 'It takes nothing away: no approval is needed.';
