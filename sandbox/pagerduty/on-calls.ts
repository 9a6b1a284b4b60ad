import type { Account } from './account.ts';
import { entryOf } from './account.ts';
import type { EscalationPolicy, Level, Schedule } from './account-types.ts';

const WEEK_MS = 7 * 86_400_000;

export interface OnCall {
  policy: string;
  /** From 1. */
  level: number;
  user: string;
  /** undefined, as are its times: on call for ever. */
  schedule: string | undefined;
  start: number | undefined;
  end: number | undefined;
}

const turnAt = ({ people }: Schedule, week: number): string | undefined => people[week % people.length];

/** Who is on call at a level now, each once. */
export function onCallAt(account: Account, policy: EscalationPolicy, level: number): string[] {
  const now = account.now();
  return [...new Set(shiftsOf(account, policy, level, now, now).map(({ user }) => user))];
}

function shiftsOf(account: Account, policy: EscalationPolicy, level: number, since: number, until: number): OnCall[] {
  const { targets = [] }: Partial<Level> = policy.levels[level - 1] ?? {};
  return targets.flatMap((target) => {
    const shift = { policy: policy.id, level };
    if (target.type === 'user')
      return [{ ...shift, user: target.id, schedule: undefined, start: undefined, end: undefined }];
    const schedule = entryOf(account.schedules, target.id);
    const shifts: OnCall[] = [];
    for (let week = Math.floor(since / WEEK_MS); week * WEEK_MS <= until; week += 1) {
      const user = turnAt(schedule, week);
      if (user === undefined) break;
      shifts.push({ ...shift, user, schedule: schedule.id, start: week * WEEK_MS, end: (week + 1) * WEEK_MS });
    }
    return shifts;
  });
}

/** Everybody's turns between two times, by policy and level. */
export function listOnCalls(account: Account, since: number, until: number): OnCall[] {
  return [...account.policies.values()].flatMap((policy) =>
    policy.levels.flatMap((_level, index) => shiftsOf(account, policy, index + 1, since, until)),
  );
}

/** The first level from `from` on at which somebody is on call; undefined: there is none. */
export function nextManned(account: Account, policy: EscalationPolicy, from: number): number | undefined {
  for (let level = from; level <= policy.levels.length; level += 1)
    if (onCallAt(account, policy, level).length > 0) return level;
  return undefined;
}
