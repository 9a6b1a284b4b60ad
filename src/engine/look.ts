import type { EngineDeps } from './deps.ts';
import { drive } from './drive.ts';

/**
 * What a worker does with a stream. A process never drives one stream twice at once: after a Redis outage BullMQ may hand out a
 * job again that this process still has in hand.
 */
export function createLook(deps: EngineDeps): (stream: string, signal: AbortSignal) => Promise<void> {
  const driving = new Set<string>();
  return async (stream, signal) => {
    if (driving.has(stream)) return;
    driving.add(stream);
    try {
      await drive(deps, stream, signal);
    } finally {
      driving.delete(stream);
    }
  };
}
