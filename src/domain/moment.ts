/** Points in time as people type them, always in UTC. */

/** `ms` since 1970; or why it is none, as a clause that begins with `must`. */
export type Moment = { ms: number } | { message: string };

type Part = readonly [wanted: string, pattern: RegExp];

const CLOCK: Part[] = [
  ['an hour from 00 to 23', /[01]\d|2[0-3]/y],
  ['":"', /:/y],
  ['a minute from 00 to 59', /[0-5]\d/y],
];
const DATE: Part[] = [
  ['a year of four digits', /\d{4}/y],
  ['"-"', /-/y],
  ['a month from 01 to 12', /0[1-9]|1[0-2]/y],
  ['"-"', /-/y],
  ['a day from 01 to 31', /0[1-9]|[12]\d|3[01]/y],
  ['"T"', /T/y],
];
const SECONDS_AND_ZONE: Part = ['seconds, or "Z" for UTC', /(:[0-5]\d(\.\d{1,9})?)?Z/y];
const END: Part = ['nothing more', /$/y];

const EXAMPLE = '2026-01-31T03:04:00Z';
const DAY_MS = 24 * 60 * 60_000;

/** A time as RFC 3339 writes it, in UTC (`Z`); the seconds may be left out. */
export function parseTime(text: string): Moment {
  const misfit = findMisfit(text, [...DATE, ...CLOCK, SECONDS_AND_ZONE, END]);
  if (misfit !== undefined) return misplaced(misfit, EXAMPLE);
  const ms = Date.parse(text.replace(/(T\d\d:\d\d)Z/, '$1:00Z'));
  // Date takes 31 February for 3 March.
  const exists = !Number.isNaN(ms) && new Date(ms).getUTCDate() === Number(text.slice(8, 10));
  return exists ? { ms } : misplaced({ at: 8, wanted: 'a day that this month has' }, EXAMPLE);
}

/** A time that has passed: RFC 3339 in UTC, or `HH:MM` for the last time that a clock in UTC showed it. `now` in ms since 1970. */
export function parsePastTime(text: string, now: number): Moment {
  const clock = /^\d{0,2}:/.test(text) || text.length < 6;
  const moment = clock ? parseClock(text, now) : parseTime(text);
  if (!('ms' in moment) || moment.ms <= now) return moment;
  return { message: `must have passed: it is ${formatTime(now)} now. Such as ${formatTime(now - 60 * 60_000)}` };
}

/** `2026-01-31T03:04:00Z` */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function parseClock(text: string, now: number): Moment {
  const misfit = findMisfit(text, [...CLOCK, END]);
  if (misfit !== undefined) return misplaced(misfit, `03:04 or ${EXAMPLE}`);
  const today = Date.parse(`${new Date(now).toISOString().slice(0, 10)}T${text}:00Z`);
  return { ms: today <= now ? today : today - DAY_MS };
}

/** Where the text first is not what it should be; `at` counts from 0. */
function findMisfit(text: string, parts: readonly Part[]): { at: number; wanted: string } | undefined {
  let at = 0;
  for (const [wanted, pattern] of parts) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return { at, wanted };
    at += found[0].length;
  }
  return undefined;
}

function misplaced({ at, wanted }: { at: number; wanted: string }, example: string): Moment {
  return { message: `must have ${wanted} at character ${at + 1}, such as ${example}` };
}
