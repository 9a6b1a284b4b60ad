import { z } from 'zod';
import type { Delivery } from '../domain/delivery.ts';
import { readSubmission } from './slack-modal.ts';

/** What Slack sends: only what is used is looked at, the rest goes through to Bolt untouched. */

const id = z.string().regex(/^[A-Za-z0-9._-]{1,255}$/);
const place = z.looseObject({ id });

const Command = z.looseObject({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  trigger_id: id,
  team_id: id,
  user_id: id,
  channel_id: id,
  response_url: z.string().optional(),
});

const interactive = {
  trigger_id: id,
  /** Empty for an app that a whole organisation installed; the user's own team is known then. */
  team: place.nullish(),
  user: z.looseObject({ id, team_id: id.optional() }),
  channel: place.nullish(),
  response_url: z.string().optional(),
};

/** A bot's message may have no user. */
const Message = z.looseObject({ ts: id, user: id.optional().catch(undefined), text: z.string().catch('') });

const Button = z.looseObject({ type: z.literal('button'), action_id: z.string(), value: z.string().default('') });
const Interactive = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('block_actions'),
    ...interactive,
    actions: z.tuple([Button]),
    container: z.looseObject({ message_ts: id.optional(), channel_id: id.optional() }).optional(),
  }),
  z.looseObject({ type: z.literal('shortcut'), ...interactive, callback_id: z.string() }),
  z.looseObject({
    type: z.literal('message_action'),
    ...interactive,
    callback_id: z.string(),
    message: Message,
  }),
]);
type Interactive = z.infer<typeof Interactive>;

const Submission = z.looseObject({
  type: z.literal('view_submission'),
  ...interactive,
  view: z.looseObject({ id, private_metadata: z.string(), state: z.looseObject({ values: z.unknown() }) }),
});

const channelOrId = z.union([id, place.transform((it) => it.id)]);
const Event = z.looseObject({
  type: z.literal('event_callback'),
  event_id: id,
  team_id: id,
  event: z.looseObject({
    type: z.string(),
    user: channelOrId.optional(),
    channel: channelOrId.optional(),
    /** Of a pin. */
    channel_id: id.optional(),
    text: z.string().optional(),
    ts: id.optional(),
    reaction: z
      .string()
      .regex(/^[\p{L}\p{N}_+':-]{1,200}$/u)
      .optional(),
    item: z
      .looseObject({ channel: id.optional(), ts: id.optional(), message: Message.optional().catch(undefined) })
      .optional()
      .catch(undefined),
  }),
});

/** What was found to come from Slack and to be for us; the body is Slack's own, for Bolt. */
export interface Received {
  delivery: Delivery;
  body: Record<string, unknown>;
}

export type Payload =
  | Received
  /** Slack asks whether this is the right place, and takes the same word back. */
  | { challenge: string };

/** What a signed body holds; undefined: nothing that Muster asked Slack for. */
export function parsePayload(raw: Buffer, isForm: boolean): Payload | undefined {
  const body = isForm ? parseForm(raw) : parseJson(raw.toString('utf8'));
  if (typeof body !== 'object' || body === null) return undefined;
  const parsed = isForm ? (readCommand(body) ?? readInteraction(body)) : (readChallenge(body) ?? readEvent(body));
  if (parsed === undefined || 'challenge' in parsed) return parsed;
  return { delivery: parsed, body: { ...body } };
}

/** What an envelope of Socket Mode holds; undefined: nothing that Muster asked Slack for. */
export function parseEnvelope(type: EnvelopeType, payload: Record<string, unknown>): Received | undefined {
  const read = { slash_commands: readCommand, interactive: readInteraction, events_api: readEvent }[type];
  const delivery = read(payload);
  return delivery === undefined ? undefined : { delivery, body: payload };
}

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

/** Slack checks a command's certificate now and then with an unsigned form; nothing else of it counts. */
export function isCertificateCheck(raw: Buffer): boolean {
  return new URLSearchParams(raw.toString('utf8')).get('ssl_check') === '1';
}

/** A command comes as fields, everything interactive as JSON in the one field `payload`. */
function parseForm(raw: Buffer): unknown {
  const form = new URLSearchParams(raw.toString('utf8'));
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : parseJson(payload);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readChallenge(body: object): { challenge: string } | undefined {
  const parsed = z.looseObject({ type: z.literal('url_verification'), challenge: z.string().max(500) }).safeParse(body);
  return parsed.success ? { challenge: parsed.data.challenge } : undefined;
}

function readCommand(body: object): Delivery | undefined {
  const parsed = Command.safeParse(body);
  if (!parsed.success) return undefined;
  const { trigger_id, team_id, user_id, channel_id, text, response_url } = parsed.data;
  return {
    kind: 'command',
    id: trigger_id,
    team: team_id,
    user: user_id,
    channel: channel_id,
    text,
    ...(response_url === undefined ? {} : { responseUrl: response_url }),
  };
}

function readInteraction(body: object): Delivery | undefined {
  return readInteractive(body) ?? readModal(body);
}

function readModal(body: object): Delivery | undefined {
  const parsed = Submission.safeParse(body).data;
  const team = parsed?.team?.id ?? parsed?.user.team_id;
  if (parsed === undefined || team === undefined) return undefined;
  const { trigger_id, user, view } = parsed;
  const submitted = readSubmission(view.private_metadata, view.state.values);
  if (submitted === undefined) return undefined;
  const { text, channel, fields } = submitted;
  const place = channel === undefined ? {} : { channel };
  return { kind: 'modal', id: trigger_id, team, user: user.id, text, view: view.id, fields, ...place };
}

function readInteractive(body: object): Delivery | undefined {
  const parsed = Interactive.safeParse(body);
  const team = parsed.data?.team?.id ?? parsed.data?.user.team_id;
  if (!parsed.success || team === undefined) return undefined;
  const { trigger_id, user, response_url, channel } = parsed.data;
  return {
    id: trigger_id,
    team,
    user: user.id,
    ...(response_url === undefined ? {} : { responseUrl: response_url }),
    ...(channel ? { channel: channel.id } : {}),
    ...whatWasUsed(parsed.data),
  };
}

function whatWasUsed(payload: Interactive) {
  if (payload.type === 'block_actions') {
    const [{ action_id, value }] = payload.actions;
    const { channel_id = payload.channel?.id, message_ts } = payload.container ?? {};
    const message =
      channel_id === undefined || message_ts === undefined ? undefined : { channel: channel_id, ts: message_ts };
    return { kind: 'button' as const, text: value, actionId: action_id, ...(message === undefined ? {} : { message }) };
  }
  const used = { kind: 'shortcut' as const, text: '', actionId: payload.callback_id };
  if (payload.type === 'shortcut' || !payload.channel) return used;
  const { ts, user, text } = payload.message;
  const author = user === undefined ? {} : { author: user };
  return { ...used, text, ...author, message: { channel: payload.channel.id, ts } };
}

function readEvent(body: object): Delivery | undefined {
  const parsed = Event.safeParse(body);
  if (!parsed.success) return undefined;
  const { event_id, team_id, event } = parsed.data;
  const { user, type, item, reaction } = event;
  const channel = item?.channel ?? event.channel ?? event.channel_id;
  const ts = item?.message?.ts ?? item?.ts ?? event.ts;
  const author = item?.message?.user;
  return {
    kind: 'event',
    id: event_id,
    team: team_id,
    text: item?.message?.text ?? event.text ?? '',
    actionId: type,
    ...(user === undefined ? {} : { user }),
    ...(author === undefined ? {} : { author }),
    ...(reaction === undefined ? {} : { emoji: reaction }),
    ...(channel === undefined ? {} : { channel }),
    ...(channel === undefined || ts === undefined ? {} : { message: { channel, ts } }),
  };
}
