import { coerceError } from '../errors.ts';
import type { Clock, Queue } from '../ports.ts';
import type { Log } from './deps.ts';

/** How often it is looked whose time has come, ms: so late at most is a status update asked for. */
const TICK_MS = 250;

/** When streams that rest are to be looked at again. It holds no truth: a new process looks at everything first. */
export interface Alarm {
  /** `at`: ms since 1970; a later call for the same stream counts. */
  set(stream: string, at: number): void;
  /** Wakes streams whose time has come, until `signal` aborts. It never rejects. */
  keepRinging(signal: AbortSignal): Promise<void>;
}

export function createAlarm({ clock, queue, log }: { clock: Clock; queue: Queue; log: Log }): Alarm {
  const times = new Map<string, number>();
  const ring = async (stream: string) => {
    times.delete(stream);
    try {
      await queue.wake(stream);
    } catch (thrown) {
      log.warn({ stream, error: coerceError(thrown).message }, 'its time has come; left for the next sweep');
    }
  };
  return {
    set: (stream, at) => {
      if (Number.isFinite(at)) times.set(stream, at);
      else times.delete(stream);
    },
    keepRinging: async (signal) => {
      while (!signal.aborted) {
        const now = clock.now();
        const due = [...times].filter(([, at]) => at <= now).map(([stream]) => stream);
        await Promise.all(due.map(ring));
        await clock.sleep(TICK_MS, signal);
      }
    },
  };
}
