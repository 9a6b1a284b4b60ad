import { startWorker } from './adapters/bullmq-queue.ts';
import type { Muster } from './compose.ts';
import { createLook, createLookAgain } from './engine/look.ts';
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

/** Starts doing the work: a queue worker and the sweep. It starts, and stays, with Redis and the clusters down. */
export function startWorking({ engine, redis }: Muster): Working {
  const stopping = new AbortController();
  const { log, queue, clock } = engine;
  const worker = startWorker({
    place: redis,
    concurrency: CONCURRENCY,
    look: createLook(engine),
    lookAgain: createLookAgain(engine),
    onTrouble: createTroubleLog(log, clock, 'trouble in the worker'),
  });
  const sweeping = keepSweeping(engine, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      const left = await worker.close(DRAIN_MS);
      await sweeping;
      for (const stream of left) {
        await queue
          .wake(stream)
          .catch((thrown: unknown) =>
            log.warn({ stream, error: coerceError(thrown).message }, 'left for the next sweep'),
          );
      }
    },
  };
}
