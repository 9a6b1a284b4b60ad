import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { copyOf, isObject } from '../slack/json.ts';
import { type Answer, answerError, answerPage, answerRateLimited, rateHeaders, writeAnswer } from './answer.ts';
import { ApiError } from './api-error.ts';
import type { Api, Asked, Call, CallEvent, CallListener } from './call-log.ts';
import type { FaultBox, FaultKind } from './faults.ts';
import type { RateMeter } from './rate-limits.ts';

/** Ends in an answer, or in one of these. */
type Ending = Answer | 'dropped' | 'dropped after' | 'hung' | 'hung after';

export interface Pipeline {
  /** Passes a call through listeners, faults and rate limits on its way to `perform`, and answers it. */
  pass(asked: Asked, response: ServerResponse, perform: () => Answer): Promise<void>;
  calls: Call[];
  onCall(listener: CallListener): () => void;
}

const GOOD: Readonly<Record<Api, number>> = { rest: 200, events: 202 };
const LIMIT = 960;

function before(fault: FaultKind | undefined, api: Api): Ending | undefined {
  switch (fault?.kind) {
    case 'status':
      return answerPage(fault.code);
    case 'error':
      return answerError(new ApiError(fault.status, fault.code, fault.message));
    case 'ratelimited':
      return answerRateLimited(api, fault.bare === true || api === 'events' ? {} : rateHeaders(LIMIT, 0, fault.reset));
    case 'garbage':
      return answerPage(GOOD[api], 'garbage');
    case 'hang':
      return 'hung';
    case 'reset':
      return 'dropped';
    default:
      return undefined;
  }
}

function after(fault: FaultKind | undefined, answer: Answer): Ending {
  if (fault?.kind === 'reset-after') return 'dropped after';
  if (fault?.kind === 'hang-after') return 'hung after';
  if (fault?.kind === 'garbage-after') return answerPage(answer.status, 'garbage after');
  return fault?.kind === 'status-after' ? answerPage(fault.code) : answer;
}

export function createPipeline(parts: {
  faults: FaultBox;
  rates: RateMeter;
  now: () => number;
  /** Aborted when that server closes, so that no wait outlives it. */
  closing: (api: Api) => AbortSignal;
}): Pipeline {
  const calls: Call[] = [];
  const listeners = new Set<CallListener>();

  async function tell(event: CallEvent): Promise<void> {
    for (const listener of listeners) await listener(event);
  }

  async function run(call: Call, asked: Asked, perform: () => Answer): Promise<Ending> {
    const { api } = asked;
    await tell({ ...asked, phase: 'before' });
    const fault = parts.faults.take(asked);
    if (fault?.kind === 'slow') await delay(fault.ms, undefined, { signal: parts.closing(api) });
    const early = before(fault, api);
    if (early !== undefined) return early;
    const rate = api === 'rest' ? parts.rates.count() : { headers: {}, exceeded: false };
    if (rate.exceeded) return answerRateLimited(api, rate.headers);
    const made = perform();
    const answer = { ...made, headers: { ...rate.headers, ...made.headers } };
    if (isObject(made.body)) call.done = { status: made.status, body: copyOf(made.body) };
    await tell({ ...asked, phase: 'after', status: answer.status });
    return after(fault, answer);
  }

  return {
    calls,
    onCall(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async pass(asked, response, perform) {
      const sent = { answer: 'unanswered', status: undefined, response: undefined, done: undefined };
      const call: Call = { ...copyOf(asked), at: parts.now(), ...sent };
      calls.push(call);
      const ending = await run(call, asked, perform);
      call.answer = typeof ending === 'string' ? ending : ending.outcome;
      if (typeof ending === 'string') return void (ending.startsWith('dropped') && response.destroy());
      call.status = ending.status;
      call.response = copyOf(ending.body);
      writeAnswer(response, ending);
    },
  };
}
