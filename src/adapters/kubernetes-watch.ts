import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind, KubeObject } from '../domain/kinds.ts';
import { isRecord, parseJson } from './kubernetes-errors.ts';
import { collectionPath } from './kubernetes-objects.ts';
import { type Connection, openResponse } from './kubernetes-request.ts';

/** A watch that fails at once must not turn its caller into a hot loop. */
const LEAST_MS = 1_000;

/**
 * Resolves at the first event on the object after `since`, or after `timeoutMs`, or when the watch cannot be held
 * (then not before a second is over), or when the signal aborts. Never rejects.
 */
export async function watchObject(
  connection: Connection,
  kind: Kind<KubeObject>,
  since: KubeObject,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  const seen = await holdWatch(connection, kind, since, timeoutMs, signal).catch(() => false);
  const left = LEAST_MS - (performance.now() - startedAt);
  if (!seen && left > 0 && !signal.aborted) await sleep(left, undefined, { signal }).catch(() => {});
}

/** True when the object changed; false when the watch ended without saying so. */
async function holdWatch(
  connection: Connection,
  kind: Kind<KubeObject>,
  { metadata }: KubeObject,
  timeoutMs: number,
  callerSignal: AbortSignal,
): Promise<boolean> {
  const signal = AbortSignal.any([callerSignal, AbortSignal.timeout(timeoutMs)]);
  const path = collectionPath(kind, kind.namespaced ? metadata.namespace : undefined);
  const query = {
    watch: 'true',
    fieldSelector: `metadata.name=${metadata.name}`,
    resourceVersion: metadata.resourceVersion,
    allowWatchBookmarks: 'false',
    timeoutSeconds: String(Math.ceil(timeoutMs / 1_000)),
  };
  const response = await openResponse(connection, { method: 'GET', path, query }, signal);
  try {
    if (response.statusCode !== 200) return false;
    const failed = new Promise<never>((_, reject) => response.on('error', reject));
    const lines = createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY });
    return await Promise.race([failed, firstChange(lines, metadata.resourceVersion)]);
  } finally {
    response.destroy();
  }
}

async function firstChange(lines: AsyncIterable<string>, sinceVersion: string): Promise<boolean> {
  for await (const line of lines) {
    const event = parseJson(line);
    if (!isRecord(event) || event['type'] === 'ERROR') return false;
    const metadata = isRecord(event['object']) ? event['object']['metadata'] : undefined;
    // Some servers replay the state that the watch began with.
    const isNews = !isRecord(metadata) || metadata['resourceVersion'] !== sinceVersion;
    if (isNews && event['type'] !== 'BOOKMARK') return true;
  }
  return false;
}
