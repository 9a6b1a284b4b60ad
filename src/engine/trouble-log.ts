import type { Clock } from '../ports.ts';
import type { Log } from './deps.ts';

/** Trouble that has been quiet for this long, in ms, is new when it comes again; reconnecting is tried every second or two. */
const QUIET_MS = 15_000;

/** Says a trouble once for as long as it lasts, however often it is reported; and again when it comes back. */
export function createTroubleLog(log: Log, clock: Clock, sentence: string): (error: Error) => void {
  const lastAt = new Map<string, number>();
  return ({ message }) => {
    const now = clock.now();
    const last = lastAt.get(message);
    for (const [known, at] of lastAt) if (now - at > QUIET_MS) lastAt.delete(known);
    lastAt.set(message, now);
    if (last === undefined || now - last > QUIET_MS) log.warn({ error: message }, sentence);
  };
}
