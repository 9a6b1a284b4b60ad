import type { Store } from '../cluster/store.ts';
import { type BackupRequest, nameStamp } from '../velero/take-backup.ts';
import { VELERO_NAMESPACE } from '../velero/velero-types.ts';
import { DATA_PROCESSING } from './data-processing.ts';
import { ensureObject } from './ensure-object.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface SeededSchedule {
  name: string;
  /** How a run's time reads as a cron expression. */
  cron: (at: Date) => string;
  ttl: string;
  /** How old its newest backup is, and how many it has. */
  newestMs: number;
  kept: number;
  /** The n-th run before the newest one. */
  before: (newest: Date, n: number) => Date;
  request: BackupRequest;
}

const clock = (at: Date) => `${at.getUTCMinutes()} ${at.getUTCHours()}`;
const every = (ms: number) => (newest: Date, n: number) => new Date(newest.getTime() - n * ms);

function monthsBefore(newest: Date, n: number): Date {
  const at = new Date(newest);
  at.setUTCMonth(at.getUTCMonth() - n);
  return at;
}

/** The backup strategy of the sandbox's operators: four schedules. */
const SCHEDULES: SeededSchedule[] = [
  {
    name: 'hourly-incremental',
    cron: (at) => `${at.getUTCMinutes()} * * * *`,
    ttl: '24h0m0s',
    newestMs: 35 * MINUTE,
    kept: 24,
    before: every(HOUR),
    request: {
      namespaces: [DATA_PROCESSING],
      includedResources: ['configmaps', 'secrets', 'persistentvolumeclaims', 'persistentvolumes'],
    },
  },
  {
    name: 'daily-full-backup',
    cron: (at) => `${clock(at)} * * *`,
    ttl: '168h0m0s',
    newestMs: 9 * HOUR,
    kept: 7,
    before: every(DAY),
    request: { excludedResources: ['events', 'events.events.k8s.io'] },
  },
  {
    name: 'weekly-full-backup',
    cron: (at) => `${clock(at)} * * ${at.getUTCDay()}`,
    ttl: '720h0m0s',
    newestMs: 3 * DAY,
    kept: 4,
    before: every(7 * DAY),
    request: { namespaces: [DATA_PROCESSING] },
  },
  {
    name: 'monthly-full-backup',
    cron: (at) => `${clock(at)} ${at.getUTCDate()} * *`,
    ttl: '4320h0m0s',
    newestMs: 12 * DAY,
    kept: 6,
    before: monthsBefore,
    request: {},
  },
];

/** The n-th newest daily backup that is only PartiallyFailed. */
const FAILED_DAILY = 2;

function newestOf({ newestMs, name }: SeededSchedule, now: number): Date {
  const at = Math.floor((now - newestMs) / MINUTE) * MINUTE;
  // Days 29 to 31 do not come every month; a monthly run is moved before them.
  const date = new Date(at);
  if (name.startsWith('monthly')) date.setUTCDate(Math.min(28, date.getUTCDate()));
  return date;
}

export function seedSchedules(store: Store, now: number): void {
  for (const schedule of SCHEDULES) {
    const at = newestOf(schedule, now);
    const { namespaces = ['*'], includedResources, excludedResources } = schedule.request;
    ensureObject(store, 'schedules.velero.io', {
      metadata: { name: schedule.name, namespace: VELERO_NAMESPACE },
      spec: {
        schedule: schedule.cron(at),
        paused: false,
        skipImmediately: false,
        useOwnerReferencesInBackup: false,
        template: {
          includedNamespaces: namespaces,
          ...(includedResources ? { includedResources } : {}),
          ...(excludedResources ? { excludedResources } : {}),
          defaultVolumesToFsBackup: true,
          storageLocation: 'default',
          ttl: schedule.ttl,
        },
      },
      status: { phase: 'Enabled', lastBackup: `${at.toISOString().slice(0, 19)}Z` },
    });
  }
}

/** The backups that the schedules would have left by now, and one taken by hand twenty days ago; oldest first. */
export function backupHistory(now: number): BackupRequest[] {
  const scheduled = SCHEDULES.flatMap((schedule) => {
    const newest = newestOf(schedule, now);
    return Array.from({ length: schedule.kept }, (_, n): BackupRequest => {
      const failed = schedule.name === 'daily-full-backup' && n === FAILED_DAILY;
      const outcome = failed ? { outcome: { phase: 'PartiallyFailed' as const, errors: 2 } } : {};
      const { name, ttl, before, request } = schedule;
      return { ...request, ...outcome, schedule: name, ttl, startedAt: before(newest, n) };
    });
  });
  const byHand = new Date(Math.floor((now - 20 * DAY) / MINUTE) * MINUTE);
  const stamp = nameStamp(byHand);
  const name = `manual-backup-${stamp.slice(0, 8)}-${stamp.slice(8, 12)}`;
  const all: BackupRequest[] = [...scheduled, { name, namespaces: [DATA_PROCESSING], startedAt: byHand }];
  return all.sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
}
