import { expect, test } from 'vitest';
import { type BackupWish, chooseBackup, describePassedOver } from '../../src/domain/choose-backup.ts';
import type { Backup } from '../../src/domain/velero.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const HOUR = 60 * 60_000;

function backup(name: string, hoursAgo: number, spec: Backup['spec'] = {}, phase = 'Completed'): Backup {
  const startTimestamp = new Date(NOW - hoursAgo * HOUR).toISOString();
  const schedule = name.replace(/-\d+$/, '');
  const labels = { 'velero.io/schedule-name': schedule };
  return {
    metadata: { name, uid: name, creationTimestamp: startTimestamp, resourceVersion: '1', labels },
    spec,
    status: { phase, startTimestamp },
  };
}

const narrow = { includedResources: ['configmaps', 'secrets'] };
const BACKUPS = [
  backup('daily-1', 33),
  backup('hourly-1', 2, narrow),
  backup('daily-2', 9),
  backup('hourly-2', 1, narrow),
  backup('manual-1', 3, {}, 'PartiallyFailed'),
];
const WISH: BackupWish = {
  namespace: 'shop',
  backup: undefined,
  schedule: undefined,
  since: undefined,
  partiallyFailed: false,
  now: NOW,
};

function refusal(wish: Partial<BackupWish>): string {
  const choice = chooseBackup(BACKUPS, { ...WISH, ...wish });
  return choice.ok ? `took ${choice.backup.metadata.name}` : `${choice.refusal.message} Next: ${choice.refusal.action}`;
}

test('the newest that can is taken; newer ones are named once for each reason, with their age', () => {
  const choice = chooseBackup(BACKUPS, WISH);
  expect(choice.ok && choice.backup.metadata.name).toBe('daily-2');
  expect(choice.ok && describePassedOver(choice.passedOver, NOW)).toEqual([
    'hourly-2, 1 h old, has no Deployments (only configmaps, secrets); and 1 more like it.',
    'manual-1, 3 h old, is PartiallyFailed.',
  ]);
});

test('what began after the disaster is not taken, unless it is all there is: then that is said', () => {
  expect(refusal({ since: NOW - 10 * HOUR })).toBe('took daily-1');
  expect(refusal({ since: NOW - 9 * HOUR })).toBe('took daily-2');
  expect(refusal({ since: NOW - 40 * HOUR })).toContain('began after the disaster; and 3 more like it.');
});

test.each([
  [{ backup: 'dayly-2' }, 'There is no backup "dayly-2". Near to it: daily-2'],
  [{ backup: 'dayly-2' }, 'The newest that can is daily-2; leave --from out'],
  [{ backup: 'zzz' }, 'There is no backup "zzz". Next: The newest that can is daily-2'],
  [{ backup: 'hourly-2' }, 'Backup hourly-2 cannot restore shop: it has no Deployments (only configmaps, secrets).'],
  [{ backup: 'manual-1' }, 'it is PartiallyFailed.'],
  [{ schedule: 'dialy' }, 'There is no backup of schedule "dialy"; did you mean "daily"?'],
  [{ schedule: 'hourly' }, 'No backup of schedule hourly can restore shop. hourly-2, 1 h old'],
])('%j: %s', (wish, sentence) => {
  expect(refusal(wish)).toContain(sentence);
});

test('a name that shares its beginning with others is answered with the newest of those', () => {
  expect(refusal({ backup: 'daily-full-backup-latest' })).toContain('Near to it: daily-2, daily-1.');
});

test('a backup whose retention is over, or nearly, is not relied on', () => {
  const expiring = (name: string, expiration: string): Backup => {
    const it = backup(name, 9);
    return { ...it, status: { ...it.status, expiration } };
  };
  const backups = [expiring('over', '2026-01-31T11:59:00Z'), expiring('soon', '2026-01-31T12:29:00Z')];
  const flawOf = (name: string) => {
    const choice = chooseBackup(backups, { ...WISH, backup: name });
    return choice.ok ? undefined : choice.refusal.message;
  };
  expect(flawOf('over')).toBe('Backup over cannot restore shop: it expired at 2026-01-31T11:59:00Z.');
  expect(flawOf('soon')).toBe('Backup soon cannot restore shop: it expires at 2026-01-31T12:29:00Z.');
});
