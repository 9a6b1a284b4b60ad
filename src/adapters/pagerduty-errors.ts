import { z } from 'zod';
import { DrError } from '../errors.ts';

/** What PagerDuty answered, whatever it was; `data` is undefined where that was no JSON. */
export interface Answer {
  status: number;
  data: unknown;
}

/** It was not taken. */
export function unreachable(why: string, facts: { retryAfterMs?: number | undefined; cause?: unknown } = {}): DrError {
  return new DrError({
    code: 'PAGER_UNREACHABLE',
    message: `PagerDuty does not answer (${why}).`,
    action: 'Check that PagerDuty can be reached from here, and PAGERDUTY_API_URL and PAGERDUTY_EVENTS_URL.',
    retryable: true,
    ...facts,
  });
}

/** It may have been taken. */
export function unanswered(what: string, why: string, cause?: unknown): DrError {
  return new DrError({
    code: 'PAGER_UNANSWERED',
    message: `PagerDuty did not say whether it took ${what} (${why}).`,
    action: 'Wait; Muster looks whether it arrived before it tries again.',
    retryable: true,
    cause,
  });
}

/** It was not taken, and never will be unless it is `retryable`. */
export function refused(message: string, action: string, retryable = false): DrError {
  return new DrError({ code: 'PAGER_REFUSED', message, action, retryable });
}

const ErrorAnswer = z.object({
  error: z.object({ code: z.number().optional(), message: z.string().optional(), errors: z.unknown().optional() }),
});

/** PagerDuty's number and its sentences, if that is what it answered. */
export function errorOf({ data }: Answer): { code: number | undefined; words: string[] } {
  const parsed = ErrorAnswer.safeParse(data);
  if (!parsed.success) return { code: undefined, words: [] };
  const { code, message, errors } = parsed.data.error;
  const said = [message, ...(Array.isArray(errors) ? errors : [errors])];
  return { code, words: said.filter((it) => typeof it === 'string').map(plain) };
}

/** An answer that is neither a success nor a reason to wait. */
export function refusedBy(what: string, answer: Answer): DrError {
  const { status } = answer;
  // A person puts the token in order, and then the same call works: whoever is to be paged still is.
  if (status === 401 || status === 403)
    return refused(
      `PagerDuty refused the token (HTTP ${status}).`,
      'Correct PAGERDUTY_API_TOKEN, or its rights.',
      true,
    );
  const { words } = errorOf(answer);
  const said = words.length === 0 ? '' : `: ${words.join('; ')}`;
  return refused(
    `PagerDuty refused ${what} (HTTP ${status})${said}.`,
    'Correct what PagerDuty names; it knows PAGERDUTY_SERVICE_ID and PAGERDUTY_FROM_EMAIL from Muster.',
  );
}

/** How long a 429 asks to wait, ms; undefined: it does not say. */
export function waitOf(headers: Readonly<Record<string, unknown>>): number | undefined {
  const given = headers['ratelimit-reset'] ?? headers['retry-after'];
  if (typeof given !== 'string' || !/^\d{1,6}(\.\d+)?$/.test(given.trim())) return undefined;
  return Math.ceil(Number(given) * 1_000);
}

export function asksToWait(retryAfterMs: number | undefined): DrError {
  const wait = retryAfterMs === undefined ? 'to wait' : `to wait ${Math.ceil(retryAfterMs / 1_000)} s`;
  return unreachable(`HTTP 429: it asks ${wait}`, { retryAfterMs });
}

/** Why no answer came, without addresses or words of others. */
export function explainFault(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted)
    return signal.reason instanceof Error && signal.reason.name === 'TimeoutError' ? 'no answer in time' : 'called off';
  return faultCode(thrown) ?? 'the connection broke';
}

/** The system's code of a fault, which fetch wraps once or twice. */
export function faultCode(thrown: unknown): string | undefined {
  for (let at: unknown = thrown, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return faultCode(at.errors[0]);
  }
  return undefined;
}

const LONGEST_WORDS = 200;

/** One line of printable text. */
function plain(text: string): string {
  return text
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .replace(/[.]$/, '')
    .slice(0, LONGEST_WORDS);
}
