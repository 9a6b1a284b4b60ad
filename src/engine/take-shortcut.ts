import { decideResponding } from '../domain/access.ts';
import type { Delivery } from '../domain/delivery.ts';
import { TIMELINE_SHORTCUT } from '../domain/slack-app.ts';
import { coerceError } from '../errors.ts';
import { claimDelivery } from './claim-delivery.ts';
import { type DoorAnswer, refuse } from './door-answer.ts';
import { putIntoTimeline } from './mark-message.ts';
import { findActor } from './slack-actor.ts';
import type { EventDeps } from './take-event.ts';

/** The one shortcut there is, from a message's menu: puts it into the timeline of the room's incident. It never throws. */
export async function takeShortcut(deps: EventDeps, delivery: Delivery): Promise<DoorAnswer | undefined> {
  const { user = '', message, text, author, actionId } = delivery;
  if (actionId !== TIMELINE_SHORTCUT.callbackId || message === undefined)
    return refuse('Muster has no such shortcut.', 'See what there is: /dr help');
  try {
    if (!(await claimDelivery(deps.ledger, delivery))) return undefined;
    const incident = await deps.incidents.ofChannel(message.channel);
    if (incident === undefined)
      return refuse('This channel is no room of an incident.', "Use it on a message in an incident's room.");
    const decision = decideResponding(deps.policy, await findActor(deps, user));
    if (!decision.allowed) return refuse(decision.why, decision.action);
    const marking = { incident, message, by: user, text, ...(author === undefined ? {} : { author }) };
    const put = await putIntoTimeline(deps, marking);
    const done = put ? 'The message is in' : 'The message is our own card, or in already:';
    return { ok: true, lines: [`${done} the timeline of incident ${incident}.`] };
  } catch (thrown) {
    return refuse(coerceError(thrown).message, 'Use the shortcut again, or pin the message: twice is once.');
  }
}
