import type { Reply } from '../contracts.ts';
import type { Actor } from '../domain/actor.ts';
import { isButtonLine } from '../domain/button-line.ts';
import type { TextFile } from '../domain/chat-message.ts';
import type { Delivery } from '../domain/delivery.ts';
import { type Modal, sayInWords } from '../domain/modal.ts';
import type { Origin } from '../domain/run-events.ts';
import { readMarkup } from '../domain/slack-markup.ts';
import { coerceError } from '../errors.ts';
import type { Chat, Ledger } from '../ports.ts';
import type { Log } from './deps.ts';

/** What is delivered again within a day was taken already; Slack gives up after an hour. */
const CLAIM_MS = 24 * 3_600_000;
/** How long a command may take in all, in ms: a dry run downloads two lists. */
const COMMAND_LIMIT_MS = 120_000;
/** How long Slack may take to say who is in a group, in ms: it happens before the ack. */
const GROUPS_LIMIT_MS = 1_500;
/** How long Slack may take to open a form, in ms: later, its trigger is dead. */
const MODAL_LIMIT_MS = 2_000;

export interface DoorDeps {
  ledger: Pick<Ledger, 'claim'>;
  log: Log;
  /** Slack's user groups that the policy names. */
  groups: readonly string[];
  chat: Pick<Chat, 'groupsOf' | 'openModal'>;
  /** Whether the command asks nothing of the ledger: then it is answered with Redis gone too. */
  isUnrecorded(line: string): boolean;
  dispatch(line: string, actor: Actor, signal: AbortSignal, origin: Origin | undefined): Promise<Reply>;
}

export interface DoorAnswer {
  ok: boolean;
  lines: string[];
  /** For the asker alone. */
  file?: TextFile;
}

/**
 * The way in from Slack: takes each delivery once, finds out who acts, and enters by the same door as the terminal. Answers undefined
 * where the delivery was taken before, or asks for nothing. It never throws.
 */
export async function takeDelivery(deps: DoorDeps, delivery: Delivery): Promise<DoorAnswer | undefined> {
  if (delivery.kind === 'event') return undefined;
  if (delivery.kind === 'shortcut') return refuse('Muster has no shortcuts.', 'See what there is: /dr help');
  if (delivery.kind === 'button' && !isButtonLine(delivery.text))
    return refuse('This button is not one of ours, or was changed.', 'Type the command: /dr help');
  const { id, user, channel, text } = delivery;
  try {
    if (!(await deps.ledger.claim(`slack/${id}`, CLAIM_MS))) return undefined;
  } catch (thrown) {
    if (!deps.isUnrecorded(text)) return sayNotRecorded(text, coerceError(thrown).message);
  }
  const groups = await findGroups(deps, user);
  const actor: Actor = { kind: 'slack', user, ...(groups === undefined ? {} : { groups }) };
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
  { kind, id, channel }: Delivery,
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

/** Which groups of the policy the member is in, asked anew each time; undefined: Slack did not say, and nothing is assumed. */
async function findGroups({ groups, chat, log }: DoorDeps, user: string): Promise<string[] | undefined> {
  if (groups.length === 0) return [];
  try {
    return await chat.groupsOf(user, groups, AbortSignal.timeout(GROUPS_LIMIT_MS));
  } catch (thrown) {
    log.warn({ error: coerceError(thrown).message }, 'Slack did not say who is in which user group');
    return undefined;
  }
}

/** Before anything was asked for, so it is certain; what fails later says itself whether it can have been recorded. */
function sayNotRecorded(text: string, why: string): DoorAnswer {
  const lines = [
    `NOT recorded, nothing started: ${why}`,
    `Next: in the terminal, once Redis answers: dr ${readMarkup(text)}`,
  ];
  return { ok: false, lines };
}

function refuse(message: string, action: string): DoorAnswer {
  return { ok: false, lines: [message, `Next: ${action}`] };
}
