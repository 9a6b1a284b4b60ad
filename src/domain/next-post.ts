import { isPlanExpired } from './approval.ts';
import { needsApproval } from './next-for-run.ts';
import type { PostKind } from './post-context.ts';
import { kindOfPost, type PostState, type PostsState, postKey } from './posts.ts';
import { isOver, type RunState } from './run.ts';

/** After this long without an approval the people who can give it are asked again, in ms. */
export const REMIND_MS = 2 * 60_000;
/** A call that is older than this has arrived or never will, in ms: above the time-out of any call to the chat. */
export const SETTLE_MS = 6_000;
/** A run that ended longer ago than this is nobody's news any more, in ms. */
const STALE_MS = 24 * 3_600_000;

/** What remains to be said about a run, now. */
export type NextPost =
  | { do: 'send'; kind: PostKind; key: string; channel: string; attempt: number }
  /** It may have arrived: look for it; not found and `settled`, it never did. `wanted`: then send it again. */
  | { do: 'look'; kind: PostKind; key: string; channel: string; attempt: number; settled: boolean; wanted: boolean }
  | { do: 'rest' }
  | { do: 'end'; why?: string }
  | { do: 'nothing' };

interface Wanted {
  kind: PostKind;
  key: string;
  /** Where it may go, the best first. */
  channels: string[];
}

/**
 * The messages' decider: pure, so that any worker, after any crash, comes to the same answer. One message after the other, so that they
 * stand in order. `fallback`: the channel that gets what cannot be posted where it was asked for.
 */
export function nextPost(run: RunState, state: PostsState, now: number, fallback: string | undefined): NextPost {
  if (state.over || state.foreign !== undefined) return { do: 'nothing' };
  const wanted = listWanted(run, state, now, fallback);
  for (const { kind, key, channels } of wanted) {
    const post = state.posts.get(key);
    if (post?.sent !== undefined) continue;
    if (post?.inDoubt === true) return lookFor(kind, key, post, now, true);
    const channel = channels.find((it) => post?.refusedBy.includes(it) !== true);
    if (channel === undefined) continue;
    const attempt = (post?.attempt ?? 0) + 1;
    return { do: 'send', kind, key, channel, attempt };
  }
  for (const [key, post] of state.posts) {
    // Overtaken while it was on its way: if it is there, its buttons must go.
    if (post.inDoubt) return lookFor(kindOfPost(key), key, post, now, false);
  }
  if (!isOver(run)) return { do: 'rest' };
  const unsaid = wanted.filter(({ key }) => state.posts.get(key)?.sent === undefined).map(({ key }) => key);
  return unsaid.length === 0 ? { do: 'end' } : { do: 'end', why: `nowhere to say: ${unsaid.join(', ')}` };
}

function lookFor(kind: PostKind, key: string, post: PostState, now: number, wanted: boolean): NextPost {
  const { channel, attempt, begunAt } = post;
  return { do: 'look', kind, key, channel, attempt, settled: now >= begunAt + SETTLE_MS, wanted };
}

function listWanted(run: RunState, state: PostsState, now: number, fallback: string | undefined): Wanted[] {
  if (isOver(run) && now > (run.endedAt ?? 0) + STALE_MS && state.posts.size === 0) return [];
  const channels = listChannels(run, state, fallback);
  const wanted: Wanted[] = [{ kind: 'card', key: postKey('card'), channels }];
  const say = (kind: PostKind, about?: number) => wanted.push({ kind, key: postKey(kind, about), channels });
  const requester = requesterOf(run);
  if (requester !== undefined && isElsewhere(run, state, requester))
    wanted.push({ kind: 'elsewhere', key: postKey('elsewhere'), channels: [requester] });
  if (run.approval?.breakGlass === true) say('glass', run.approval.at);
  if (isOver(run)) say('end');
  else if (run.parked !== undefined) say('parked', run.parked.at);
  else if (waitsForApproval(run)) {
    say('plan', run.plannedAt);
    if (now >= (run.plannedAt ?? 0) + REMIND_MS && !isPlanExpired(run, now)) say('reminder', run.plannedAt);
  }
  return wanted;
}

/** Where it was asked for, else the incidents channel, else the one who asked; once the card is posted, where the card is. */
function listChannels(run: RunState, { posts }: PostsState, fallback: string | undefined): string[] {
  const home = posts.get(postKey('card'))?.sent?.channel;
  const all = [home, run.request.origin?.channel, fallback, requesterOf(run)].filter((it) => it !== undefined);
  return [...new Set(all)];
}

/** True where the card is not in the place it was asked for: whoever asked is told where it is. */
function isElsewhere({ request }: RunState, { posts }: PostsState, requester: string): boolean {
  const card = posts.get(postKey('card'));
  const asked = request.origin?.channel;
  if (card?.sent === undefined || asked === undefined) return false;
  // Posted to the one who asked, it needs no second message to say so.
  return card.refusedBy.includes(asked) && card.channel !== requester;
}

function requesterOf({ request }: RunState): string | undefined {
  return request.by.kind === 'slack' ? request.by.user : undefined;
}

export function waitsForApproval(run: RunState): boolean {
  const open = run.approval === undefined && run.abort === undefined && run.foreign === undefined;
  return run.plan !== undefined && needsApproval(run) && open;
}
