import { type IncidentState, isResolved } from './incident.ts';
import { type EffectName, type EffectState, effectKey } from './incident-effects.ts';
import { listPaging } from './incident-paging.ts';
import { listRoomEffects } from './incident-room.ts';
import type { IncidentSettings } from './incident-settings.ts';
import { nextSlot } from './status-slots.ts';

/** How long a recovery may take from the declaration, ms. */
export const RTO_MS = 15 * 60_000;
/** Percent of it at which the room is told. */
export const RTO_MARKS = [50, 80, 100] as const;

/** An effect that is to be done now, by its key. */
export interface Wanted {
  key: string;
  name: EffectName;
  attempt: number;
  /** An earlier attempt may have taken effect: look for that first. */
  inDoubt: boolean;
}

/** What time alone makes a fact. */
export type DueFact = { type: 'incident.rto-marked'; percent: number } | { type: 'slot.drafted'; slot: number };

export interface NextForIncident {
  facts: DueFact[];
  wanted: Wanted[];
  /** Until when nothing comes due by time alone, ms since 1970. */
  until: number;
}

/**
 * The incident's decider: pure, so that any worker, after any crash, comes to the same answer. It names all that remains to be done,
 * paging first: none of it waits for another unless it needs it.
 */
export function nextForIncident(state: IncidentState, now: number, settings: IncidentSettings): NextForIncident {
  if (state.over || state.foreign !== undefined) return { facts: [], wanted: [], until: Number.POSITIVE_INFINITY };
  const mark = nextMark(state);
  const slot = nextSlot(state, now, settings);
  const facts: DueFact[] = [
    ...(mark !== undefined && mark.at <= now ? [{ type: 'incident.rto-marked' as const, percent: mark.percent }] : []),
    ...(slot.due === undefined ? [] : [{ type: 'slot.drafted' as const, slot: slot.due }]),
  ];
  const keys = [...listPaging(state, settings), ...(settings.chat ? listRoomEffects(state, now, settings) : [])];
  const wanted = keys.flatMap(({ name, of }) => {
    const key = effectKey(name, of);
    const effect = state.effects.get(key);
    if (effect !== undefined && isSettled(effect)) return [];
    return [{ key, name, attempt: (effect?.attempt ?? 0) + 1, inDoubt: effect?.inDoubt === true }];
  });
  const times = [mark?.at, slot.next].filter((at) => at !== undefined);
  return { facts, wanted, until: Math.min(Number.POSITIVE_INFINITY, ...times) };
}

/** Done, or refused for good. */
function isSettled({ doneAt, refused }: EffectState): boolean {
  return doneAt !== undefined || refused !== undefined;
}

/** The next part of the recovery time target to be used up; none once the damage has been stopped. */
function nextMark(state: IncidentState): { percent: number; at: number } | undefined {
  if (state.mitigatedAt !== undefined || isResolved(state)) return undefined;
  const percent = RTO_MARKS.find((it) => !state.marks.has(it));
  return percent === undefined ? undefined : { percent, at: state.declaredAt + (RTO_MS * percent) / 100 };
}
