import type { Reply } from '../contracts.ts';
import type { Actor } from '../domain/actor.ts';
import { isOurButton } from '../domain/button-line.ts';
import type { Delivery } from '../domain/delivery.ts';
import { type Modal, sayInWords } from '../domain/modal.ts';
import type { Origin } from '../domain/run-events.ts';
import { readMarkup } from '../domain/slack-markup.ts';
import { coerceError } from '../errors.ts';
import type { Chat } from '../ports.ts';
import { claimDelivery } from './claim-delivery.ts';
import { type DoorAnswer, refuse } from './door-answer.ts';
import { findActor } from './slack-actor.ts';
import type { EventDeps } from './take-event.ts';
import { takeShortcut } from './take-shortcut.ts';

/** How long a command may take in all, in ms: a dry run downloads two lists. */
const COMMAND_LIMIT_MS = 120_000;
/** How long Slack may take to open a form, in ms: later, its trigger is dead. */
const MODAL_LIMIT_MS = 2_000;

export interface DoorDeps extends EventDeps {
  chat: EventDeps['chat'] & Pick<Chat, 'openModal'>;
  /** Whether the command asks nothing of the ledger: then it is answered with Redis gone too. */
  isUnrecorded(line: string): boolean;
  /** Whether the command is to page somebody. */
  doesPage(line: string): boolean;
  dispatch(line: string, actor: Actor, signal: AbortSignal, origin: Origin | undefined): Promise<Reply>;
}

/** What people ask for, as opposed to what happens. */
export type Asked = Exclude<Delivery, { kind: 'event' }>;

/**
 * The way in from Slack: takes each delivery once, finds out who acts, and enters by the same door as the terminal. Answers undefined
 * where the delivery was taken before, or asks for nothing. It never throws.
 */
export async function takeDelivery(deps: DoorDeps, delivery: Asked): Promise<DoorAnswer | undefined> {
  if (delivery.kind === 'shortcut') return takeShortcut(deps, delivery);
  if (delivery.kind === 'button' && !isOurButton(delivery.actionId, delivery.text))
    return refuse('This button is not one of ours, or was changed.', 'Type the command: /dr help');
  const { id, user, channel, text } = delivery;
  try {
    if (!(await claimDelivery(deps.ledger, delivery))) return undefined;
  } catch (thrown) {
    if (!deps.isUnrecorded(text)) return sayNotRecorded(deps, text, coerceError(thrown).message);
  }
  const actor = await findActor(deps, user);
  // A form that is submitted again, as nobody answered, asks for the same thing.
  const origin =
    channel === undefined ? undefined : { channel, delivery: delivery.kind === 'modal' ? delivery.view : id };
  const reply = await deps.dispatch(text, actor, AbortSignal.timeout(COMMAND_LIMIT_MS), origin);
  if (reply.modal !== undefined) return openModal(deps, delivery, reply.modal, reply.lines);
  const lines = [...reply.lines, ...(reply.notes ?? [])];
  return { ok: reply.ok, lines, ...(reply.file === undefined ? {} : { file: reply.file }) };
}

/** Shows the form, or says what to type instead. */
async function openModal(
  { chat, log }: DoorDeps,
  { kind, id, channel }: Asked,
  modal: Modal,
  lines: readonly string[],
): Promise<DoorAnswer> {
  const words = [...lines, sayInWords(modal, '/dr')];
  if (kind === 'modal') return { ok: false, lines: words };
  try {
    await chat.openModal(id, modal, channel, AbortSignal.timeout(MODAL_LIMIT_MS));
    return { ok: true, lines: [] };
  } catch (thrown) {
    const { code, message } = coerceError(thrown);
    log.warn({ id, code, reason: message }, 'a form could not be opened');
    return { ok: false, lines: ['Slack did not open the form.', ...words] };
  }
}

/** Before anything was asked for, so it is certain; what fails later says itself whether it can have been recorded. */
function sayNotRecorded({ doesPage }: DoorDeps, text: string, why: string): DoorAnswer {
  // What else the ledger says is whether it was recorded, which is said already.
  const [what = why] = why.split(/(?<=\.) /);
  const lines = [
    `NOT recorded, nothing started: ${what}`,
    ...(doesPage(text) ? ['NOBODY was paged: call them.'] : []),
    `Next: in the terminal, once Redis answers: dr ${readMarkup(text)}`,
  ];
  return { ok: false, lines };
}
