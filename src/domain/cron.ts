/** Velero's schedules: the standard format of github.com/robfig/cron v3, which Velero parses them with. Times are UTC. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The longest gap that is looked for: 29 February, over the leap year that a century leaves out. */
const LONGEST_DAYS = 8 * 366 + 1;

/** When a schedule runs: at times of the clock, or so long after the one before. */
export type CronSchedule =
  | { kind: 'clock'; minutes: Set<number>; hours: Set<number>; runsOn: (date: Date) => boolean }
  | { kind: 'every'; ms: number };

const SHORTHANDS: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  lowest: number;
  highest: number;
  names?: string[];
}

const FIELDS = {
  minute: { lowest: 0, highest: 59 },
  hour: { lowest: 0, highest: 23 },
  day: { lowest: 1, highest: 31 },
  month: { lowest: 1, highest: 12, names: MONTHS },
  weekday: { lowest: 0, highest: 6, names: DAYS },
} satisfies Record<string, Field>;

/** The schedule, or undefined for what is none, or has a time zone of its own. */
export function parseCron(text: string): CronSchedule | undefined {
  const plain = text.trim().replace(/^(CRON_)?TZ=(UTC|Etc\/UTC)\s+/, '');
  const every = /^@every\s+(\S+)$/.exec(plain)?.[1];
  if (every !== undefined) return parseEvery(every);
  const words = (SHORTHANDS[plain] ?? plain).split(/\s+/);
  if (words.length !== 5) return undefined;
  const [minutes, hours, days, months, weekdays] = Object.values(FIELDS).map((field, index) =>
    parseField(words[index] ?? '', field),
  );
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const [anyDay, anyWeekday] = [isAny(words[2]), isAny(words[4])];
  const runsOn = (date: Date) => {
    if (!months.has(date.getUTCMonth() + 1)) return false;
    const [byDay, byWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
    // Cron's old rule: where both are given, either will do.
    return anyDay || anyWeekday ? byDay && byWeekday : byDay || byWeekday;
  };
  return { kind: 'clock', minutes, hours, runsOn };
}

function isAny(word: string | undefined): boolean {
  return word?.startsWith('*') === true || word === '?';
}

function parseField(word: string, field: Field): Set<number> | undefined {
  const found = new Set<number>();
  for (const part of word.split(',')) {
    const range = parseRange(part, field);
    if (range === undefined) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) found.add(value);
  }
  return found;
}

/** `*`, `5`, `5-9`, each with `/2` or without; `5/2` means from 5 to the highest. */
function parseRange(part: string, { lowest, highest, names = [] }: Field) {
  const [, range = '', stepText] = /^([^/]+)(?:\/(\d{1,4}))?$/.exec(part) ?? [];
  const step = Number(stepText ?? 1);
  if (range === '' || step < 1) return undefined;
  if (range === '*' || range === '?') return { from: lowest, to: highest, step };
  const numberOf = (text: string): number => {
    const index = names.indexOf(text.toLowerCase());
    return index >= 0 ? index + lowest : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  };
  const [first = '', last, more] = range.split('-');
  const from = numberOf(first);
  const to = last === undefined ? (stepText === undefined ? from : highest) : numberOf(last);
  const fits = more === undefined && from >= lowest && to <= highest && from <= to;
  return fits ? { from, to, step } : undefined;
}

/** Go's durations, as far as anybody schedules backups with them. */
function parseEvery(text: string): CronSchedule | undefined {
  const [whole, hours = 0, minutes = 0, seconds = 0] =
    /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)?.map((part) => Number(part ?? 0)) ?? [];
  const ms = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return whole === undefined || ms < 1_000 ? undefined : { kind: 'every', ms };
}

/** The newest `count` times at which it was to run, not after `before`, newest first; fewer where there were none in eight years. */
export function lastRuns(schedule: CronSchedule, before: number, count: number): number[] {
  if (schedule.kind === 'every') return Array.from({ length: count }, (_, n) => before - (n + 1) * schedule.ms);
  const runs: number[] = [];
  const times = [...schedule.hours].flatMap((hour) => [...schedule.minutes].map((minute) => hour * 60 + minute));
  times.sort((a, b) => b - a);
  const today = Math.floor(before / DAY) * DAY;
  for (let back = 0; back < LONGEST_DAYS && runs.length < count; back += 1) {
    const day = today - back * DAY;
    if (!schedule.runsOn(new Date(day))) continue;
    for (const time of times) {
      const at = day + time * MINUTE;
      if (at <= before && runs.length < count) runs.push(at);
    }
  }
  return runs;
}
