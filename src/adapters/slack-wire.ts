import { z } from 'zod';
import type { EnvelopeType } from './slack-payload.ts';

/** What comes over a web socket of Socket Mode. */

/** A button's payload holds the whole message it is on. */
const MOST_BYTES = 1_048_576;

/** What the library's own signals are called: an event of that name would be taken for one. */
const SIGNALS = new Set([
  ...['connecting', 'connected', 'reconnecting', 'disconnecting', 'disconnected', 'authenticated'],
  ...['close', 'error', 'ws_message', 'slack_event', 'outgoing_message'],
]);
const eventType = z.string().refine((name) => !SIGNALS.has(name));

const id = z.string().min(1).max(255);
const record = z.record(z.string(), z.unknown());
const envelope = { envelope_id: id, accepts_response_payload: z.boolean().default(false) };

const Message = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('hello') }),
  z.looseObject({
    type: z.literal('disconnect'),
    reason: z
      .string()
      .regex(/^\w{1,40}$/)
      .catch('no reason'),
  }),
  z.looseObject({ type: z.enum(['slash_commands', 'interactive']), ...envelope, payload: record }),
  z.looseObject({
    type: z.literal('events_api'),
    ...envelope,
    payload: z.looseObject({ event: z.looseObject({ type: eventType }) }),
    retry_attempt: z.number().optional(),
    retry_reason: z.string().optional(),
  }),
]);

export interface Envelope {
  id: string;
  type: EnvelopeType;
  payload: Record<string, unknown>;
  /** Whether what a person is told may go with the acknowledgement. */
  takesContent: boolean;
  retryNum?: number;
  retryReason?: string;
}

/** Takes an envelope off Slack's hands; rejects where its socket is gone. */
export type Acknowledge = (content?: object) => Promise<void>;

export type SocketMessage = { type: 'hello' } | { type: 'disconnect'; reason: string } | Envelope;

/** undefined: nothing of Slack's that Muster knows. */
export function parseMessage(text: string): SocketMessage | undefined {
  const parsed = text.length > MOST_BYTES ? undefined : Message.safeParse(parseJson(text)).data;
  if (parsed === undefined || parsed.type === 'hello') return parsed;
  if (parsed.type === 'disconnect') return { type: 'disconnect', reason: parsed.reason };
  const { envelope_id, type, payload, accepts_response_payload: takesContent } = parsed;
  const read = { id: envelope_id, type, payload, takesContent };
  if (parsed.type !== 'events_api') return read;
  const { retry_attempt: retryNum, retry_reason: retryReason } = parsed;
  return {
    ...read,
    ...(retryNum === undefined || retryNum === 0 ? {} : { retryNum }),
    ...(retryReason === undefined || retryReason === '' ? {} : { retryReason }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
