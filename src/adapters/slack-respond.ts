import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryAnswer } from '../domain/delivery.ts';
import { coerceError, type DrError } from '../errors.ts';
import { chatError, explainSlackError, explainStatus } from './slack-errors.ts';
import { findAnswerUrl, type SlackPlaces } from './slack-places.ts';

const LIMIT_MS = 5_000;
/** Between the first try and the only other one, ms. */
const PAUSE_MS = 500;

export type Ephemeral = ReturnType<typeof renderEphemeral>;

/** Answers for the person's eyes only; the message with the button stays. */
export function renderEphemeral({ text, blocks }: Pick<DeliveryAnswer, 'text' | 'blocks'>) {
  return {
    response_type: 'ephemeral',
    replace_original: false,
    text,
    ...(blocks === undefined ? {} : { blocks }),
  } as const;
}

/**
 * Sends an answer to a delivery's response_url, twice at most: seeing an answer twice does no harm.
 * @throws DrError CHAT_REFUSED for an address that is not Slack's; CHAT_UNREACHABLE, CHAT_UNANSWERED
 */
export async function respond(
  responseUrl: string | undefined,
  answer: DeliveryAnswer,
  places: SlackPlaces,
  signal: AbortSignal,
): Promise<void> {
  const target = responseUrl === undefined ? undefined : findAnswerUrl(responseUrl, places);
  if (target === undefined) throw chatError('CHAT_REFUSED', 'The delivery names no address of Slack to answer to.');
  const first = await send(target, answer, signal);
  if (first === undefined) return;
  if (!first.retryable || signal.aborted) throw first;
  await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  const second = await send(target, answer, signal);
  if (second !== undefined) throw second;
}

async function send(target: URL, answer: DeliveryAnswer, signal: AbortSignal): Promise<DrError | undefined> {
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(renderEphemeral(answer)),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    if (response.status >= 400 && response.status < 500 && response.status !== 429) {
      return chatError('CHAT_REFUSED', `Slack refused an answer with HTTP ${response.status}.`);
    }
    return explainStatus('an answer', response.status);
  } catch (thrown) {
    return coerceError(explainSlackError('an answer', thrown));
  }
}
