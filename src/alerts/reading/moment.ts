import { z } from 'zod';

const WRONG = 'must be a time such as 2026-11-26T18:05:00Z';

/** A time as the senders write it, RFC 3339. */
export const Moment = z.iso.datetime({ offset: true, error: WRONG });

/** Milliseconds since 1970; undefined for none, and for the year 1, which is how Go writes that there is none. */
export function readMoment(text: string | null | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
