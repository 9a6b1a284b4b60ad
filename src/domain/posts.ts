import type { Entry } from './ledger.ts';
import type { PostKind } from './post-context.ts';
import { isPostEvent, type PostEvent } from './post-events.ts';

/** The messages about a run, as the events of its stream `posts-<run>` tell them. */

export interface PostState {
  /** Where it was last tried. */
  channel: string;
  attempt: number;
  /** Milliseconds since 1970, of the last attempt. */
  begunAt: number;
  sent?: { channel: string; ts: string };
  /** The hash of what it shows, as far as it is recorded. */
  shows?: string;
  /** Channels that will not take it. */
  refusedBy: string[];
  /** True while it is not known whether the last attempt arrived. */
  inDoubt: boolean;
}

export interface PostsState {
  posts: Map<string, PostState>;
  over: boolean;
  /** Set when a newer Muster wrote something we cannot read: hands off. */
  foreign?: string;
}

/** The run's stream of messages, or the run's own. */
export function postsStream(run: string): string {
  return `posts-${run}`;
}

/** The run that a stream of messages is about; undefined for any other stream. */
export function runOfPosts(stream: string): string | undefined {
  return /^posts-(.+)$/.exec(stream)?.[1];
}

/** `plan-1769828645000`: the kind, and the moment that it is about where there can be several. */
export function postKey(kind: PostKind, about?: number): string {
  return about === undefined ? kind : `${kind}-${about}`;
}

export function kindOfPost(key: string): PostKind {
  return key.split('-')[0] as PostKind;
}

export function foldPosts(entries: readonly Entry[]): PostsState {
  const state: PostsState = { posts: new Map(), over: false };
  for (const { event } of entries) {
    if (event.type === 'foreign') state.foreign = event.wrote;
    else if (isPostEvent(event)) applyPostEvent(state, event);
  }
  return state;
}

function applyPostEvent(state: PostsState, event: PostEvent): void {
  if (event.type === 'posts.ended') {
    state.over = true;
    return;
  }
  const post = state.posts.get(event.key);
  switch (event.type) {
    case 'post.begun': {
      const { channel, attempt, at: begunAt } = event;
      const refusedBy = post?.refusedBy ?? [];
      state.posts.set(event.key, { channel, attempt, begunAt, refusedBy, inDoubt: true });
      break;
    }
    case 'post.sent':
      if (post === undefined) break;
      Object.assign(post, { inDoubt: false, shows: event.shows, sent: { channel: event.channel, ts: event.ts } });
      break;
    case 'post.refused':
      if (post === undefined) break;
      post.inDoubt = false;
      post.refusedBy.push(event.channel);
      break;
    case 'post.edited':
      if (post !== undefined) post.shows = event.shows;
      break;
  }
}
