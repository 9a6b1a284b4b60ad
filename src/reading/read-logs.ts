import type { ClusterReader } from '../contracts.ts';
import type { LogPlace } from '../domain/log-places.ts';
import { redactLog } from '../domain/redact-log.ts';
import { isDrError } from '../errors.ts';

/** Of one container, in bytes; the whole is cut once more. */
const LIMIT_BYTES = 256 * 1024;
/** Logs that are asked for together. */
const TOGETHER = 4;

export interface LogWish {
  namespace: string;
  tail: number;
  sinceMs: number | undefined;
  /** Only lines that hold this, whatever the case; looked for when the secrets are out. */
  grep: string | undefined;
}

/** `none`: why there is no log, in the API's words. */
export interface ReadLog extends LogPlace {
  lines: string[];
  /** How many lines were read: with `grep`, more than are kept. */
  read: number;
  none: string | undefined;
}

/** The newest lines of each. @throws DrError CLUSTER_FORBIDDEN, CLUSTER_UNREACHABLE */
export async function readLogs(reader: ClusterReader, places: readonly LogPlace[], wish: LogWish): Promise<ReadLog[]> {
  const read: ReadLog[] = [];
  for (let at = 0; at < places.length; at += TOGETHER)
    read.push(...(await Promise.all(places.slice(at, at + TOGETHER).map((place) => readLog(reader, place, wish)))));
  return read;
}

async function readLog({ cluster, signal }: ClusterReader, place: LogPlace, wish: LogWish): Promise<ReadLog> {
  const { pod, container, previous } = place;
  const { namespace, tail, sinceMs, grep } = wish;
  const since = sinceMs === undefined ? {} : { sinceSeconds: Math.max(1, Math.ceil(sinceMs / 1000)) };
  const order = { namespace, pod, container, previous, tailLines: tail, limitBytes: LIMIT_BYTES, ...since };
  try {
    const lines = redactLog(await cluster.logs(order, signal)).split('\n');
    if (lines.at(-1) === '') lines.pop();
    const wanted = grep?.toLowerCase();
    const kept = wanted === undefined ? lines : lines.filter((line) => line.toLowerCase().includes(wanted));
    return { ...place, lines: kept, read: lines.length, none: undefined };
  } catch (thrown) {
    // A container that has not started, or whose last life the kubelet has forgotten, has no log; the others do.
    if (!isDrError(thrown, 'CLUSTER_INVALID', 'CLUSTER_NOT_SERVED')) throw thrown;
    return { ...place, lines: [], read: 0, none: thrown.message };
  }
}
