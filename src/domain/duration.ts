import { z } from 'zod';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Timers overflow at 2^31 ms (24.8 days); nothing in a recovery takes a week. */
const LONGEST = 7 * DAY;

/** `90s`, `15m`, `1h30m`, `2d` as milliseconds; undefined for anything else, for zero, and for more than seven days. */
export function parseDuration(text: string): number | undefined {
  const found = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(text);
  if (found === null) return undefined;
  const [days, hours, minutes, seconds] = found.slice(1).map((digits) => Number(digits ?? 0));
  const ms = (days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND;
  return ms > 0 && ms <= LONGEST ? ms : undefined;
}

export const DURATION_RULE = 'must be a duration of at most 7d, such as 90s, 15m or 1h30m';

/** A duration as it stands in files and on command lines; it stays text, so that a parsed value can be parsed again. */
export const DurationText = z.string(DURATION_RULE).refine((text) => parseDuration(text) !== undefined, DURATION_RULE);

/** The milliseconds of a text that passed `DurationText`. @throws RangeError for any other */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new RangeError(`"${text}" ${DURATION_RULE}`);
  return ms;
}

/** Milliseconds for people, to the whole second below: `1 min 30 s`, `2 h`, `under 1 s`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return ms <= 0 ? '0 s' : 'under 1 s';
  const parts: [number, string][] = [
    [Math.floor(ms / DAY), 'd'],
    [Math.floor(ms / HOUR) % 24, 'h'],
    [Math.floor(ms / MINUTE) % 60, 'min'],
    [Math.floor(ms / SECOND) % 60, 's'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
