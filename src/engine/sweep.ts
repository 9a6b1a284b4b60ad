import { INBOX_STREAM } from '../domain/alert.ts';
import { coerceError } from '../errors.ts';
import type { Queue } from '../ports.ts';
import type { EngineDeps } from './deps.ts';
import { forgetRuns } from './forget-runs.ts';
import { recoverRuns } from './recover-runs.ts';
import type { Rests } from './rests.ts';

/** How often unfinished work is looked for, in ms: the longest that a lost nudge can delay a run. */
export const SWEEP_MS = 15_000;

export interface SweepDeps extends EngineDeps {
  queue: Queue;
  rests: Rests;
}

/** At start and every 15 s until `signal` aborts: wakes every unfinished stream that is not known to be at rest, and finds runs that only the cluster remembers. */
export async function keepSweeping(deps: SweepDeps, signal: AbortSignal): Promise<void> {
  let trouble = '';
  while (!signal.aborted) {
    try {
      await sweep(deps, signal);
      if (trouble !== '') deps.log.info({}, 'sweeping again');
      trouble = '';
    } catch (thrown) {
      const error = coerceError(thrown);
      if (error.message !== trouble) deps.log.warn({ code: error.code, error: error.message }, 'the sweep waits');
      trouble = error.message;
    }
    await deps.clock.sleep(trouble === '' ? SWEEP_MS : 1_000, signal);
  }
}

/** One pass. @throws DrError LEDGER_UNREACHABLE */
export async function sweep(deps: SweepDeps, signal: AbortSignal): Promise<void> {
  await deps.ledger.installation();
  const unfinished = await deps.ledger.unfinished();
  const due = await deps.rests.findDue(deps.ledger, unfinished, deps.clock.now());
  for (const stream of due) await deps.queue.wake(stream);
  if ((await deps.ledger.received(1)).length > 0) await deps.queue.wake(INBOX_STREAM);
  // The cluster may be down while Redis is not: that must not keep the other runs waiting.
  const found = await recoverRuns(deps, signal);
  for (const stream of found) await deps.queue.wake(stream);
  await forgetRuns(deps, unfinished);
}
