import { coerceError } from '../errors.ts';
import type { Queue } from '../ports.ts';
import type { Log } from './deps.ts';

/** Asks for a look; what is recorded is looked at by the next sweep anyway. It never rejects. */
export async function nudge({ queue, log }: { queue: Queue; log: Log }, stream: string): Promise<void> {
  await queue
    .wake(stream)
    .catch((thrown: unknown) => log.warn({ stream, error: coerceError(thrown).message }, 'left for the next sweep'));
}
