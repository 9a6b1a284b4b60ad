import { type AccessDecision, decideReading } from './access.ts';
import type { Actor } from './actor.ts';
import type { IncidentState } from './incident.ts';
import { onCallOf, roomOf } from './incident-room.ts';
import { isSamePerson } from './person.ts';
import type { Policy } from './policy.ts';

/** Who looks, and the channel they do it in; undefined in the terminal. */
export interface Viewer {
  actor: Actor;
  policy: Policy | undefined;
  channel: string | undefined;
}

/**
 * Whether what an incident is about may be shown. A private one: to whom the policy knows; in Slack only in its room, or to whoever
 * declared it, has a role in it or was called in.
 */
export function isShownTo(state: IncidentState, { actor, policy, channel }: Viewer): boolean {
  if (!state.opening.private) return true;
  const known: AccessDecision = decideReading(policy, actor);
  if (policy === undefined || !known.allowed) return false;
  if (actor.kind === 'terminal') return true;
  return (channel !== undefined && roomOf(state)?.channel === channel) || isCalledIn(state, policy, actor);
}

function isCalledIn(state: IncidentState, policy: Policy, actor: Actor & { kind: 'slack' }) {
  const { opening, roles } = state;
  const { by, invite } = opening;
  if (by.kind !== 'alert' && isSamePerson(policy, by, actor)) return true;
  const onCall = onCallOf(state) ?? [];
  return [...roles.values(), ...invite, ...onCall.map(({ slack }) => slack)].includes(actor.user);
}
