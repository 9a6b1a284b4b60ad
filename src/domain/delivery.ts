import type { Block } from './chat-message.ts';

/** Something a person did in Slack, or that happened there, as it is handed to whoever decides. Nothing in it is trusted text. */
interface Delivered {
  /** Slack's own id, the same whenever Slack delivers it again: `trigger_id` of what people do, `event_id` of an event. */
  id: string;
  /** The workspace. */
  team: string;
  /** A command's text as typed, a button's value, an event's text or that of the message it is about; empty where there is none. */
  text: string;
  /** The message a button or a shortcut was used on, or that an event is about. */
  message?: { channel: string; ts: string };
  /** Who said that message, as Slack's id. */
  author?: string;
  /** The emoji that was put on it or taken off, without colons. */
  emoji?: string;
  /** What was used: a button's action_id, a shortcut's callback_id, an event's type. */
  actionId?: string;
  /** Where Slack takes answers for half an hour; whoever knows it can answer, so it is in no log. */
  responseUrl?: string;
}

export type Delivery =
  | (Delivered & { kind: 'command'; user: string; channel: string })
  | (Delivered & { kind: 'button' | 'shortcut'; user: string; channel?: string })
  /** A form that was submitted: `text` is its command line, `channel` where it was opened; `fields` are those at which errors can stand. */
  | (Delivered & { kind: 'modal'; user: string; channel?: string; view: string; fields: string[] })
  | (Delivered & { kind: 'event'; user?: string; channel?: string });

/** What the person is told, and whether what they asked for is in the ledger. Nobody is told what is said to an event. */
export interface DeliveryAnswer {
  text: string;
  blocks?: Block[];
  /** undefined: there was nothing to record, or it cannot be told. */
  recorded: boolean | undefined;
}

/** Does all the deciding; for an event whose record failed it rejects, so that Slack delivers it again. */
export type AnswerDelivery = (delivery: Delivery, signal: AbortSignal) => Promise<DeliveryAnswer>;
