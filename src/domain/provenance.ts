import { renderActor } from './actor.ts';
import type { RunEntry } from './ledger.ts';
import type { RunState } from './run.ts';
import { RunRecord } from './run-events.ts';

/** Labels and annotations on every object we create: a second copy, from which a bot that lost its Redis finds its runs. */
export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const RUN_LABEL = 'muster.dev/run';
export const STEP_LABEL = 'muster.dev/step';
export const ATTEMPT_LABEL = 'muster.dev/attempt';
export const INSTALLATION_LABEL = 'muster.dev/installation';
export const DIGEST_ANNOTATION = 'muster.dev/plan-digest';
/** sha256 of the spec we asked for: with the run label it tells our object from another's of the same name. */
export const SPEC_HASH_ANNOTATION = 'muster.dev/spec-hash';
export const REQUESTER_ANNOTATION = 'muster.dev/requested-by';
export const APPROVER_ANNOTATION = 'muster.dev/approved-by';
/** The run's events up to the apply, as JSON. Kubernetes allows 256 KiB of annotations; a record is a few KiB. */
export const RECORD_ANNOTATION = 'muster.dev/run-record';

/** Selects everything that Muster created. */
export const OURS_SELECTOR = `${MANAGED_BY}=muster,${RUN_LABEL}`;

export interface Provenance {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export function describeProvenance(
  state: RunState,
  entries: readonly RunEntry[],
  step: string,
  attempt: number,
): Provenance {
  const { request, approval, plan } = state;
  return {
    labels: {
      [MANAGED_BY]: 'muster',
      [RUN_LABEL]: request.run,
      [STEP_LABEL]: step,
      [ATTEMPT_LABEL]: String(attempt),
      [INSTALLATION_LABEL]: state.installation,
    },
    annotations: {
      [DIGEST_ANNOTATION]: plan?.digest ?? '',
      [REQUESTER_ANNOTATION]: renderActor(request.by),
      [APPROVER_ANNOTATION]: approval === undefined ? '' : renderActor(approval.by),
      [RECORD_ANNOTATION]: JSON.stringify(recordOf(entries)),
    },
  };
}

function recordOf(entries: readonly RunEntry[]): RunRecord {
  const record: RunRecord = [];
  for (const { event } of entries) {
    if (event.type === 'run.recovered') record.push(...event.record);
    else if (event.type !== 'foreign') record.push(event);
  }
  return record;
}

/** The record as an object carries it; undefined where it has none that we can read. */
export function parseRecord(annotations: Record<string, string> | undefined): RunRecord | undefined {
  try {
    const parsed = RunRecord.safeParse(JSON.parse(annotations?.[RECORD_ANNOTATION] ?? ''));
    return parsed.success && parsed.data[0]?.type === 'run.requested' ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
