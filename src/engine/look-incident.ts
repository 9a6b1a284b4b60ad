import { INBOX_STREAM } from '../domain/alert.ts';
import { incidentOf } from '../domain/incident-events.ts';
import type { Alarm } from './alarm.ts';
import { driveIncident, type IncidentRest } from './drive-incident.ts';
import { createIncidentMemory, type IncidentDeps, type IncidentMemory } from './incident-deps.ts';
import { type Look, once } from './look.ts';
import type { SweepDeps } from './sweep.ts';

export interface IncidentLooks {
  look: Look;
  /** Once the job is gone: whether something was recorded in that moment, and else until when it rests. */
  lookAgain(stream: string, seen: string): Promise<void>;
}

/** A look at an incident, or at what webhooks have brought. What a process knows of an incident it keeps until the incident is over. */
export function createIncidentLooks(
  deps: IncidentDeps & Pick<SweepDeps, 'queue' | 'rests'>,
  alarm: Pick<Alarm, 'set'>,
  drain: (signal: AbortSignal) => Promise<void>,
): IncidentLooks {
  const memories = new Map<string, IncidentMemory>();
  const rests = new Map<string, IncidentRest>();
  const lookAtIncident: Look = async (stream, signal) => {
    const memory = memories.get(stream) ?? createIncidentMemory();
    memories.set(stream, memory);
    const rest = await driveIncident(deps, memory, stream, signal);
    if (rest === undefined) return undefined;
    rests.set(stream, rest);
    if (rest.until === Number.POSITIVE_INFINITY) memories.delete(stream);
    return rest.seen;
  };
  return {
    look: once(async (stream, signal) => {
      if (incidentOf(stream) !== undefined) return lookAtIncident(stream, signal);
      await drain(signal);
      return signal.aborted ? undefined : INBOX_STREAM;
    }),
    lookAgain: async (stream, seen) => {
      if (stream === INBOX_STREAM) {
        if ((await deps.ledger.received(1)).length > 0) await deps.queue.wake(INBOX_STREAM);
        return;
      }
      const until = rests.get(stream)?.until ?? Number.POSITIVE_INFINITY;
      rests.delete(stream);
      if ((await deps.ledger.lastIds([stream])).get(stream) !== seen) return deps.queue.wake(stream);
      deps.rests.note(stream, seen, until);
      alarm.set(stream, until);
    },
  };
}
