import type { IncidentState } from '../../domain/incident.ts';
import { type EffectName, effectOf } from '../../domain/incident-effects.ts';
import type { Entry } from '../../domain/ledger.ts';

/** What is done about every incident, and tells nobody anything once it went well; a reminder and an update are told by what they say. */
const CHORES: ReadonlySet<EffectName> = new Set([
  ...(['post-card', 'pin-card', 'set-topic', 'set-purpose', 'add-bookmark', 'match-on-call', 'remind'] as const),
  ...(['post-update', 'change-page'] as const),
]);

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
