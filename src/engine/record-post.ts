import { randomUUID } from 'node:crypto';
import type { Entry } from '../domain/ledger.ts';
import type { PostEvent, PostEventDraft } from '../domain/post-events.ts';
import { foldPosts, type PostsState, postsStream } from '../domain/posts.ts';
import type { Clock, Ledger } from '../ports.ts';

/** A run's messages as they were read: what a conditional append compares against. */
export interface PostsView {
  stream: string;
  entries: Entry[];
  state: PostsState;
}

/** Reads and folds; empty where nothing was said yet. @throws DrError LEDGER_UNREACHABLE */
export async function readPosts(ledger: Ledger, run: string): Promise<PostsView> {
  const stream = postsStream(run);
  const entries = await ledger.read(stream);
  return { stream, entries, state: foldPosts(entries) };
}

/** Appends after what the view has seen, and answers the view with it. @throws DrError LEDGER_CONFLICT, LEDGER_UNREACHABLE */
export async function recordPost(
  { ledger, clock }: { ledger: Ledger; clock: Clock },
  { stream, entries }: PostsView,
  draft: PostEventDraft,
): Promise<PostsView> {
  const event = { ...draft, v: 1, eid: randomUUID(), at: clock.now() } as PostEvent;
  const after = entries.at(-1)?.id;
  const id = await ledger.append({
    stream,
    after,
    event,
    target: '',
    lease: 'none',
    terminal: event.type === 'posts.ended',
  });
  const now = [...entries, { id, event }];
  return { stream, entries: now, state: foldPosts(now) };
}
