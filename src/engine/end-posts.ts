import { runOfPosts } from '../domain/posts.ts';
import type { Clock, Ledger } from '../ports.ts';
import { readPosts, recordPost } from './record-post.ts';

/** Without a chat nothing is said, and that is recorded, so that nobody waits for it. */
export async function endPostsUnsaid(deps: { ledger: Ledger; clock: Clock }, stream: string): Promise<undefined> {
  const posts = await readPosts(deps.ledger, runOfPosts(stream) ?? '');
  if (posts.state.over || posts.state.foreign !== undefined) return;
  await recordPost(deps, posts, { type: 'posts.ended', why: 'no Slack is configured' });
}
