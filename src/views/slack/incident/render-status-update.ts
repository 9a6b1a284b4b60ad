import { renderActor } from '../../../domain/actor.ts';
import type { ChatMessage } from '../../../domain/chat-message.ts';
import { type IncidentState, isResolved } from '../../../domain/incident.ts';
import { slotDueAt, updateAsOf } from '../../../domain/status-slots.ts';
import type { Line } from '../../incident/line.ts';
import { nameMember } from '../../incident/people.ts';
import type { IncidentShown } from '../../incident/shown.ts';
import { nameIncident } from '../../incident/stand.ts';
import { clockOf, minuteOf } from '../../incident/times.ts';
import { composeMessage } from '../compose-message.ts';
import { slotButtons } from './incident-buttons.ts';
import { showLine, showText } from './show-line.ts';

/** Asks for a status update, with the draft as it will be posted; once it is answered, by whom. */
export function renderRemind(shown: IncidentShown, slot: number): ChatMessage {
  const { state, settings } = shown;
  const name = `Status update ${slot}`;
  const due = minuteOf(slotDueAt(state, slot, settings.statusUpdateMs));
  const over = sayAnswered(shown, slot);
  if (over !== undefined)
    return composeMessage(state.opening.incident, {
      sections: [[showLine({ text: `${name} (due ${due}) ${over}` })]],
    });
  return composeMessage(state.opening.incident, {
    sections: [
      [showLine({ text: `${name} is due (${due})`, strong: true }), ...askFor(shown, slot).map(showLine)],
      [
        `Draft, from what was recorded at ${clockOf(state.slots.get(slot)?.at ?? 0)}:`,
        ...showText(state.slots.get(slot)?.text ?? 'There is no draft.').map(quote),
      ],
    ],
    buttons: slotButtons(shown, slot),
  });
}

/** What is out of date cannot be posted as it is. */
function askFor({ state, stale }: IncidentShown, slot: number): Line[] {
  const who = whoIsAsked(state);
  if (stale.length === 0)
    return [{ text: `${who}, please post it as it is, or edit it first. Without you nothing is posted.` }];
  return [
    { text: `The draft is out of date: ${stale.join(', ')} since then.`, strong: true },
    {
      text: `${who}, please edit it, or write it (without you nothing is posted):`,
      command: `update --edit ${slot} --incident ${state.opening.incident}`,
    },
  ];
}

function whoIsAsked({ roles }: IncidentState): string {
  const user = roles.get('comms') ?? roles.get('commander');
  return user === undefined ? 'Nobody has the role comms or commander: whoever is here' : nameMember(user);
}

/** As a clause; undefined while it is open. */
function sayAnswered({ state, settings }: IncidentShown, slot: number): string | undefined {
  const draftedAt = state.slots.get(slot)?.at ?? 0;
  const nextDueAt = slotDueAt(state, slot + 1, settings.statusUpdateMs);
  // What was said once the next was due answers that one.
  const answer =
    state.updates.find((update) => update.slot === slot) ??
    state.updates.find(({ at }) => at >= draftedAt && at < nextDueAt);
  if (answer !== undefined) return `was given by ${renderActor(answer.by)} at ${clockOf(answer.at)}.`;
  if ([...state.slots.keys()].some((it) => it > slot)) return 'was NOT given in time; a newer one was asked for below.';
  return isResolved(state) ? 'was not given: the incident is resolved.' : undefined;
}

function quote(line: string): string {
  return `> ${line}`;
}

/** A status update as people read it. `of` counts the incident's updates from 1. */
export function renderPostedUpdate({ state, settings }: IncidentShown, of: number): ChatMessage {
  const update = state.updates[of - 1];
  const { incident } = state.opening;
  if (update === undefined) return composeMessage(incident, { sections: [['This status update is not recorded.']] });
  const number = update.slot === undefined ? '' : ` ${update.slot}`;
  const asOf = updateAsOf(state, update);
  const said = asOf === update.at ? '' : ` at ${clockOf(update.at)}`;
  const slot =
    update.slot === undefined
      ? 'between two that were due'
      : `due ${minuteOf(slotDueAt(state, update.slot, settings.statusUpdateMs))}`;
  return composeMessage(incident, {
    sections: [
      [showLine({ text: `Status update${number}, as of ${clockOf(asOf)}`, strong: true }), ...showText(update.text)],
    ],
    small: [showLine({ text: `By ${renderActor(update.by)}${said}; ${slot}. ${nameIncident(state)}` })],
  });
}
