import { formatDuration } from './duration.ts';
import type { PodVolumeRestore } from './velero.ts';
import type { VolumeInfos } from './velero-files.ts';

/** How long the volumes of a restore will take, by what earlier restores in the same cluster took. Never a constant. */

const MIB = 1_048_576;

/** The bytes of a namespace's volumes in a backup; undefined where Velero does not say the size of one. */
export function sumVolumeBytes(infos: VolumeInfos, namespace: string): number | undefined {
  const sizes = infos
    .filter(({ pvcNamespace }) => pvcNamespace === namespace)
    .map(({ pvbInfo, snapshotDataMovementInfo }) => pvbInfo?.size ?? snapshotDataMovementInfo?.size);
  if (sizes.some((size) => size === undefined)) return undefined;
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** Bytes per second over all volumes that were restored and took at least a second, and how many those were. */
export function observeRate(
  volumes: readonly PodVolumeRestore[],
): { bytesPerSecond: number; count: number } | undefined {
  const seen = volumes.flatMap(({ status }) => {
    const { phase, startTimestamp = '', completionTimestamp = '', progress } = status ?? {};
    const ms = Date.parse(completionTimestamp) - Date.parse(startTimestamp);
    const bytes = progress?.bytesDone ?? 0;
    return phase === 'Completed' && bytes > 0 && ms >= 1_000 ? [{ ms, bytes }] : [];
  });
  if (seen.length === 0) return undefined;
  const total = seen.reduce((sum, it) => ({ ms: sum.ms + it.ms, bytes: sum.bytes + it.bytes }));
  return { bytesPerSecond: (total.bytes * 1_000) / total.ms, count: seen.length };
}

/** The estimate as a line of the plan. */
export function describeEstimate(bytes: number | undefined, rate: ReturnType<typeof observeRate>): string {
  if (bytes === undefined) return 'How long the volumes take is unknown: the backup does not say how large they are.';
  if (bytes === 0) return 'No volume data has to be written.';
  const size = `${formatBytes(bytes)} of volume data`;
  if (rate === undefined)
    return `How long ${size} take is unknown: no earlier restore of a volume is left in the cluster to measure by.`;
  const time = formatDuration(Math.max(1_000, (bytes / rate.bytesPerSecond) * 1_000));
  return `About ${time} for ${size}, one after another, at the ${formatBytes(rate.bytesPerSecond)}/s of the last ${rate.count} restored volumes.`;
}

/** `1.5 GiB`, `512 MiB`. */
export function formatBytes(bytes: number): string {
  const [size, unit] = bytes >= 1_024 * MIB ? [bytes / (1_024 * MIB), 'GiB'] : [bytes / MIB, 'MiB'];
  return `${size >= 10 ? Math.round(size) : Math.round(size * 10) / 10} ${unit}`;
}
