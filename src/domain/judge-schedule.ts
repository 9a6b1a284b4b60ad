import { startOf } from './choose-backup.ts';
import { lastRuns, parseCron } from './cron.ts';
import { type Diagnosis, ok, red, unchecked, warning } from './diagnosis.ts';
import { formatDuration } from './duration.ts';
import type { Backup, Schedule } from './velero.ts';

/** How long a backup that was due may still be running, in ms. */
const RUNNING_MS = 3_600_000;
/** A start is recorded to the second, and up to a little late or early. In ms. */
const TOLERANCE_MS = 60_000;
const MINUTE_MS = 60_000;

/**
 * Whether a schedule does what it is there for: there is a good backup of the last time that it was due, and it will last until the next.
 * Good is Completed only. `backups`: those of this schedule. `now` in ms since 1970.
 */
export function judgeSchedule(line: string, schedule: Schedule, backups: readonly Backup[], now: number): Diagnosis {
  const { metadata, spec, status } = schedule;
  const namespace = metadata.namespace ?? 'velero';
  const describe = `velero -n ${namespace} schedule describe ${metadata.name}`;
  if (status?.phase === 'FailedValidation') {
    const why = status.validationErrors?.join('; ') || 'Velero gives no reason';
    return red(line, `FailedValidation, so it makes no backups: ${why}`, `Correct it: ${describe}`);
  }
  const cron = parseCron(spec.schedule);
  if (cron === undefined) return unchecked(line, `Muster cannot tell when "${spec.schedule}" is due`);
  // What was due just now may still be running.
  const [due, before] = lastRuns(cron, now - RUNNING_MS, 2);
  if (due === undefined || before === undefined) return unchecked(line, `"${spec.schedule}" was never due`);
  const found = newestGood(backups, now);
  const judged = judgeAge({ line, schedule, found, due, before, now, newest: newestOf(backups) });
  if (judged.verdict === 'red' || spec.paused !== true) return judged;
  return warning(
    line,
    `it is paused, so it makes no backups; ${judged.detail}`,
    `If nobody paused it on purpose: velero -n ${namespace} schedule unpause ${metadata.name}`,
  );
}

interface Facts {
  line: string;
  schedule: Schedule;
  found: Backup | undefined;
  newest: Backup | undefined;
  due: number;
  before: number;
  now: number;
}

function judgeAge({ line, schedule, found, newest, due, before, now }: Facts): Diagnosis {
  const { metadata } = schedule;
  const namespace = metadata.namespace ?? 'velero';
  const logs = `velero -n ${namespace} backup logs ${newest?.metadata.name ?? ''}`.trim();
  const next =
    newest === undefined || newest === found
      ? `See why: kubectl -n ${namespace} logs deployment/velero --tail 50`
      : `See why: ${logs}`;
  const last = newest === undefined || newest === found ? '' : `; the newest is ${newest.status?.phase ?? 'New'}`;
  if (found === undefined) {
    if (newest === undefined && Date.parse(metadata.creationTimestamp) > due)
      return warning(
        line,
        'no backup yet; it is new',
        `To have one now: velero backup create --from-schedule ${metadata.name}`,
      );
    return red(line, `there is no good backup of it${last}: a loss now cannot be undone from it`, next);
  }
  const age = now - startOf(found);
  const interval = due - before;
  const loss = `last good ${found.metadata.name}: a loss now costs ${inWords(age)}${last}`;
  const planned = `by its plan ${inWords(interval)} at most`;
  if (startOf(found) < before - TOLERANCE_MS) return red(line, `${loss}, ${planned}`, next);
  if (startOf(found) < due - TOLERANCE_MS)
    return warning(line, `${loss}, ${planned}; the last one due is missing`, next);
  const lasts = Date.parse(found.status?.expiration ?? '') - now;
  if (lasts < interval) {
    const remedy = `Keep backups longer than the time between two: spec.template.ttl of Schedule ${metadata.name}.`;
    return warning(line, `${loss}, and it expires in ${inWords(lasts)}, before the next is sure`, remedy);
  }
  return ok(line, `${loss}, ${planned}`);
}

function newestGood(backups: readonly Backup[], now: number): Backup | undefined {
  return newestOf(
    backups.filter(({ status }) => status?.phase === 'Completed' && !(Date.parse(status.expiration ?? '') <= now)),
  );
}

function newestOf(backups: readonly Backup[]): Backup | undefined {
  return [...backups].sort((a, b) => startOf(b) - startOf(a))[0];
}

/** Seconds say nothing about hours. */
function inWords(ms: number): string {
  return formatDuration(ms < MINUTE_MS ? ms : Math.floor(ms / MINUTE_MS) * MINUTE_MS);
}
