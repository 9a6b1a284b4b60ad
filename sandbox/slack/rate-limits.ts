import { type Arguments, readText } from './arguments.ts';
import { METHODS } from './methods/method-table.ts';

export interface RateLimits {
  /** Off unless a test or the demo wants them. */
  on(): void;
  off(): void;
}

export interface RateMeter extends RateLimits {
  /** Seconds to wait, or undefined: the call may go on and is counted. */
  take(method: string, args: Arguments): number | undefined;
}

interface Bucket {
  level: number;
  at: number;
}

/** A channel takes about one message a second, and a short burst. */
const CHANNEL_BURST = 3;

/** Slack's own limits: each method by its tier, and messages by channel. */
export function createRateMeter(initially: boolean): RateMeter {
  const buckets = new Map<string, Bucket>();
  let enabled = initially;

  function takeFrom(key: string, perSecond: number, burst: number): number | undefined {
    const now = performance.now();
    const bucket = buckets.get(key) ?? { level: burst, at: now };
    bucket.level = Math.min(burst, bucket.level + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    buckets.set(key, bucket);
    if (bucket.level < 1) return Math.max(1, Math.ceil((1 - bucket.level) / perSecond));
    bucket.level -= 1;
    return undefined;
  }

  return {
    on() {
      enabled = true;
      buckets.clear();
    },
    off() {
      enabled = false;
    },
    take(method, args) {
      const entry = METHODS[method];
      if (!enabled || entry === undefined) return undefined;
      const channel = readText(args, 'channel');
      if (method === 'chat.postMessage' && channel !== undefined)
        return takeFrom(`channel ${channel}`, 1, CHANNEL_BURST);
      return takeFrom(method, entry.perMinute / 60, entry.perMinute);
    },
  };
}
