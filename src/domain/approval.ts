import type { Actor } from './actor.ts';
import type { RunState } from './run.ts';

/** A plan nobody approved in this time is dropped, and an approval nobody used in this time is void. */
export const APPROVAL_LIFE_MS = 30 * 60_000;

export type ApprovalDecision =
  | { ok: true; digest: string; breakGlass: boolean }
  | { ok: false; message: string; action: string };

export interface ApprovalRequest {
  by: Actor;
  /** What the approver says they have read: the digest or its first 8 or more characters; undefined: the plan as it is now. */
  digest: string | undefined;
  reason: string | undefined;
}

/**
 * Whether this approval fits this run now. Who may approve at all is the policy's business; here: the state, the digest,
 * and that a person never is their own second person. The terminal only ever breaks the glass, with a written reason.
 */
export function decideApproval(state: RunState, { by, digest, reason }: ApprovalRequest): ApprovalDecision {
  const { run } = state.request;
  if (state.outcome !== undefined) return refuse(`Run ${run} is over: it ${state.outcome}.`, 'Ask for a new run.');
  if (state.approval !== undefined) return refuse(`Run ${run} is approved already.`, `Follow it: dr status ${run}`);
  if (state.plan === undefined || state.parked !== undefined || state.abort !== undefined) {
    return refuse(`Run ${run} has no plan that waits for approval.`, `See where it stands: dr status ${run}`);
  }
  if (digest !== undefined && !fitsDigest(digest, state.plan.digest)) {
    return refuse(
      `The plan of run ${run} is ${state.plan.digest.slice(0, 8)} now, not ${digest}.`,
      `Read the plan again: dr status ${run}`,
    );
  }
  if (by.kind === 'terminal') {
    if ((reason ?? '').trim().length < 8) {
      return refuse(
        'Approving from the terminal breaks the glass: it needs a written reason of at least 8 characters.',
        `dr approve ${run} --reason "why no second person can be reached"`,
      );
    }
    return { ok: true, digest: state.plan.digest, breakGlass: true };
  }
  if (by.kind === 'slack' && state.request.by.kind === 'slack' && by.user === state.request.by.user) {
    return refuse('You asked for this run: somebody else must approve it.', 'Ask one of the people named on the card.');
  }
  return { ok: true, digest: state.plan.digest, breakGlass: false };
}

function fitsDigest(given: string, digest: string): boolean {
  return given.length >= 8 && digest.startsWith(given.toLowerCase());
}

function refuse(message: string, action: string): ApprovalDecision {
  return { ok: false, message, action };
}
