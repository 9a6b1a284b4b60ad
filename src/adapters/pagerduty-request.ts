import type { z } from 'zod';
import {
  type Answer,
  asksToWait,
  explainFault,
  refusedBy,
  unanswered,
  unreachable,
  waitOf,
} from './pagerduty-errors.ts';
import { watchRequest } from './pagerduty-watch.ts';

export interface Question {
  method: 'GET' | 'POST' | 'PUT';
  /** Begins with `/`; what is variable in it is encoded already. */
  path: string;
  /** Lists have names such as `statuses[]`. */
  query?: Record<string, string | string[]>;
  body?: object;
  /** In whose name: an e-mail address. */
  from?: string;
}

export interface PagerRequests {
  /** Any answer but 429, 408 and 5xx, which are errors. @throws DrError PAGER_UNREACHABLE, PAGER_UNANSWERED */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
  /** What a success holds. @throws DrError PAGER_UNREACHABLE, PAGER_UNANSWERED, PAGER_REFUSED */
  read<T>(schema: z.ZodType<T>, question: Question, signal: AbortSignal): Promise<T>;
}

/** Loads PagerDuty's client, so that the first page does not wait for it; it costs what only those who page need to pay. */
export async function loadClient() {
  return (await import('@pagerduty/pdjs')).api;
}

/** `apiUrl`: PagerDuty's REST API, with or without a slash at its end. Each request is sent once and ends with its signal. */
export function createRequests({ token, apiUrl }: { token: string; apiUrl: string }): PagerRequests {
  const base = apiUrl.replace(/\/+$/, '');
  const ask: PagerRequests['ask'] = async (question, signal) => {
    const answer = await send(token, base, question, signal);
    const { status } = answer;
    if (status === 429) throw asksToWait(undefined);
    if (status >= 500 || status === 408) throw untold(question, true, `HTTP ${status}`);
    return answer;
  };
  return {
    ask,
    read: async (schema, question, signal) => readAnswer(schema, question, await ask(question, signal)),
  };
}

/** @throws DrError PAGER_UNREACHABLE, PAGER_UNANSWERED, PAGER_REFUSED */
export function readAnswer<T>(schema: z.ZodType<T>, question: Question, answer: Answer): T {
  if (answer.status < 200 || answer.status >= 300) throw refusedBy(nameOf(question), answer);
  const parsed = schema.safeParse(answer.data);
  if (!parsed.success) throw untold(question, true, `HTTP ${answer.status} with something else`);
  return parsed.data;
}

/** The client's own time-out does nothing but keep the process alive, so there is none; the signal is what ends a call. */
async function send(token: string, base: string, question: Question, signal: AbortSignal): Promise<Answer> {
  const { method, path, query, body, from } = question;
  const api = await loadClient();
  if (signal.aborted) throw unreachable(explainFault(undefined, signal));
  const hurry = new AbortController();
  let wait: { ms: number | undefined } | undefined;
  const { made, mayBeSent } = watchRequest(
    () =>
      api({
        ...{ token, url: `${base}${path}`, method, requestTimeout: 0, retryTimeout: 0, redirect: 'manual' },
        signal: AbortSignal.any([signal, hurry.signal]),
        ...(query === undefined ? {} : { queryParameters: query }),
        ...(body === undefined ? {} : { data: body }),
        ...(from === undefined ? {} : { headers: { From: from } }),
      }),
    ({ statusCode, headers }) => {
      if (statusCode !== 429) return;
      wait = { ms: waitOf(headers) };
      // The client would send it three times more, whatever PagerDuty asks for.
      hurry.abort();
    },
  );
  try {
    const { status, data } = await made;
    return { status, data };
  } catch (thrown) {
    if (wait !== undefined) throw asksToWait(wait.ms);
    // An answer that is no JSON is thrown as it came.
    if (thrown instanceof Object && 'status' in thrown && typeof thrown.status === 'number' && !signal.aborted)
      return { status: thrown.status, data: undefined };
    throw untold(question, mayBeSent(), explainFault(thrown, signal), thrown);
  }
}

/** A question changes nothing, so nothing of it can have been taken. */
function untold(question: Question, mayBeSent: boolean, why: string, cause?: unknown) {
  return mayBeSent && question.method !== 'GET'
    ? unanswered(nameOf(question), why, cause)
    : unreachable(why, { cause });
}

function nameOf({ method, path }: Question): string {
  return `${method} ${path}`;
}
