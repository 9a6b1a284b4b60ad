import { type BackupRow, describeAge, describeExpiry } from '../domain/describe-backup.ts';
import { type BackupCheck, type BackupEvidence, describeVolume, listMessages } from '../domain/judge-backup.ts';
import { formatTime } from '../domain/moment.ts';
import { redactLog } from '../domain/redact-log.ts';
import type { ListedObject, Results } from '../domain/velero-files.ts';

/** How many of Velero's own messages are shown; the log has them all. */
const MESSAGES = 5;
const LONGEST_MESSAGE = 300;
/** Names of one kind that are written out. */
const NAMES = 8;

/** The newest usable one leads: it is what a restore would take. */
export function renderBackupList(all: readonly BackupRow[], limit: number, now: number): string[] {
  const newest = all.find(({ usable }) => usable);
  const rows = all.slice(0, limit);
  const left = all.length - rows.length;
  const head =
    newest === undefined
      ? `NO usable backup among ${all.length}.`
      : `Newest usable: ${newest.name}, ${describeAge(newest, now)}; it ${newest.use}.`;
  const rest = left === 0 ? [] : [`… and ${left} older. See more: dr backup list --limit ${all.length}`];
  return [head, ...rows.map((row) => renderRow(row, now)), ...rest];
}

function renderRow(row: BackupRow, now: number): string {
  const { name, phase, underWay, errors, items, schedule, location, use } = row;
  const facts = [
    `${phase}${errors === 0 ? '' : ` (${errors} errors)`}${underWay ? ' UNDER WAY' : ''}`,
    describeAge(row, now),
    ...(underWay ? [] : [describeExpiry(row, now)]),
    ...(items === undefined ? [] : [`${items} items`]),
    schedule === undefined ? 'no schedule' : `schedule ${schedule}`,
    `in ${location}`,
    use,
  ];
  return `${name}: ${facts.join(', ')}`;
}

/** One backup in full. `who`: who may restore with it. */
export function renderBackup(row: BackupRow, evidence: BackupEvidence, who: readonly string[], now: number): string[] {
  const { status = {} } = evidence.backup;
  const ended = status.completionTimestamp;
  const began = `began ${formatTime(row.startedAt)}, ${ended === undefined ? 'not ended' : `ended ${ended}`}`;
  return [
    `${row.name}: ${row.phase}${row.underWay ? ' UNDER WAY' : ''}, ${describeAge(row, now)}; ${row.use}.`,
    `  ${began}, ${describeExpiry(row, now)}${status.expiration === undefined ? '' : ` (${status.expiration})`}, ${row.schedule === undefined ? 'no schedule' : `schedule ${row.schedule}`}, storage location ${row.location}`,
    ...renderFailure(status).map((line) => `  ${line}`),
    ...renderMessages(evidence, row).map((line) => `  ${line}`),
    ...renderInside(evidence).map((line) => `  ${line}`),
    ...renderVolumes(evidence).map((line) => `  ${line}`),
    ...who.map((line) => `  ${line}`),
  ];
}

function renderFailure({ failureReason, validationErrors }: NonNullable<BackupEvidence['backup']['status']>): string[] {
  return [failureReason, ...(validationErrors ?? [])].flatMap((text) =>
    text === undefined || text === '' ? [] : [cut(`why: ${text}`)],
  );
}

function renderMessages({ results }: BackupEvidence, { name }: BackupRow): string[] {
  if ('unread' in results) return [`errors and warnings: cannot be read: ${results.unread}`];
  return [
    ...renderSome('error', 'errors', results.found.errors, name),
    ...renderSome('warning', 'warnings', results.found.warnings, name),
  ];
}

function renderSome(one: string, many: string, messages: Results['errors'], name: string): string[] {
  const all = listMessages(messages);
  const rest = all.length > MESSAGES ? [`… ${all.length - MESSAGES} more ${many}: dr backup logs ${name}`] : [];
  return [`${all.length} ${many}`, ...all.slice(0, MESSAGES).map((text) => `  ${one}: ${cut(text)}`), ...rest];
}

function renderInside({ objects }: BackupEvidence): string[] {
  if ('unread' in objects) return [`inside: cannot be read: ${objects.unread}`];
  const spaces = Map.groupBy(objects.found, ({ namespace }) => namespace);
  return [...spaces]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([namespace, inside]) =>
        `inside ${namespace === '' ? 'no namespace (cluster-scoped)' : namespace}: ${listKinds(inside).join(', ')}`,
    );
}

function listKinds(objects: readonly ListedObject[]): string[] {
  const kinds = Map.groupBy(objects, ({ kind }) => kind);
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, all]) => `${all.length} ${kind}${namesOf(kind, all)}`);
}

/** What runs and what holds data is named. */
function namesOf(kind: string, all: readonly ListedObject[]): string {
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)) return '';
  const more = all.length > NAMES ? `, and ${all.length - NAMES} more` : '';
  const names = all.slice(0, NAMES).map(({ name }) => name);
  return ` (${names.join(', ')}${more})`;
}

function renderVolumes({ objects, volumes }: BackupEvidence): string[] {
  if ('unread' in volumes) return [`volumes: cannot be read: ${volumes.unread}`];
  if ('unread' in objects) return [];
  const claims = objects.found.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  if (claims.length === 0) return ['volumes: there is no PVC inside'];
  return claims.map(
    ({ namespace, name }) => `pvc ${namespace}/${name}: ${describeVolume(volumes.found, namespace, name).detail}`,
  );
}

/** The verdict first; what is wrong before what is well. */
export function renderVerified(name: string, namespace: string, checks: readonly BackupCheck[]): string[] {
  const red = checks.filter(({ verdict }) => verdict !== 'pass');
  const fine = checks.filter(({ verdict }) => verdict === 'pass');
  const head =
    red.length === 0
      ? `OK: ${name} can bring ${namespace} back, as far as can be told without restoring: ${fine.length} checks.`
      : `NOT OK: ${name} for ${namespace}: ${red.length} of ${checks.length} checks.`;
  return [
    head,
    ...red.flatMap(({ name: what, verdict, detail, next }) => [
      `  ${verdict === 'fail' ? 'RED' : 'not known'} ${what}: ${detail}`,
      ...(next === undefined ? [] : [`    Next: ${next}`]),
    ]),
    ...fine.map(({ name: what, detail }) => `  ok ${what}: ${detail}`),
  ];
}

/** Velero's messages hold what plugins and object stores wrote. */
function cut(text: string): string {
  const line = redactLog(text).replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
