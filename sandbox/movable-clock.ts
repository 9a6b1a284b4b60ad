import type { Clock } from '../src/ports.ts';

export interface MovableClock extends Clock {
  /** Lets this many milliseconds pass at once; whoever sleeps for less wakes. */
  move(ms: number): void;
  /** Back to real time; whoever sleeps wakes. */
  reset(): void;
}

/** Real time, until it is moved on. */
export function createMovableClock(): MovableClock {
  let ahead = 0;
  const sleepers = new Set<(early?: boolean) => void>();
  const now = () => Date.now() + ahead;
  return {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const end = now() + ms;
        let timer: NodeJS.Timeout | undefined;
        const wake = (early = false) => {
          clearTimeout(timer);
          if (!early && !signal.aborted && now() < end) {
            timer = setTimeout(() => wake(), end - now());
            return;
          }
          sleepers.delete(wake);
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const stop = () => wake();
        sleepers.add(wake);
        signal.addEventListener('abort', stop, { once: true });
        wake();
      }),
    move: (ms) => {
      ahead += ms;
      for (const wake of [...sleepers]) wake();
    },
    reset: () => {
      ahead = 0;
      for (const wake of [...sleepers]) wake(true);
    },
  };
}
