import type { Reply } from '../contracts.ts';
import type { Actor } from '../domain/actor.ts';
import type { TextFile } from '../domain/chat-message.ts';
import type { Delivery } from '../domain/delivery.ts';
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

/** What the buttons of our messages say; any other value was not written by us. */
const BUTTON = /^(approve|reject|abort|retry|status) [a-z0-9]+( [0-9a-f]{8,64})?$/;

export interface DoorDeps {
  ledger: Pick<Ledger, 'claim'>;
  log: Log;
  /** Slack's user groups that the policy names. */
  groups: readonly string[];
  chat: Pick<Chat, 'groupsOf'>;
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
  if (delivery.kind === 'button' && !BUTTON.test(delivery.text))
    return refuse('This button is not one of ours, or was changed.', 'Type the command: /dr help');
  const { id, user, channel, text } = delivery;
  try {
    if (!(await deps.ledger.claim(`slack/${id}`, CLAIM_MS))) return undefined;
  } catch (thrown) {
    if (!deps.isUnrecorded(text)) return sayNotRecorded(text, coerceError(thrown).message);
  }
  const groups = await findGroups(deps, user);
  const actor: Actor = { kind: 'slack', user, ...(groups === undefined ? {} : { groups }) };
  const origin = channel === undefined ? undefined : { channel, delivery: id };
  const reply = await deps.dispatch(text, actor, AbortSignal.timeout(COMMAND_LIMIT_MS), origin);
  const lines = [...reply.lines, ...(reply.notes ?? [])];
  return { ok: reply.ok, lines, ...(reply.file === undefined ? {} : { file: reply.file }) };
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
