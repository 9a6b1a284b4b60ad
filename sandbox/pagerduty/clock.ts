export interface AccountClock {
  /** Milliseconds; real time until it is moved. */
  now(): number;
  /** Lets this many milliseconds pass at once: what falls due in them happens, each thing at its own time. */
  advance(ms: number): void;
}

export interface Alarms extends AccountClock {
  /** Does what has fallen due by now; called before anybody looks or acts. */
  settle(): void;
  close(): void;
}

/** Longer waits make a timer fire at once; it looks again after this. */
const LONGEST_MS = 86_400_000;

/** A clock, and what falls due by it: `next` says when, `ring` does the earliest of it. */
export function createAlarms(parts: {
  base: () => number;
  next: () => number | undefined;
  ring: (at: number) => void;
}): Alarms {
  let ahead = 0;
  let ringing: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const now = () => ringing ?? parts.base() + ahead;

  function settle(): void {
    if (ringing !== undefined) return;
    const end = now();
    for (let at = parts.next(); at !== undefined && at <= end; at = parts.next()) {
      ringing = at;
      try {
        parts.ring(at);
      } finally {
        ringing = undefined;
      }
    }
    clearTimeout(timer);
    const next = parts.next();
    if (next === undefined || closed) return;
    timer = setTimeout(settle, Math.min(Math.max(next - now(), 1), LONGEST_MS));
    timer.unref();
  }

  return {
    now,
    advance(ms) {
      ahead += ms;
      settle();
    },
    settle,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
