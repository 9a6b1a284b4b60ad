import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../json.ts';
import type { Delivery } from './courier.ts';
import type { Forgery } from './post-signed.ts';
import { buildPress, type Press, pressButton, sendPayload } from './press.ts';
import { type CommandUse, type Desk, sendCommand } from './send-command.ts';
import { sendEvent, verifyUrl } from './send-event.ts';
import { type ShortcutUse, sendShortcut } from './send-shortcut.ts';
import { closeView, type Submission, submitView } from './submit-view.ts';

/** What people do with the app, and what Slack tells it. */
export interface Deliveries {
  /** A person types a slash command. People and channels go by name or id. */
  command(user: string, channel: string, command: string, text: string): Promise<Delivery>;
  /** A person presses what is on their screen now, or it throws; undefined: they said no to its dialog. */
  click(press: Press): Promise<Delivery | undefined>;
  /** The payload of that press, to be sent later, altered, or by somebody else. */
  buildClick(press: Press): JsonObject;
  /** Sends any interaction payload, unchecked but signed. */
  payload(payload: JsonObject): Promise<Delivery>;
  submitView(submission: Submission): Promise<Delivery>;
  closeView(submission: Submission): Promise<Delivery | undefined>;
  shortcut(use: ShortcutUse): Promise<Delivery>;
  /** An event of the Events API; all attempts, in order. */
  event(event: JsonObject): Promise<Delivery[]>;
  verifyUrl(): Promise<Delivery>;
  /** The same once more, as when Slack did not get the answer. */
  redeliver(deliveryId: string): Promise<Delivery>;
  /** The same once more, but not from Slack. */
  forge(deliveryId: string, forgery: Forgery): Promise<Delivery>;
  /** Resolves when the events that people's acts caused have been delivered or given up. */
  settled(): Promise<void>;
}

/** Only events say that they are sent again; a command or a press that arrives twice looks the same both times. */
const RETRY = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };

export interface DeliveriesOptions {
  retryDelaysMs: readonly number[];
  signal: AbortSignal;
}

export interface Emitter {
  deliveries: Deliveries;
  emit(event: JsonObject): void;
}

export function createDeliveries(desk: Desk, options: DeliveriesOptions): Emitter {
  const inFlight = new Set<Promise<unknown>>();
  const { courier } = desk;
  const event = (sent: JsonObject) => sendEvent(desk, sent, options);
  const deliveries: Deliveries = {
    command: (user, channel, command, text) => sendCommand(desk, { user, channel, command, text } satisfies CommandUse),
    click: (press) => pressButton(desk, press),
    buildClick: (press) => buildPress(desk, press),
    payload: (payload) => sendPayload(desk, payload),
    submitView: (submission) => submitView(desk, submission),
    closeView: (submission) => closeView(desk, submission),
    shortcut: (use) => sendShortcut(desk, use),
    event,
    verifyUrl: () => verifyUrl(desk),
    redeliver: (id) => courier.again(id, courier.kindOf(id) === 'event' ? { headers: RETRY } : {}),
    forge: (id, forgery) => courier.again(id, { forgery }),
    async settled() {
      while (inFlight.size > 0) await Promise.allSettled([...inFlight, delay(0)]);
    },
  };
  return {
    deliveries,
    emit(sent) {
      // Closing cuts the wait before a retry; nobody is left to hear of it.
      const sending = event(sent).catch(() => undefined);
      inFlight.add(sending);
      sending.finally(() => inFlight.delete(sending)).catch(() => undefined);
    },
  };
}
