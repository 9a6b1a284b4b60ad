import { type Actor, renderActor } from './actor.ts';
import { isSamePerson } from './person.ts';
import { isDestructive } from './plan.ts';
import type { Policy } from './policy.ts';
import type { Outcome, RunState } from './run.ts';
import type { RunRequest } from './run-events.ts';

/** A plan nobody approved in this time is dropped, and an approval nobody used in this time is void. */
export const APPROVAL_LIFE_MS = 30 * 60_000;
const SHORTEST_DIGEST = 8;
const SHORTEST_REASON = 8;

interface Refused {
  ok: false;
  message: string;
  action: string;
}
export type ApprovalDecision = { ok: true; digest: string; breakGlass: boolean } | Refused;
export type RejectionDecision = { ok: true } | Refused;

export interface ApprovalRequest {
  by: Actor;
  /** What the approver says they have read: the digest or its first 8 or more characters; undefined: the plan as it is now. */
  digest: string | undefined;
  reason: string | undefined;
  policy: Policy | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Whether this approval fits this run now. Whether the actor may approve at all is `decideAccess`; here: the state, the digest, and
 * that a person is their own second person only where the policy says so. The terminal only ever breaks the glass, with a written reason.
 */
export function decideApproval(
  state: RunState,
  { by, digest, reason, policy, now }: ApprovalRequest,
): ApprovalDecision {
  const { run } = state.request;
  const misfit = explainNotWaiting(state, now) ?? explainDigest(state, digest);
  if (misfit !== undefined) return misfit;
  const plan = state.plan?.digest ?? '';
  if (by.kind === 'terminal') {
    if ((reason ?? '').trim().length >= SHORTEST_REASON) return { ok: true, digest: plan, breakGlass: true };
    return refuse(
      `Approving from the terminal breaks the glass: it needs a written reason of at least ${SHORTEST_REASON} characters.`,
      `dr approve ${run} ${plan.slice(0, 8)} --reason "why no second person can be reached"`,
    );
  }
  if (digest === undefined)
    return refuse(
      `Name the plan you have read: approve ${run} <plan>.`,
      `Read it, its name is in its last line: dr status ${run}`,
    );
  if (isSamePerson(policy, by, state.request.by) && needsSecondPerson(policy, state.request))
    return refuse(explainSecondPerson(policy), 'Ask one of the people named on the card.');
  return { ok: true, digest: plan, breakGlass: false };
}

/** Whether a plan that waits for approval can be turned down now; by whom is `decideAccess`. */
export function decideRejection(state: RunState, digest: string | undefined, now: number): RejectionDecision {
  const { run } = state.request;
  const stop = `Stop it: dr abort ${run}`;
  const misfit = explainNotWaiting(state, now) ?? explainDigest(state, digest);
  if (misfit !== undefined) return state.approval === undefined ? misfit : { ...misfit, action: stop };
  // It was approved once and has begun; an abort looks at what it has done.
  if (state.startedAt !== undefined) return refuse(`Run ${run} has begun already.`, stop);
  return { ok: true };
}

/** Whether somebody else than the requester must approve. What lets a backup in that lacks something always needs two. */
export function needsSecondPerson(policy: Policy | undefined, request: RunRequest): boolean {
  return policy?.secondPerson !== 'never' || takesPartialBackup(request);
}

export function takesPartialBackup({ params, steps }: RunRequest): boolean {
  return [params, ...steps.map((step) => step.with)].some((given) => given['allow-partially-failed'] === true);
}

/** Whether nobody can approve the plan any more. A run that holds its target never just expires: somebody must look at it. */
export function isPlanExpired({ plan, plannedAt = 0, startedAt }: RunState, now: number): boolean {
  return plan !== undefined && startedAt === undefined && now >= plannedAt + APPROVAL_LIFE_MS;
}

function explainNotWaiting(state: RunState, now: number): Refused | undefined {
  const { run } = state.request;
  if (state.outcome !== undefined) return refuse(describeEnd(state), 'Ask for a new run.');
  if (state.approval !== undefined)
    return refuse(
      `Run ${run} is approved already, by ${renderActor(state.approval.by)}.`,
      `Follow it: dr status ${run}`,
    );
  const elsewhere = state.parked !== undefined || state.abort !== undefined || state.foreign !== undefined;
  if (elsewhere || state.plan === undefined || !isDestructive(state.plan))
    return refuse(`Run ${run} has no plan that waits for approval.`, `See where it stands: dr status ${run}`);
  if (isPlanExpired(state, now))
    return refuse(
      `The plan of run ${run} is older than ${APPROVAL_LIFE_MS / 60_000} minutes: it expired, nothing was changed.`,
      'Ask for a new run.',
    );
  return undefined;
}

/** How a run that is over ended, as a sentence. */
export function describeEnd({ request, outcome, rejected }: RunState): string {
  if (outcome === undefined) return `Run ${request.run} is not over.`;
  const by = rejected === undefined ? '' : ` by ${renderActor(rejected.by)}`;
  return `Run ${request.run} is over: it ${ENDED[outcome]}${by}.`;
}

const ENDED: Record<Outcome, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  aborted: 'aborted',
  refused: 'was refused',
  rejected: 'was rejected',
  expired: 'expired',
};

function explainDigest({ request, plan }: RunState, given: string | undefined): Refused | undefined {
  if (given === undefined || plan === undefined || fitsDigest(given, plan.digest)) return undefined;
  return refuse(
    `The plan of run ${request.run} is ${plan.digest.slice(0, SHORTEST_DIGEST)} now, not ${given}.`,
    `Read the plan again: dr status ${request.run}`,
  );
}

function explainSecondPerson(policy: Policy | undefined): string {
  if (policy?.secondPerson !== 'never') return 'You asked for this run: somebody else must approve it.';
  return 'You asked for this run, and it may take a PartiallyFailed backup: somebody else must approve it, always.';
}

function fitsDigest(given: string, digest: string): boolean {
  return given.length >= SHORTEST_DIGEST && digest.startsWith(given.toLowerCase());
}

function refuse(message: string, action: string): Refused {
  return { ok: false, message, action };
}
