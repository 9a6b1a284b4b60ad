import { expect, test } from 'vitest';
import { judgeSchedule } from '../../src/domain/judge-schedule.ts';
import type { Backup, Schedule } from '../../src/domain/velero.ts';

const NOW = Date.parse('2026-03-15T10:30:00Z');
const HOUR = 3_600_000;
const meta = (name: string, createdAgo: number) => ({
  name,
  namespace: 'velero',
  uid: name,
  resourceVersion: '1',
  creationTimestamp: ago(createdAgo),
});

function ago(hours: number): string {
  return new Date(NOW - hours * HOUR).toISOString();
}

function schedule(cron: string, more: Partial<Schedule['status'] & { paused: boolean; createdAgo: number }> = {}) {
  const { paused, createdAgo = 5_000, ...status } = more;
  const spec = { schedule: cron, ...(paused === undefined ? {} : { paused }) };
  return { metadata: meta('daily', createdAgo), spec, status: { phase: 'Enabled', ...status } } satisfies Schedule;
}

function backup(hoursAgo: number, phase = 'Completed', lastsHours = 168): Backup {
  const status = { phase, startTimestamp: ago(hoursAgo), expiration: ago(hoursAgo - lastsHours) };
  return { metadata: meta(`daily-${hoursAgo}`, hoursAgo), spec: {}, status };
}

/** Due at 03:00, 7.5 h ago. */
const DAILY = '0 3 * * *';

test.each<[string, Schedule, Backup[], string, RegExp]>([
  ['in time', schedule(DAILY), [backup(7.5), backup(31.5)], 'ok', /costs 7 h 30 min, by its plan 1 d at most/],
  ['an hour late', schedule(DAILY), [backup(6.5)], 'ok', /costs 6 h 30 min/],
  ['one failed', schedule(DAILY), [backup(7.5, 'Failed'), backup(31.5)], 'warning', /newest is Failed.*last one due/],
  ['one partial', schedule(DAILY), [backup(7.5, 'PartiallyFailed'), backup(31.5)], 'warning', /PartiallyFailed/],
  ['two missing', schedule(DAILY), [backup(55.5)], 'red', /costs 2 d 7 h 30 min/],
  ['all expired', schedule(DAILY), [backup(7.5, 'Completed', 7)], 'red', /no good backup/],
  ['none at all', schedule(DAILY), [], 'red', /no good backup/],
  ['new', schedule(DAILY, { createdAgo: 1 }), [], 'warning', /it is new/],
  ['expires too early', schedule(DAILY), [backup(7.5, 'Completed', 24)], 'warning', /expires in 16 h 30 min/],
  ['paused', schedule(DAILY, { paused: true }), [backup(7.5)], 'warning', /paused/],
  ['paused for long', schedule(DAILY, { paused: true }), [backup(55.5)], 'red', /costs 2 d/],
  ['invalid', schedule(DAILY, { phase: 'FailedValidation' }), [backup(7.5)], 'red', /FailedValidation/],
  ['in a time zone', schedule('CRON_TZ=Asia/Tokyo 0 3 * * *'), [backup(7.5)], 'unchecked', /cannot tell/],
  ['every 6 h, running', schedule('@every 6h'), [backup(6.5, 'InProgress'), backup(12.5)], 'warning', /InProgress/],
  ['every 6 h', schedule('@every 6h'), [backup(5.9)], 'ok', /by its plan 6 h/],
])('%s', (_what, it, backups, verdict, sentence) => {
  const judged = judgeSchedule('schedule', it, backups, NOW);
  expect([judged.verdict, judged.detail]).toEqual([verdict, expect.stringMatching(sentence)]);
  expect(judged.remedy === undefined).toBe(['ok', 'unchecked'].includes(verdict));
});
