import { type QueueWorker, startWorker } from './adapters/bullmq-queue.ts';
import type { Muster } from './compose.ts';
import { type DailyDeps, keepExamining } from './engine/daily-doctor.ts';
import { drivePosts } from './engine/drive-posts.ts';
import { endPostsUnsaid } from './engine/end-posts.ts';
import { createLookAgain, createRunLook, type Look, once } from './engine/look.ts';
import type { PostDeps } from './engine/send-post.ts';
import { keepSweeping } from './engine/sweep.ts';
import { createTroubleLog } from './engine/trouble-log.ts';
import { coerceError } from './errors.ts';

/** How many runs a process has in hand at once; most of them wait for their cluster. */
const CONCURRENCY = 25;
/** How long a stop waits for the step in hand, in ms: an apply is bounded by its call's own 10 s. */
const DRAIN_MS = 12_000;

export interface Working {
  /** Drains between steps, hands what is unfinished to whoever else works, and closes. */
  stop(): Promise<void>;
}

/**
 * Starts doing the work: a worker for runs, one for their messages, and the sweep. It starts, and stays, with Redis, the clusters and
 * Slack down. `posts`: how messages go out; `unsaid`: there is no chat; left out: they are left to another process. `daily`: how the
 * daily check is done; left out: it is not.
 */
export function startWorking(muster: Muster, posts?: PostDeps | 'unsaid', daily?: DailyDeps): Working {
  const stopping = new AbortController();
  const { engine } = muster;
  const fallback = posts === undefined || posts === 'unsaid' ? undefined : posts.fallback;
  const lookAgain = createLookAgain({ ...engine, fallback });
  const workers = [startLine(muster, 'runs', createRunLook(engine), lookAgain)];
  if (posts !== undefined) workers.push(startLine(muster, 'posts', once(lookAtPosts(engine, posts)), lookAgain));
  const sweeping = keepSweeping(engine, stopping.signal);
  const examining = daily === undefined ? undefined : keepExamining(daily, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      const left = await Promise.all(workers.map((worker) => worker.close(DRAIN_MS)));
      await Promise.all([sweeping, examining]);
      for (const stream of left.flat()) await handOn(muster, stream);
    },
  };
}

function startLine(
  { engine, redis }: Muster,
  line: 'runs' | 'posts',
  look: Look,
  lookAgain: ReturnType<typeof createLookAgain>,
): QueueWorker {
  return startWorker({
    ...{ place: redis, line, concurrency: CONCURRENCY, look, lookAgain },
    onTrouble: createTroubleLog(engine.log, engine.clock, 'trouble in the worker'),
  });
}

function lookAtPosts(engine: Muster['engine'], posts: PostDeps | 'unsaid'): Look {
  return (stream, signal) => (posts === 'unsaid' ? endPostsUnsaid(engine, stream) : drivePosts(posts, stream, signal));
}

async function handOn({ engine: { queue, log } }: Muster, stream: string): Promise<void> {
  await queue
    .wake(stream)
    .catch((thrown: unknown) => log.warn({ stream, error: coerceError(thrown).message }, 'left for the next sweep'));
}
