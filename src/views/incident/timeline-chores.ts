import type { IncidentState } from '../../domain/incident.ts';
import { type EffectName, effectOf } from '../../domain/incident-effects.ts';
import type { Entry } from '../../domain/ledger.ts';

/** How every room is furnished. That somebody was paged, told or called in is no chore: nothing else says that it came about. */
const CHORES: ReadonlySet<EffectName> = new Set(['post-card', 'pin-card', 'set-topic', 'set-purpose', 'add-bookmark']);

/** Whether whoever asks what happened can do without it. What went wrong, and what came right after that, they cannot. */
export function isChore(event: Entry['event'], { effects }: IncidentState): boolean {
  switch (event.type) {
    case 'effects.begun':
      return true;
    case 'incident.ended':
      return event.why === undefined;
    case 'effect.done': {
      const wentWell = event.result.notes === undefined || event.result.notes.length === 0;
      const wasLate = (effects.get(event.key)?.delayed ?? []).length > 0;
      return wentWell && !wasLate && CHORES.has(effectOf(event.key).name);
    }
    default:
      return false;
  }
}
