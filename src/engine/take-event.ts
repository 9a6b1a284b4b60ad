import { decideResponding } from '../domain/access.ts';
import type { Actor } from '../domain/actor.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Policy } from '../domain/policy.ts';
import { type Mark, readMark } from '../domain/timeline-mark.ts';
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
 * while forgetting would. True where it is in the ledger now; undefined: there was nothing to record. @throws DrError, retryable where Slack is to deliver it again
 */
export async function takeEvent(deps: EventDeps, event: Event): Promise<true | undefined> {
  const { actionId = '', channel, user } = event;
  const mark = readMark(event, deps.emoji);
  const isArchived = ARCHIVED.has(actionId);
  if ((mark === undefined && !isArchived) || channel === undefined || user === undefined) return undefined;
  const incident = await deps.incidents.ofChannel(channel);
  if (incident === undefined || (await isTaken(deps.ledger, event))) return undefined;
  const actor = await findActor(deps, user);
  const recorded = isArchived
    ? await noteArchived(deps, incident, actor)
    : isKnown(deps, actor) && (await takeMark(deps, incident, mark, event));
  await claimDelivery(deps.ledger, event);
  return recorded ? true : undefined;
}

async function takeMark(deps: EventDeps, incident: string, mark: Mark | undefined, event: Event): Promise<boolean> {
  const { message, user, text, author } = event;
  if (message === undefined || user === undefined) return false;
  const marking = { incident, message, by: user, text, ...(author === undefined ? {} : { author }) };
  return mark === 'put' ? putIntoTimeline(deps, marking) : takeFromTimeline(deps, marking);
}

/** Whoever the policy does not know changes nothing. @throws DrError CHAT_UNREACHABLE where Slack did not say enough to tell */
function isKnown({ policy, log }: EventDeps, actor: Actor & { kind: 'slack' }): boolean {
  const decision = decideResponding(policy, actor);
  if (decision.allowed) return true;
  if (actor.groups === undefined) {
    const message = `Slack did not say which user groups ${actor.user} is in.`;
    throw new DrError({ code: 'CHAT_UNREACHABLE', message, action: 'Wait; Slack delivers it again.', retryable: true });
  }
  log.warn({ user: actor.user, why: decision.why }, 'a mark of somebody whom the policy does not know is left alone');
  return false;
}

/** A fact about the room, whoever did it. */
async function noteArchived({ incidents, clock }: EventDeps, incident: string, by: Actor): Promise<boolean> {
  const { recorded } = await incidents.change(incident, ({ state }) => {
    const isNoted = state.notes.some(({ text, at }) => text === ARCHIVED_NOTE && at > clock.now() - AGAIN_MS);
    return isNoted || state.foreign !== undefined
      ? undefined
      : { type: 'note.added' as const, text: ARCHIVED_NOTE, by };
  });
  return recorded !== undefined;
}
