import type { EngineDeps } from './deps.ts';
import { drive } from './drive.ts';
import type { SweepDeps } from './sweep.ts';

/**
 * What a worker does with a stream. A process never drives one stream twice at once: after a Redis outage BullMQ may hand out a
 * job again that this process still has in hand. Answers what `drive` answers.
 */
export function createLook(deps: EngineDeps): (stream: string, signal: AbortSignal) => Promise<string | undefined> {
  const driving = new Set<string>();
  return async (stream, signal) => {
    if (driving.has(stream)) return undefined;
    driving.add(stream);
    try {
      return await drive(deps, stream, signal);
    } finally {
      driving.delete(stream);
    }
  };
}

/**
 * A nudge is swallowed while a job of the same id is on its way out, after its last look: what was recorded in that moment is
 * looked for once the job is gone. `seen`: the last entry that the look saw.
 */
export function createLookAgain({
  ledger,
  queue,
}: Pick<SweepDeps, 'ledger' | 'queue'>): (stream: string, seen: string) => Promise<void> {
  return async (stream, seen) => {
    const last = (await ledger.read(stream)).at(-1)?.id;
    if (last !== seen) await queue.wake(stream);
  };
}
