import { runOfPosts } from '../domain/posts.ts';
import type { Clock, Ledger } from '../ports.ts';
import { runStream } from './record.ts';
import { readPosts, recordPost } from './record-post.ts';

/** Without a chat nothing is said, and that is recorded, so that nobody waits for it. */
export async function endPostsUnsaid(deps: { ledger: Ledger; clock: Clock }, stream: string): Promise<undefined> {
  const run = runOfPosts(stream) ?? '';
  const [posts, events] = await Promise.all([readPosts(deps.ledger, run), deps.ledger.read(runStream(run))]);
  // A run that is gone has left nothing to end.
  if (events.length === 0) return;
  if (posts.state.over || posts.state.foreign !== undefined) return;
  await recordPost(deps, posts, { type: 'posts.ended', why: 'no Slack is configured' });
}
