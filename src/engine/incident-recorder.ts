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
  /**
   * Records what `decide` makes of the newest state; false where that is nothing. `first`: others wait for it, so it goes before what
   * waits already. @throws DrError LEDGER_UNREACHABLE
   */
  record(decide: (view: IncidentView) => IncidentEventDraft | undefined, first?: boolean): Promise<boolean>;
}

/** @throws DrError INCIDENT_NOT_FOUND, LEDGER_UNREACHABLE */
export async function openRecorder(deps: { ledger: Ledger; clock: Clock }, stream: string): Promise<IncidentRecorder> {
  const { ledger } = deps;
  let current = await readIncident(ledger, stream);
  const inTurn = createTurns();
  const reread = async () => {
    const id = (await ledger.lastIds([stream])).get(stream);
    if (id !== current.entries.at(-1)?.id) current = await readIncident(ledger, stream);
    return current;
  };
  return {
    view: () => current,
    refresh: () => inTurn(reread),
    record: (decide, first = false) =>
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
      }, first),
  };
}

/** One piece of work after the other; `first` overtakes what has not begun. */
function createTurns(): <T>(work: () => Promise<T>, first?: boolean) => Promise<T> {
  const waiting: { first: boolean; run: () => Promise<void> }[] = [];
  let isRunning = false;
  const runAll = async () => {
    isRunning = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next.run();
    isRunning = false;
  };
  return (work, first = false) =>
    new Promise((resolve, reject) => {
      const run = () => work().then(resolve, reject);
      const behind = waiting.findIndex((it) => first && !it.first);
      waiting.splice(behind < 0 ? waiting.length : behind, 0, { first, run });
      if (!isRunning) void runAll();
    });
}
