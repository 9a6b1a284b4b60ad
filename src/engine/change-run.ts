import type { Change } from '../contracts.ts';
import type { RunView } from '../domain/run.ts';
import type { RunEventDraft, RunRequest } from '../domain/run-events.ts';
import { DrError, isDrError } from '../errors.ts';
import type { Clock, Ledger } from '../ports.ts';
import { readRun, record, recordFirst, runStream, writtenByNewer } from './record.ts';

interface ChangeDeps {
  ledger: Ledger;
  clock: Clock;
}

/** How often a run is read again when somebody else was faster: each time somebody got through. */
const TRIES = 8;

/** Reads, decides and records; all over again where the run has moved meanwhile. @throws DrError LEDGER_CONFLICT when it never holds still, RUN_NEWER */
export async function changeRun<D extends RunEventDraft | undefined>(
  deps: ChangeDeps,
  stream: string,
  decide: (view: RunView) => D,
): Promise<Change<D>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const view = await readRun(deps.ledger, stream);
    const recorded = decide(view);
    if (recorded === undefined) return { view, recorded };
    const { foreign, request } = view.state;
    if (foreign !== undefined) throw writtenByNewer(request.run, foreign);
    try {
      await record(deps, view, recorded);
      return { view, recorded };
    } catch (thrown) {
      if (!isDrError(thrown, 'LEDGER_CONFLICT')) throw thrown;
    }
  }
  throw new DrError({
    code: 'LEDGER_CONFLICT',
    message: `Run ${stream.replace(/^run-/, '')} is changing faster than this could be recorded. Nothing was recorded.`,
    action: 'Do it again.',
    retryable: true,
  });
}

/** Records the request. What Slack delivers twice is one run: the second delivery finds the first one's. @throws DrError LEDGER_CONFLICT */
export async function beginRun(deps: ChangeDeps, request: RunRequest): Promise<void> {
  const installation = await deps.ledger.installation();
  try {
    await recordFirst(deps, { type: 'run.requested', request: { ...request, installation } });
  } catch (thrown) {
    const delivery = request.origin?.delivery;
    if (!isDrError(thrown, 'LEDGER_CONFLICT') || delivery === undefined) throw thrown;
    const { state } = await readRun(deps.ledger, runStream(request.run));
    if (state.request.origin?.delivery !== delivery) throw thrown;
  }
}
