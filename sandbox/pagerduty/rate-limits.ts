import { rateHeaders } from './answer.ts';

export interface RateLimits {
  /** From now on so many requests a minute are answered, by real time; left out: PagerDuty's 960. */
  on(perMinute?: number): void;
  off(): void;
}

export interface RateMeter extends RateLimits {
  /** Counts a call of the REST API; what its answer says of the limit, and whether it is over it. */
  count(): { headers: Record<string, string>; exceeded: boolean };
}

const PER_MINUTE = 960;
const WINDOW_MS = 60_000;

/** Off unless a test or the demo wants it; the headers are there all the same. */
export function createRateMeter(): RateMeter {
  let limit = PER_MINUTE;
  let enforced = false;
  let window = { from: performance.now(), used: 0 };
  const begin = () => {
    window = { from: performance.now(), used: 0 };
  };
  return {
    on(perMinute = PER_MINUTE) {
      limit = perMinute;
      enforced = true;
      begin();
    },
    off() {
      enforced = false;
      limit = PER_MINUTE;
    },
    count() {
      if (performance.now() - window.from >= WINDOW_MS) begin();
      const exceeded = enforced && window.used >= limit;
      if (!exceeded) window.used += 1;
      const reset = Math.max(1, Math.ceil((window.from + WINDOW_MS - performance.now()) / 1_000));
      return { headers: rateHeaders(limit, Math.max(0, limit - window.used), reset), exceeded };
    },
  };
}
