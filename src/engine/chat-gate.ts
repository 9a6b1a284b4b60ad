import type { Clock } from '../ports.ts';

/** Slack's word to wait counts for the whole process: whoever is about to call it waits here first. */
export interface ChatGate {
  /** Resolves once Slack may be called, or when the signal aborts. */
  pass(signal: AbortSignal): Promise<void>;
  /** When Slack may be called, ms since 1970: for whoever has something better to do than to wait. */
  opensAt(): number;
  /** Nobody calls for so many ms. */
  close(ms: number): void;
}

export function createChatGate(clock: Clock): ChatGate {
  let openAt = 0;
  return {
    pass: async (signal) => {
      for (let left = openAt - clock.now(); left > 0 && !signal.aborted; left = openAt - clock.now())
        await clock.sleep(left, signal);
    },
    opensAt: () => openAt,
    close: (ms) => {
      openAt = Math.max(openAt, clock.now() + ms);
    },
  };
}
