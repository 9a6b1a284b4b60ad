import { type IncidentState, isResolved } from './incident.ts';
import { effectKey } from './incident-effects.ts';
import type { EffectResult, Responder } from './incident-events.ts';
import type { EffectRef, IncidentSettings } from './incident-settings.ts';

/** The war room's channel, once it is open. */
export function roomOf({ effects }: Pick<IncidentState, 'effects'>): { channel: string; name: string } | undefined {
  const result = effects.get(effectKey('open-room'))?.result;
  return result?.channel === undefined ? undefined : { channel: result.channel, name: result.name ?? '' };
}

/** Who is on call, and as far as it is known who that is in Slack; undefined: not looked up yet. */
export function onCallOf({ effects }: Pick<IncidentState, 'effects'>): Responder[] | undefined {
  const matched = effects.get(effectKey('match-on-call'))?.result?.responders;
  return matched ?? effects.get(effectKey('find-on-call'))?.result?.responders;
}

/**
 * Where everybody can be called, best first: in the incidents channel, as nobody need be in a room of which PagerDuty could not say whom to
 * call in; a private incident only in its room.
 */
export function listLoudPlaces(
  state: Pick<IncidentState, 'effects' | 'opening'>,
  { announceIn }: Pick<IncidentSettings, 'announceIn'>,
): string[] {
  const places = [state.opening.private ? undefined : announceIn, roomOf(state)?.channel];
  return places.filter((it) => it !== undefined);
}

/** Where the message of this effect is, once it is posted. */
export function messageOf(
  { effects }: Pick<IncidentState, 'effects'>,
  key: string,
): (EffectResult & { channel: string; ts: string }) | undefined {
  const result = effects.get(key)?.result;
  return result?.channel === undefined || result.ts === undefined
    ? undefined
    : { ...result, channel: result.channel, ts: result.ts };
}

/** What remains to be done in Slack: the room and what is in it; whoever is told elsewhere need not wait for it. */
export function listRoomEffects(state: IncidentState, now: number, settings: IncidentSettings): EffectRef[] {
  const told = listTold(state, settings);
  if (roomOf(state) === undefined) return [{ name: 'open-room' }, ...told];
  return [
    { name: 'post-card' },
    ...listInvited(state).map((of): EffectRef => ({ name: 'invite', of })),
    { name: 'set-topic', of: state.topics },
    { name: 'set-purpose' },
    ...(messageOf(state, effectKey('post-card')) === undefined ? [] : [{ name: 'pin-card' } as const]),
    ...told,
    ...listBookmarks(state),
    ...listSaid(state, now, settings),
  ];
}

/** A private incident is announced nowhere. */
function listTold({ opening }: IncidentState, { announceIn, stakeholders }: IncidentSettings): EffectRef[] {
  if (opening.private) return [];
  const channels = [...opening.tell, ...(stakeholders === undefined ? [] : [stakeholders])];
  return [
    ...(announceIn === undefined ? [] : [{ name: 'announce' } as const]),
    ...[...new Set(channels)].filter((it) => it !== announceIn).map((of): EffectRef => ({ name: 'tell', of })),
  ];
}

/** Those on call, whom the route names, who declared it and who has a role. */
function listInvited(state: IncidentState): string[] {
  const { opening, roles } = state;
  const onCall = onCallOf(state) ?? [];
  const all = [
    ...opening.invite,
    ...onCall.map(({ slack }) => slack),
    ...(opening.by.kind === 'slack' ? [opening.by.user] : []),
    ...roles.values(),
  ];
  return [...new Set(all.filter((it) => it !== undefined))];
}

function listBookmarks(state: IncidentState): EffectRef[] {
  const refs: EffectRef[] = [];
  if ([...state.pages.values()].some(({ pager }) => pager?.url !== undefined))
    refs.push({ name: 'add-bookmark', of: 'page' });
  if ([...state.failures.values()].some(({ url }) => url !== undefined))
    refs.push({ name: 'add-bookmark', of: 'alert' });
  return refs;
}

/** Only the newest reminder: what nobody was asked in time is not asked later. */
function listSaid(state: IncidentState, now: number, { statusUpdateMs }: IncidentSettings): EffectRef[] {
  const newest = Math.max(0, ...state.slots.keys());
  const isCurrent = !isResolved(state) && now < state.declaredAt + (newest + 1) * statusUpdateMs;
  return [
    ...(newest > 0 && isCurrent ? [{ name: 'remind', of: newest } as const] : []),
    ...state.updates.map((_update, at): EffectRef => ({ name: 'post-update', of: at + 1 })),
  ];
}
