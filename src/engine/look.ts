import { postsStream, runOfPosts } from '../domain/posts.ts';
import { postsRestUntil, runRestsUntil } from '../domain/rests-until.ts';
import type { Clock, Ledger, Queue } from '../ports.ts';
import { drive } from './drive.ts';
import { seenOf } from './drive-posts.ts';
import { incidentOfRun } from './link-run.ts';
import { nudge } from './nudge.ts';
import { readRun, runStream } from './record.ts';
import { readPosts } from './record-post.ts';
import type { Rests } from './rests.ts';
import type { SweepDeps } from './sweep.ts';

/** What a worker does with a stream; answers what it has seen last, if there is no more to do now. */
export type Look = (stream: string, signal: AbortSignal) => Promise<string | undefined>;

/** A look at a run; whatever it recorded is to be said, so the run's messages are looked at next. */
export function createRunLook(deps: SweepDeps): Look {
  const told = new Map<string, string>();
  return once(async (stream, signal) => {
    const seen = await drive(deps, stream, signal);
    if (seen === undefined || told.get(stream) === seen) return seen;
    told.set(stream, seen);
    const run = stream.replace(runStream(''), '');
    await nudge(deps, postsStream(run));
    const incident = await incidentOfRun(deps.ledger, run);
    if (incident !== undefined) await nudge(deps, incident);
    return seen;
  });
}

/**
 * A process never drives one stream twice at once: after a Redis outage BullMQ may hand out a job again that this process still has in
 * hand.
 */
export function once(look: Look): Look {
  const driving = new Set<string>();
  return async (stream, signal) => {
    if (driving.has(stream)) return undefined;
    driving.add(stream);
    try {
      return await look(stream, signal);
    } finally {
      driving.delete(stream);
    }
  };
}

/** What it takes to look again. */
export interface LookAgainDeps {
  ledger: Ledger;
  queue: Queue;
  clock: Pick<Clock, 'now'>;
  rests: Pick<Rests, 'note'>;
  /** Where messages go that cannot be posted where the run was asked for. */
  fallback: string | undefined;
}

/**
 * A nudge is swallowed while a job of the same id is on its way out, after its last look: what was recorded in that moment is
 * looked for once the job is gone. Where nothing was, the stream is at rest. `seen`: what the look answered.
 */
export function createLookAgain(deps: LookAgainDeps): (stream: string, seen: string) => Promise<void> {
  return async (stream, seen) => {
    const now = await readRest(deps, stream);
    if (now.seen !== seen) return deps.queue.wake(stream);
    if (now.until !== undefined) deps.rests.note(stream, seen, now.until);
  };
}

async function readRest(
  { ledger, clock, fallback }: LookAgainDeps,
  stream: string,
): Promise<{ seen: string | undefined; until: number | undefined }> {
  const id = runOfPosts(stream);
  if (id === undefined) {
    const run = await readRun(ledger, stream);
    return { seen: run.entries.at(-1)?.id, until: runRestsUntil(run.state, clock.now()) };
  }
  const [posts, run] = await Promise.all([readPosts(ledger, id), readRun(ledger, runStream(id))]);
  return { seen: seenOf(posts, run), until: postsRestUntil(run.state, posts.state, clock.now(), fallback) };
}
