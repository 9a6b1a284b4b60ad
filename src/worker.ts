import { type QueueWorker, startWorker } from './adapters/bullmq-queue.ts';
import type { Muster } from './compose.ts';
import { type Alarm, createAlarm } from './engine/alarm.ts';
import { type DailyDeps, keepExamining } from './engine/daily-doctor.ts';
import { drivePosts } from './engine/drive-posts.ts';
import { endPostsUnsaid } from './engine/end-posts.ts';
import type { IncidentDeps } from './engine/incident-deps.ts';
import { createLookAgain, createRunLook, type Look, once } from './engine/look.ts';
import { createIncidentLooks } from './engine/look-incident.ts';
import type { PostDeps } from './engine/send-post.ts';
import { keepSweeping } from './engine/sweep.ts';
import { createTroubleLog } from './engine/trouble-log.ts';
import { coerceError } from './errors.ts';

/** How many streams a process has in hand at once; most of them wait for their cluster, for Slack or for PagerDuty. */
const CONCURRENCY = { runs: 25, posts: 25, incidents: 100 };
/** How long a stop waits for the step in hand, in ms: an apply is bounded by its call's own 10 s. */
const DRAIN_MS = 12_000;

export interface Working {
  /** Drains between steps, hands what is unfinished to whoever else works, and closes. */
  stop(): Promise<void>;
}

/** The incident half of the work: what drives it, and what takes in what webhooks bring. */
export interface IncidentWork {
  deps: IncidentDeps;
  drain(signal: AbortSignal): Promise<void>;
}

/** What is left out is left to another process. */
export interface Work {
  /** How messages about runs go out; `unsaid`: there is no chat. */
  posts?: PostDeps | 'unsaid';
  /** How the daily check is done. */
  daily?: DailyDeps | undefined;
  incidents?: IncidentWork;
}

/**
 * Starts doing the work: a worker for runs, one for their messages, one for incidents, and the sweep. It starts, and stays, with Redis,
 * the clusters and Slack down.
 */
export function startWorking(muster: Muster, { posts, daily, incidents }: Work = {}): Working {
  const stopping = new AbortController();
  const { engine } = muster;
  const fallback = posts === undefined || posts === 'unsaid' ? undefined : posts.fallback;
  const lookAgain = createLookAgain({ ...engine, fallback });
  const workers = [startLine(muster, 'runs', createRunLook(engine), lookAgain)];
  if (posts !== undefined) workers.push(startLine(muster, 'posts', once(lookAtPosts(engine, posts)), lookAgain));
  const alarm = createAlarm(engine);
  if (incidents !== undefined) workers.push(startIncidents(muster, incidents, alarm));
  const ringing = incidents === undefined ? undefined : alarm.keepRinging(stopping.signal);
  const sweeping = keepSweeping(engine, stopping.signal);
  const examining = daily === undefined ? undefined : keepExamining(daily, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      const left = await Promise.all(workers.map((worker) => worker.close(DRAIN_MS)));
      await Promise.all([sweeping, examining, ringing]);
      for (const stream of left.flat()) await handOn(muster, stream);
    },
  };
}

function startIncidents(muster: Muster, { deps, drain }: IncidentWork, alarm: Alarm): QueueWorker {
  muster.incidents.warm();
  const looks = createIncidentLooks({ ...muster.engine, ...deps }, alarm, drain);
  return startLine(muster, 'incidents', looks.look, looks.lookAgain);
}

function startLine(
  { engine, redis }: Muster,
  line: 'runs' | 'posts' | 'incidents',
  look: Look,
  lookAgain: ReturnType<typeof createLookAgain>,
): QueueWorker {
  return startWorker({
    ...{ place: redis, line, concurrency: CONCURRENCY[line], look, lookAgain },
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
