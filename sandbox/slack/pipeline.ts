import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, answerError, answerRateLimited, answerStatus, writeAnswer } from './answer.ts';
import type { Arguments } from './arguments.ts';
import type { Call, CallEvent, CallListener } from './call-log.ts';
import type { FaultBox, FaultKind } from './faults.ts';
import { copyOf } from './json.ts';
import type { RateMeter } from './rate-limits.ts';

/** Ends in an answer, or in one of these. */
type Ending = Answer | 'dropped' | 'dropped after' | 'hung' | 'hung after';

export interface Pipeline {
  /** Passes a call through listeners, faults and rate limits on its way to `perform`, and answers it. */
  pass(method: string, args: Arguments, response: ServerResponse, perform: () => Answer): Promise<void>;
  calls: Call[];
  onCall(listener: CallListener): () => void;
}

function before(fault: FaultKind | undefined): Ending | undefined {
  switch (fault?.kind) {
    case 'status':
      return answerStatus(fault.code);
    case 'ratelimited':
      return answerRateLimited(fault.retryAfter);
    case 'error':
      return answerError(fault.error);
    case 'garbage':
      return { ...answerStatus(200), outcome: 'garbage' };
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
  return fault?.kind === 'status-after' ? answerStatus(fault.code) : answer;
}

function withoutToken(args: Arguments): Arguments {
  const { token: _token, ...rest } = args;
  return copyOf(rest);
}

export function createPipeline(parts: {
  faults: FaultBox;
  rates: RateMeter;
  now: () => number;
  /** Aborted when the server closes, so that no wait outlives it. */
  closing: () => AbortSignal;
}): Pipeline {
  const calls: Call[] = [];
  const listeners = new Set<CallListener>();

  async function tell(event: CallEvent): Promise<void> {
    for (const listener of listeners) await listener(event);
  }

  async function run(method: string, args: Arguments, perform: () => Answer): Promise<Ending> {
    await tell({ method, phase: 'before', args });
    const fault = parts.faults.take(method, args);
    if (fault?.kind === 'slow') await delay(fault.ms, undefined, { signal: parts.closing() });
    const early = before(fault);
    if (early !== undefined) return early;
    const wait = parts.rates.take(method, args);
    if (wait !== undefined) return answerRateLimited(wait);
    const answer = perform();
    await tell({ method, phase: 'after', args, answer: answer.outcome });
    return after(fault, answer);
  }

  return {
    calls,
    onCall(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async pass(method, args, response, perform) {
      const call: Call = { method, args: withoutToken(args), at: parts.now(), answer: 'unanswered' };
      calls.push(call);
      const ending = await run(method, call.args, perform);
      call.answer = typeof ending === 'string' ? ending : ending.outcome;
      if (typeof ending !== 'string') writeAnswer(response, ending);
      else if (ending.startsWith('dropped')) response.destroy();
    },
  };
}
