import type { AnswerDelivery, Delivery, DeliveryAnswer } from '../domain/delivery.ts';
import { coerceError, isDrError } from '../errors.ts';
import type { SlackLog } from './slack-log.ts';
import { type Modals, renderModalAnswer } from './slack-modal.ts';
import type { SlackPlaces } from './slack-places.ts';
import { renderEphemeral, respond } from './slack-respond.ts';

/** Slack shows an error when 3 s pass without an answer; the rest is for the way there and back. */
const LIMIT_MS = 2_500;

/** One request of Slack's on its way through Bolt. */
export interface Exchange {
  delivery: Delivery;
  /** When it came, as performance.now() tells. */
  arrivedAt: number;
  /** What Slack is answered, as HTTP has it; only the first one counts. False: what was to be told with it did not get there. */
  settle(status: number, content?: object): Promise<boolean>;
}

export interface Answering {
  answer: AnswerDelivery;
  places: SlackPlaces;
  modals: Pick<Modals, 'show'>;
  log: SlackLog;
  /** Aborts when whoever decides is waited for no longer; the person can still be told. */
  stopping: AbortSignal;
  /** Aborts when nothing is waited for any longer. */
  closed: AbortSignal;
}

type Outcome = { answer: DeliveryAnswer } | { thrown: unknown };

/**
 * Answers one delivery: within the limit in the acknowledgement itself, later through response_url. Never rejects.
 * @param ack closes the HTTP request, or takes the envelope off Slack's hands; what a command is told may go with it
 */
export async function answerDelivery(
  exchange: Exchange,
  ack: (content?: object) => Promise<void>,
  { answer, places, modals, log, stopping, closed }: Answering,
): Promise<void> {
  const { delivery, arrivedAt } = exchange;
  const pending = ask(answer, delivery, stopping);
  const early = await within(pending, LIMIT_MS - (performance.now() - arrivedAt));
  if (delivery.kind === 'event') {
    await exchange.settle(statusFor(early));
    note(log, delivery, await pending, early === undefined);
    return;
  }
  const said = early === undefined ? LATE : explain(early);
  await ack(contentFor(delivery, said));
  // A web socket may be gone by now.
  const gotThere = await exchange.settle(200);
  const inTime = ['command', 'modal'].includes(delivery.kind) && early !== undefined && gotThere;
  const outcome = early ?? (await pending);
  note(log, delivery, outcome, early === undefined);
  const last = explain(outcome);
  if (inTime || last.text === '') return;
  const telling =
    delivery.kind === 'modal'
      ? modals.show(delivery.view, last, closed)
      : respond(delivery.responseUrl, last, places, closed);
  await telling.catch((thrown: unknown) => {
    const { code, message } = coerceError(thrown);
    log.warn({ id: delivery.id, kind: delivery.kind, code, reason: message }, 'an answer did not reach the person');
  });
}

/** What can go with the acknowledgement itself. */
function contentFor(delivery: Delivery, said: DeliveryAnswer): object | undefined {
  if (delivery.kind === 'modal') return renderModalAnswer(said, delivery.fields);
  return delivery.kind === 'command' && said.text !== '' ? renderEphemeral(said) : undefined;
}

const LATE: DeliveryAnswer = { text: 'Working on it; the answer follows.', recorded: undefined };

/** Ends with the callback's answer, or when it is waited for no longer. */
async function ask(answer: AnswerDelivery, delivery: Delivery, stopping: AbortSignal): Promise<Outcome> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const end = () => reject(new Error('Muster was stopped while it worked on this'));
  stopping.addEventListener('abort', end, { once: true });
  try {
    return { answer: await Promise.race([answer(delivery, stopping), stopped]) };
  } catch (thrown) {
    return { thrown };
  } finally {
    stopping.removeEventListener('abort', end);
  }
}

async function within(pending: Promise<Outcome>, ms: number): Promise<Outcome | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), Math.max(0, ms));
  const first = await Promise.race([pending, promise]);
  clearTimeout(timer);
  return first;
}

/** Slack delivers an event again after 503, under the same id: the right answer to a record that failed or is not made yet. */
function statusFor(early: Outcome | undefined): number {
  if (early === undefined) return 503;
  if ('answer' in early) return 200;
  return coerceError(early.thrown).retryable ? 503 : 500;
}

/** A callback that throws is a defect, but the person must know where things stand. */
function explain(outcome: Outcome): DeliveryAnswer {
  if ('answer' in outcome) return outcome.answer;
  const known = isDrError(outcome.thrown) ? outcome.thrown : undefined;
  const what = known === undefined ? 'Muster could not finish this' : `${known.message} ${known.action}`;
  return {
    text: `${what.replace(/\.$/, '')}. It cannot be told whether it was recorded: look with \`/dr runs\` before you ask again.`,
    recorded: undefined,
  };
}

function note(log: SlackLog, { id, kind, user }: Delivery, outcome: Outcome, late: boolean): void {
  const facts = { id, kind, user, late };
  if ('answer' in outcome) {
    // Of every message in every channel there is nothing to say.
    if (kind === 'event' && outcome.answer.recorded === undefined) return;
    log.info({ ...facts, recorded: outcome.answer.recorded }, 'a delivery was answered');
  } else {
    const { code, message } = coerceError(outcome.thrown);
    log.error({ ...facts, code, reason: message }, 'a delivery could not be answered');
  }
}
