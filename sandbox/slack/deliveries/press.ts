import type { JsonObject } from '../json.ts';
import { findOwnChannel, findUser } from '../names.ts';
import { listPressable, onScreen, type Pressable } from '../pressable.ts';
import type { Channel, Message, User } from '../slack-types.ts';
import { buildBlockActions, showAction, triggerIn } from './block-actions.ts';
import { type Delivery, formOf } from './courier.ts';
import type { Desk } from './send-command.ts';
import { showTrouble } from './show-trouble.ts';

export interface Press {
  user: string;
  channel: string;
  /** The message; left out: the newest one that has such a button. */
  ts?: string;
  /** Its action id, its label, or its number on the screen. */
  button: string | number;
  /** The answer to the dialog that some buttons show first. */
  confirm?: boolean;
  /** A menu's value. */
  choice?: string;
}

interface Pressed {
  user: User;
  channel: Channel;
  message: Message;
  ephemeral: boolean;
  found: Pressable;
}

/** Finds it on this person's screen as it is now, or says why it cannot be pressed. */
function findPressed({ workspace }: Desk, press: Press): Pressed {
  const user = findUser(workspace, press.user);
  const channel = findOwnChannel(workspace, user, press.channel);
  const { button, ts } = press;
  const found = listPressable(workspace, channel, user.id)
    .filter((each) => ts === undefined || each.ts === ts)
    .findLast(({ number, actionId, label }) =>
      typeof button === 'number' ? number === button : [actionId, label].includes(button),
    );
  const where = ts === undefined ? press.channel : `message ${ts} of ${press.channel}`;
  if (found === undefined) throw new Error(`there is no button ${button} in ${where} for ${user.name}`);
  const message = onScreen(workspace, channel, user.id).find((each) => each.ts === found.ts);
  if (message === undefined) throw new Error(`message ${found.ts} is gone`);
  return { user, channel, message, ephemeral: !channel.messages.includes(message), found };
}

/** The payload of that press, unsent: kept, it is what a stale screen or an attacker sends later. */
export function buildPress(desk: Desk, press: Press): JsonObject {
  const { found, ...place } = findPressed(desk, press);
  const actions = [showAction(desk.workspace, found, press.choice)];
  return buildBlockActions(desk, { ...place, actions });
}

/** Any payload, true or forged, signed as Slack's. */
export function sendPayload({ courier }: Desk, payload: JsonObject): Promise<Delivery> {
  const parcel = { kind: 'interaction' as const, triggerId: triggerIn(payload) };
  return courier.send({ ...parcel, ...formOf({ payload: JSON.stringify(payload) }) });
}

/** A person presses a button; undefined: they said no to its dialog, so nothing was sent. */
export async function pressButton(desk: Desk, press: Press): Promise<Delivery | undefined> {
  const { user, channel, found } = findPressed(desk, press);
  if (found.asks !== undefined && press.confirm === undefined)
    throw new Error(`"${found.label}" asks first (${found.asks}): say confirm: true or false`);
  if (press.confirm === false) return undefined;
  const delivery = await sendPayload(desk, buildPress(desk, { ...press, ts: found.ts }));
  if (delivery.error !== undefined)
    showTrouble(desk.workspace, channel, user, `"${found.label}" failed with the error "${delivery.error}"`);
  return delivery;
}
