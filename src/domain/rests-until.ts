import { APPROVAL_LIFE_MS } from './approval.ts';
import { nextForRun } from './next-for-run.ts';
import { nextPost, REMIND_MS, waitsForApproval } from './next-post.ts';
import type { PostsState } from './posts.ts';
import type { RunState } from './run.ts';

/**
 * Until when nothing is to be done about a run unless something is recorded, in ms since 1970; undefined where there is something to
 * do now. Only time moves a run that waits: its plan expires.
 */
export function runRestsUntil(run: RunState, now: number): number | undefined {
  const next = nextForRun(run, now);
  if (next.do === 'nothing') return Number.POSITIVE_INFINITY;
  if (next.do !== 'wait') return undefined;
  return next.for === 'approval' ? (run.plannedAt ?? 0) + APPROVAL_LIFE_MS : Number.POSITIVE_INFINITY;
}

/** The same for what is said about a run: only the reminder comes by time. What is at work is looked at, whatever is recorded. */
export function postsRestUntil(
  run: RunState,
  posts: PostsState,
  now: number,
  fallback: string | undefined,
): number | undefined {
  const next = nextPost(run, posts, now, fallback);
  if (next.do === 'nothing') return Number.POSITIVE_INFINITY;
  if (next.do !== 'rest' || runRestsUntil(run, now) === undefined) return undefined;
  const remindAt = (run.plannedAt ?? 0) + REMIND_MS;
  return waitsForApproval(run) && now < remindAt ? remindAt : Number.POSITIVE_INFINITY;
}
