import { decideReading } from '../domain/access.ts';
import type { Actor } from '../domain/actor.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Policy } from '../domain/policy.ts';
import { readMark } from '../domain/timeline-mark.ts';
import { DrError } from '../errors.ts';
import type { IncidentEngine } from '../incident-contracts.ts';
import type { Clock, Ledger } from '../ports.ts';
import { claimDelivery, isTaken } from './claim-delivery.ts';
import { type MarkDeps, putIntoTimeline, takeFromTimeline } from './mark-message.ts';
import { findActor, type WhoDeps } from './slack-actor.ts';

export interface EventDeps extends WhoDeps, MarkDeps {
  ledger: Pick<Ledger, 'claim' | 'isClaimed'>;
  clock: Pick<Clock, 'now'>;
  chat: WhoDeps['chat'] & MarkDeps['chat'];
  incidents: Pick<IncidentEngine, 'read' | 'change' | 'ofChannel'>;
  policy: Policy | undefined;
}

type Event = Extract<Delivery, { kind: 'event' }>;

const ARCHIVED = new Set(['channel_archive', 'group_archive']);
const ARCHIVED_NOTE = 'The room was archived in Slack.';
/** Slack gives up on an event after an hour, ms. */
const AGAIN_MS = 3_600_000;

/**
 * What happens in a room without a command goes into its incident. It is claimed once it is recorded, as recording twice does no harm
 * while forgetting would. @throws DrError, retryable where Slack is to deliver it again
 */
export async function takeEvent(deps: EventDeps, event: Event): Promise<void> {
  const { actionId = '', channel, user } = event;
  const mark = readMark(event, deps.emoji);
  const isArchived = ARCHIVED.has(actionId);
  if ((mark === undefined && !isArchived) || channel === undefined || user === undefined) return;
  const incident = await deps.incidents.ofChannel(channel);
  if (incident === undefined || (await isTaken(deps.ledger, event))) return;
  const actor = await findActor(deps, user);
  if (isArchived) await noteArchived(deps, incident, actor);
  else if (event.message !== undefined && isKnown(deps, actor)) {
    const marking = { incident, message: event.message, by: user, text: event.text };
    const told = event.author === undefined ? marking : { ...marking, author: event.author };
    await (mark === 'put' ? putIntoTimeline(deps, told) : takeFromTimeline(deps, told));
  }
  await claimDelivery(deps.ledger, event);
}

/** Whoever the policy does not know changes nothing. @throws DrError CHAT_UNREACHABLE where Slack did not say enough to tell */
function isKnown({ policy, log }: EventDeps, actor: Actor & { kind: 'slack' }): boolean {
  const decision = decideReading(policy, actor);
  if (decision.allowed) return true;
  if (actor.groups === undefined) {
    const message = `Slack did not say which user groups ${actor.user} is in.`;
    throw new DrError({ code: 'CHAT_UNREACHABLE', message, action: 'Wait; Slack delivers it again.', retryable: true });
  }
  log.warn({ user: actor.user, why: decision.why }, 'a mark of somebody whom the policy does not know is left alone');
  return false;
}

/** A fact about the room, whoever did it. */
async function noteArchived({ incidents, clock }: EventDeps, incident: string, by: Actor): Promise<void> {
  await incidents.change(incident, ({ state }) => {
    const isNoted = state.notes.some(({ text, at }) => text === ARCHIVED_NOTE && at > clock.now() - AGAIN_MS);
    return isNoted || state.foreign !== undefined ? undefined : { type: 'note.added', text: ARCHIVED_NOTE, by };
  });
}
