import { type IncidentState, isResolved } from './incident.ts';
import type { IncidentSettings } from './incident-settings.ts';

export interface SlotsNow {
  /** The slot that is due and not drafted yet. */
  due?: number;
  /** When the next one comes, ms since 1970; undefined: none will. */
  next?: number;
}

/** When slot 1, 2, ... is due, ms since 1970. */
export function slotDueAt({ declaredAt }: Pick<IncidentState, 'declaredAt'>, slot: number, every: number): number {
  return declaredAt + slot * every;
}

/**
 * Which status update is due. Of slots that passed while nothing ran, only the newest is asked for; an update in the time before a slot
 * answers it.
 */
export function nextSlot(
  state: IncidentState,
  now: number,
  { statusUpdateMs: every }: Pick<IncidentSettings, 'statusUpdateMs'>,
): SlotsNow {
  if (isResolved(state)) return {};
  const slot = Math.floor((now - state.declaredAt) / every);
  const next = slotDueAt(state, slot + 1, every);
  const isAsked = slot < 1 || state.slots.has(slot) || isAnsweredAhead(state, slot, every);
  return isAsked ? { next } : { due: slot, next };
}

function isAnsweredAhead(state: IncidentState, slot: number, every: number): boolean {
  const dueAt = slotDueAt(state, slot, every);
  return state.updates.some(({ at }) => at > dueAt - every && at <= dueAt);
}

/** As of when an update tells how it stands, ms since 1970: what is posted as it was drafted was true then. */
export function updateAsOf({ slots }: Pick<IncidentState, 'slots'>, update: IncidentState['updates'][number]): number {
  const drafted = update.slot === undefined ? undefined : slots.get(update.slot);
  return drafted?.text === update.text ? drafted.at : update.at;
}

/** The newest slot that was asked for, if nobody has posted an update since. */
export function openSlot(state: IncidentState): { slot: number; at: number; text: string } | undefined {
  const newest = Math.max(0, ...state.slots.keys());
  const drafted = state.slots.get(newest);
  if (drafted === undefined || state.updates.some(({ at }) => at >= drafted.at)) return undefined;
  return { slot: newest, ...drafted };
}
