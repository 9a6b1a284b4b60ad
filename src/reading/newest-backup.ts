import type { ClusterReader } from '../contracts.ts';
import { formatDuration } from '../domain/duration.ts';
import { coerceError } from '../errors.ts';
import { pickBackup } from '../steps/velero/pick-backup.ts';

/** The backup that a restore of this namespace would take, and how old its data was at `since` (ms since 1970), as one sentence. It never rejects. */
export async function describeNewestBackup(reader: ClusterReader, namespace: string, since: number): Promise<string> {
  const wish = {
    namespace,
    since,
    backup: undefined,
    schedule: undefined,
    partiallyFailed: false,
    now: reader.clock.now(),
  };
  try {
    const found = await pickBackup(reader, wish);
    if (!found.ok) return `NO usable backup of ${namespace}: ${found.refusal.message}`;
    const { metadata, status } = found.picked.backup;
    const startedAt = Date.parse(status?.startTimestamp ?? '');
    const age = Number.isNaN(startedAt)
      ? 'of unknown age'
      : `${formatDuration(since - startedAt)} old when it was declared`;
    return `Newest usable backup of ${namespace}: ${metadata.name}, ${age}`;
  } catch (thrown) {
    return `The newest backup of ${namespace} could not be looked up: ${coerceError(thrown).message}`;
  }
}
