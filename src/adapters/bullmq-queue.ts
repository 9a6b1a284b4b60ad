import { Queue as BullQueue, type ConnectionOptions, Worker } from 'bullmq';
import type { RedisPlace } from '../domain/redis-url.ts';
import { coerceError, DrError } from '../errors.ts';
import type { Queue } from '../ports.ts';

/** Messages and incidents have queues of their own: a Slack that is down must not keep runs waiting for a free hand, nor runs a page. */
type Line = 'runs' | 'posts' | 'incidents';
const NAMES: Record<Line, string> = { runs: 'streams', posts: 'posts', incidents: 'incidents' };
/** The hash tag keeps all of BullMQ's keys in one slot on Redis Cluster. */
const PREFIX = '{muster}:queue';
/** BullMQ's defaults would leave a dead worker's stream alone for a minute; these make it about 6 s. In ms. */
const LOCK_MS = 5_000;
const STALL_CHECK_MS = 2_000;
/** How long a connection may take to close, in ms. */
const CLOSE_MS = 1_000;

export interface QueueWorker {
  /** Takes no new streams, lets those in hand come to a stop between steps, then closes; returns them. `limitMs`: how long it waits at most. */
  close(limitMs: number): Promise<string[]>;
}

/** Producers fail at once while Redis is away. */
export function createQueue(place: RedisPlace, onTrouble: (error: Error) => void): Queue {
  const connection: ConnectionOptions = {
    ...place,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    retryStrategy: (times: number) => Math.min(100 * times, 1_000),
  };
  const opened = new Map<Line, BullQueue>();
  // BullMQ connects when it is made: commands that need no queue must not.
  const open = (line: Line): BullQueue => {
    const known = opened.get(line);
    if (known !== undefined) return known;
    const queue = new BullQueue(NAMES[line], { connection, prefix: PREFIX });
    queue.on('error', onTrouble);
    opened.set(line, queue);
    // BullMQ asks once what Redis it is, and keeps a failure for ever: such a queue is of no more use.
    queue.waitUntilReady().catch(() => {
      if (opened.get(line) === queue) opened.delete(line);
      queue.close().catch(() => undefined);
    });
    return queue;
  };
  return {
    wake: async (stream) => {
      try {
        const queue = await whenReady(open(lineOf(stream)));
        // The job is only a nudge: the same id twice is one job, and a finished one must not swallow the next.
        await queue.add('look', {}, { jobId: stream, attempts: 1, removeOnComplete: true, removeOnFail: true });
      } catch (cause) {
        throw unreachable(cause);
      }
    },
    workers: async (of = 'runs') => {
      try {
        const queue = await whenReady(open(of));
        return await queue.getWorkersCount();
      } catch {
        return undefined;
      }
    },
    close: async () => {
      await Promise.all([...opened.values()].map((queue) => atMost(CLOSE_MS, queue.close())));
    },
  };
}

function lineOf(stream: string): Line {
  if (stream === 'inbox' || stream.startsWith('incident-')) return 'incidents';
  return stream.startsWith('posts-') ? 'posts' : 'runs';
}

async function whenReady(queue: BullQueue): Promise<BullQueue> {
  const late = AbortSignal.timeout(1_000);
  await Promise.race([
    queue.waitUntilReady(),
    new Promise<never>((_, reject) =>
      late.addEventListener('abort', () => reject(new Error('not connected')), { once: true }),
    ),
  ]);
  return queue;
}

export interface WorkerSetup {
  place: RedisPlace;
  line: Line;
  /** How many streams at once; most of them wait for something. */
  concurrency: number;
  /** Does what the stream asks for now; answers the last entry it saw, if the stream waits. The signal aborts when the worker drains or has lost its lock. */
  look(stream: string, signal: AbortSignal): Promise<string | undefined>;
  /** Called once the job of a look that answered is gone, and a new nudge counts again. */
  lookAgain(stream: string, seen: string): Promise<void>;
  onTrouble(error: Error): void;
}

/** Starts listening for streams to look at. It survives Redis going away, and starts while Redis is away. */
export function startWorker({ place, line, concurrency, look, lookAgain, onTrouble }: WorkerSetup): QueueWorker {
  const inHand = new Map<string, AbortController>();
  const worker = new Worker(
    NAMES[line],
    async (job) => {
      const stop = new AbortController();
      const stream = job.id ?? '';
      inHand.set(stream, stop);
      try {
        return await look(stream, stop.signal);
      } catch (thrown) {
        onTrouble(coerceError(thrown));
        return undefined;
      } finally {
        if (inHand.get(stream) === stop) inHand.delete(stream);
      }
    },
    {
      connection: {
        ...place,
        maxRetriesPerRequest: null,
        connectTimeout: 2_000,
        retryStrategy: (times: number) => Math.min(100 * times, 1_000),
      },
      prefix: PREFIX,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALL_CHECK_MS,
      // Truth is in the ledger: however often a worker dies, the stream is looked at again.
      maxStalledCount: 1_000,
    },
  );
  worker.on('error', onTrouble);
  worker.on('completed', ({ id }, seen: unknown) => {
    if (id === undefined || typeof seen !== 'string') return;
    lookAgain(id, seen).catch((thrown: unknown) => onTrouble(coerceError(thrown)));
  });
  return {
    close: async (limitMs) => {
      const left = [...inHand.keys()];
      for (const stop of inHand.values()) stop.abort();
      await atMost(limitMs, worker.close());
      await atMost(CLOSE_MS, worker.close(true));
      return left;
    },
  };
}

function unreachable(cause: unknown): DrError {
  return new DrError({
    code: 'LEDGER_UNREACHABLE',
    message: `The queue in Redis does not answer (${cause instanceof Error ? cause.message : String(cause)}).`,
    action: 'The run is recorded; it goes on within 15 s of Redis answering.',
    retryable: true,
    cause,
  });
}

/** A close that hangs, as BullMQ's can while it connects anew, must not keep the process from ending. */
async function atMost(ms: number, closing: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([closing.catch(() => undefined), late]);
  clearTimeout(timer);
}
