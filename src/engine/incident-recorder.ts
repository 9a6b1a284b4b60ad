import type { IncidentView } from '../domain/incident.ts';
import type { IncidentEventDraft } from '../domain/incident-events.ts';
import { isDrError } from '../errors.ts';
import type { Clock, Ledger } from '../ports.ts';
import { readIncident, recordIncident } from './record-incident.ts';

/** One incident's stream, as this process has it in hand: effects run side by side, their records go in one after the other. */
export interface IncidentRecorder {
  view(): IncidentView;
  /** Reads what others have written since. @throws DrError LEDGER_UNREACHABLE */
  refresh(): Promise<IncidentView>;
  /** Records what `decide` makes of the newest state; false where that is nothing. @throws DrError LEDGER_UNREACHABLE */
  record(decide: (view: IncidentView) => IncidentEventDraft | undefined): Promise<boolean>;
}

/** @throws DrError INCIDENT_NOT_FOUND, LEDGER_UNREACHABLE */
export async function openRecorder(deps: { ledger: Ledger; clock: Clock }, stream: string): Promise<IncidentRecorder> {
  const { ledger } = deps;
  let current = await readIncident(ledger, stream);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const reread = async () => {
    const id = (await ledger.lastIds([stream])).get(stream);
    if (id !== current.entries.at(-1)?.id) current = await readIncident(ledger, stream);
    return current;
  };
  return {
    view: () => current,
    refresh: () => inTurn(reread),
    record: (decide) =>
      inTurn(async () => {
        for (;;) {
          const draft = decide(current);
          if (draft === undefined) return false;
          try {
            current = await recordIncident(deps, current, draft);
            return true;
          } catch (thrown) {
            if (!isDrError(thrown, 'LEDGER_CONFLICT')) throw thrown;
            current = await readIncident(ledger, stream);
          }
        }
      }),
  };
}
