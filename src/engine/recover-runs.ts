import { INSTALLATION_LABEL, OURS_SELECTOR, parseRecord, RUN_LABEL } from '../domain/provenance.ts';
import type { RunRecord } from '../domain/run-events.ts';
import { Restore } from '../domain/velero.ts';
import { coerceError, isDrError } from '../errors.ts';
import type { EngineDeps } from './deps.ts';
import { recordFirst, runStream } from './record.ts';

/** A Restore older than this was seen to its end long ago, or is nobody's concern any more. In ms. */
const MEMORY_MS = 24 * 3_600_000;

/**
 * Finds the runs that the cluster remembers and the ledger does not: Redis was emptied, or replaced. Each gets a new stream that
 * begins with its record, goes on with looking and verifying, and applies nothing more. Returns the streams it made.
 * @throws DrError LEDGER_UNREACHABLE
 */
export async function recoverRuns(deps: EngineDeps, signal: AbortSignal): Promise<string[]> {
  const streams: string[] = [];
  for (const restore of await listOurs(deps, signal)) {
    const run = restore.metadata.labels?.[RUN_LABEL] ?? '';
    if ((await deps.ledger.read(runStream(run))).length > 0) continue;
    const record = parseRecord(restore.metadata.annotations);
    if (record === undefined) {
      deps.log.error(
        { restore: restore.metadata.name },
        'a Restore says it is ours, but carries no record that can be read; it is left alone',
      );
      continue;
    }
    if (await adopt(deps, restore, run, record)) streams.push(runStream(run));
  }
  return streams;
}

async function listOurs(deps: EngineDeps, signal: AbortSignal): Promise<Restore[]> {
  try {
    const cluster = await deps.clusters();
    const restores = await cluster.list(
      Restore,
      { namespace: deps.homes.veleroNamespace, labelSelector: OURS_SELECTOR },
      signal,
    );
    const oldest = deps.clock.now() - MEMORY_MS;
    return restores.filter(({ metadata }) => Date.parse(metadata.creationTimestamp) > oldest);
  } catch (thrown) {
    if (isDrError(thrown) || signal.aborted) return [];
    throw coerceError(thrown);
  }
}

async function adopt(deps: EngineDeps, restore: Restore, run: string, record: RunRecord): Promise<boolean> {
  const from = `Restore ${deps.homes.veleroNamespace}/${restore.metadata.name}`;
  const [first] = record;
  if (first?.type !== 'run.requested' || first.request.run !== run) {
    deps.log.error({ from }, 'its record belongs to another run; it is left alone');
    return false;
  }
  try {
    await recordFirst(deps, { type: 'run.recovered', record, installation: await deps.ledger.installation(), from });
  } catch (thrown) {
    // Another worker was faster, or a newer run holds the target: the next sweep sees.
    if (!isDrError(thrown, 'LEDGER_CONFLICT', 'TARGET_HELD')) throw thrown;
    return false;
  }
  const was = restore.metadata.labels?.[INSTALLATION_LABEL];
  deps.log.warn(
    { run, from, was },
    'the ledger did not know this run; it was found again from the cluster and nothing is repeated',
  );
  return true;
}
