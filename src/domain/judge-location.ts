import { formatDuration, parseDuration } from './duration.ts';
import type { Check } from './plan.ts';
import type { BackupStorageLocation } from './velero.ts';

/** Velero validates every location each minute unless told otherwise; three misses mean that it does not. In ms. */
const MISSES = 3;
const DEFAULT_FREQUENCY_MS = 60_000;

/**
 * Whether backups can be read from a location. "Available" only says that Velero could list the bucket when it last looked
 * (Velero `object_store.go`), so an old look is not believed. `now` in ms since 1970.
 */
export function judgeLocation({ metadata, spec, status }: BackupStorageLocation, now: number): Check {
  const name = `storage ${metadata.name}`;
  const phase = status?.phase ?? 'Unavailable';
  if (phase !== 'Available')
    return { name, verdict: 'fail', detail: `${phase}: ${status?.message || 'Velero gives no reason'}` };
  const validated = Date.parse(status?.lastValidationTime ?? '');
  if (Number.isNaN(validated))
    return { name, verdict: 'unchecked', detail: `${phase}, but never validated: is Velero alive?` };
  const age = now - validated;
  if (age > MISSES * frequencyOf(spec['validationFrequency'])) {
    const minutes = Math.floor(age / 60_000);
    return { name, verdict: 'unchecked', detail: `${phase}, but not validated for ${minutes} min: is Velero alive?` };
  }
  const access =
    spec.accessMode === 'ReadOnly' ? 'ReadOnly: fine for restoring, no backup is written to it' : 'ReadWrite';
  return { name, verdict: 'pass', detail: `${phase}, validated ${formatDuration(age)} ago, ${access}` };
}

function frequencyOf(text: unknown): number {
  return (typeof text === 'string' ? parseDuration(text) : undefined) ?? DEFAULT_FREQUENCY_MS;
}
