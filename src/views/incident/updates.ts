import { renderActor } from '../../domain/actor.ts';
import { isResolved } from '../../domain/incident.ts';
import { nextSlot, openSlot, slotDueAt, updateAsOf } from '../../domain/status-slots.ts';
import type { Line } from './line.ts';
import type { IncidentShown } from './shown.ts';
import { clockOf, minuteOf } from './times.ts';

/** The last status update, and when the next is due. */
export function renderUpdates(shown: IncidentShown): Line[] {
  const { state, settings } = shown;
  const last = state.updates.at(-1);
  const said =
    last === undefined
      ? 'No status update yet.'
      : `Status update as of ${clockOf(updateAsOf(state, last))} by ${renderActor(last.by)}: ${shorten(last.text)}`;
  // How it ended is said, and what was said before it is in the room.
  if (isResolved(state)) return [];
  const open = openSlot(state);
  if (open !== undefined) {
    const due = slotDueAt(state, open.slot, settings.statusUpdateMs);
    return [{ text: `Status update ${open.slot} is DUE since ${minuteOf(due)}.`, strong: true }, { text: said }];
  }
  return [{ text: said }, ...renderNextDue(shown)];
}

const LONGEST = 200;

/** Of what is long, as a draft is, the first line: the whole of it is a message of its own. */
function shorten(text: string): string {
  const [first = '', ...more] = text.trim().split('\n');
  return text.length <= LONGEST || more.length === 0 ? text : `${first} ...`;
}

export function renderNextDue({ state, settings, asOf }: IncidentShown): Line[] {
  const { due, next } = nextSlot(state, asOf, settings);
  const at = due === undefined ? next : slotDueAt(state, due, settings.statusUpdateMs);
  return at === undefined ? [] : [{ text: `The next status update is due at ${minuteOf(at)}.` }];
}
