import { hashJson } from '../domain/digest.ts';
import { kindOfPost, type PostState } from '../domain/posts.ts';
import type { RunView } from '../domain/run.ts';
import { isDrError } from '../errors.ts';
import { type PostsView, recordPost } from './record-post.ts';
import { describePost, type PostDeps, type PostMemory } from './send-post.ts';

/** The same message is edited at most this often, in ms (chat.update is a tier 3 method: about 50 a minute). */
const EDIT_MS = 1_500;
/** Messages that follow the run; all others are said once. */
const EDITED = ['card', 'plan', 'parked'];

/** Brings what is edited in place up to date; true once it shows how the run stands. Editing twice is editing once. */
export async function editPosts(
  deps: PostDeps,
  posts: PostsView,
  run: RunView,
  memory: PostMemory,
  signal: AbortSignal,
): Promise<boolean> {
  let current = true;
  for (const [key, post] of posts.state.posts) {
    if (post.sent === undefined || !EDITED.includes(kindOfPost(key))) continue;
    if (!(await editPost(deps, posts, run, key, post, memory, signal))) current = false;
  }
  return current;
}

async function editPost(
  deps: PostDeps,
  posts: PostsView,
  run: RunView,
  key: string,
  { sent, shows }: PostState,
  memory: PostMemory,
  signal: AbortSignal,
): Promise<boolean> {
  const message = deps.render(kindOfPost(key), await describePost(deps, posts, run, key, memory, signal));
  const hash = hashJson(message);
  if (sent === undefined || hash === (memory.shown.get(key) ?? shows)) return true;
  if (deps.clock.now() < (memory.editedAt.get(key) ?? 0) + EDIT_MS) return false;
  try {
    await deps.chat.update(sent, message, signal);
  } catch (thrown) {
    if (!isDrError(thrown, 'CHAT_REFUSED')) throw thrown;
    // Somebody deleted it, or the channel is archived: it is not worth more than saying so.
    deps.log.warn({ run: run.state.request.run, key, error: thrown.message }, 'a message can no longer be edited');
  }
  memory.shown.set(key, hash);
  memory.editedAt.set(key, deps.clock.now());
  return true;
}

/** Records what the edited messages show, so that no later look edits them for nothing. */
export async function settleEdits(deps: PostDeps, posts: PostsView, memory: PostMemory): Promise<void> {
  let view = posts;
  for (const [key, shows] of memory.shown) {
    if (view.state.posts.get(key)?.shows === shows) continue;
    view = await recordPost(deps, view, { type: 'post.edited', key, shows });
  }
}
