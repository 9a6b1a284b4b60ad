import { setTimeout as sleep } from 'node:timers/promises';

export interface Looking {
  /** @throws what has ended it before its time */
  check(): void;
  /** Ends after the present look. @throws as check */
  stop(): Promise<void>;
}

/** Looks again and again; the first look that fails is the last one. */
export function lookOn(who: string, everyMs: number, look: () => Promise<void>): Looking {
  let stopped = false;
  let trouble: Error | undefined;
  const check = () => {
    if (trouble !== undefined) throw trouble;
  };
  const go = async () => {
    while (!stopped && trouble === undefined) {
      await look().catch((cause: unknown) => {
        trouble = new Error(`the stand-in for ${who} gave up: ${String(cause)}`, { cause });
      });
      await sleep(everyMs);
    }
  };
  const going = go();
  return {
    check,
    stop: async () => {
      stopped = true;
      await going;
      check();
    },
  };
}
