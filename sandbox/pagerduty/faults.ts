import type { Api, Asked } from './call-log.ts';

/** Failures that a test asks for. */
export type FaultKind =
  /** HTTP with this code and a page that is no JSON, as from a proxy; nothing is done. */
  | { kind: 'status'; code: number }
  /** PagerDuty's own refusal, such as 401 with code 2006 once a token is revoked; nothing is done. */
  | { kind: 'error'; status: number; code: number; message: string }
  /** HTTP 429 with `ratelimit-reset` in seconds; `bare`: without those headers, which PagerDuty says can happen. */
  | { kind: 'ratelimited'; reset: number; bare?: boolean }
  /** HTTP 200, or 202 from the Events API, with a page that is no JSON; nothing is done. */
  | { kind: 'garbage' }
  /** Never answers; nothing is done. */
  | { kind: 'hang' }
  /** Cuts the connection; nothing is done. */
  | { kind: 'reset' }
  /** Waits, then goes on as usual. */
  | { kind: 'slow'; ms: number }
  /** Does what is asked, then cuts the connection, never answers, answers with this code, or with a page. */
  | { kind: 'reset-after' }
  | { kind: 'hang-after' }
  | { kind: 'status-after'; code: number }
  | { kind: 'garbage-after' };

export interface FaultMatch {
  api?: Api;
  /** `POST /incidents`, `PUT /incidents/{id}`, `POST /v2/enqueue`. */
  operation?: string | RegExp;
  /** Found in the body as JSON. */
  body?: RegExp;
}

export type Fault = FaultKind & {
  /** Left out: every call of both APIs. */
  match?: FaultMatch;
  /** How many calls it hits; left out: all until removed. */
  times?: number;
  /** For how long, in milliseconds; left out: until removed. */
  forMs?: number;
};

export interface Faults {
  /** Returns the way to remove it. Of several that match, the first added wins. */
  add(fault: Fault): () => void;
  clear(): void;
  /** Stops listening and cuts every connection: connections are refused. Left out: both APIs. */
  down(api?: Api): Promise<void>;
  /** Listens again on the same port. */
  up(api?: Api): Promise<void>;
}

export interface FaultBox extends Pick<Faults, 'add' | 'clear'> {
  /** The fault that this call meets, counted as used. */
  take(asked: Asked): FaultKind | undefined;
}

function matches({ api, operation, body }: FaultMatch, asked: Asked): boolean {
  const named =
    operation === undefined ||
    (typeof operation === 'string' ? operation === asked.operation : operation.test(asked.operation));
  return named && (api ?? asked.api) === asked.api && (body === undefined || body.test(JSON.stringify(asked.request)));
}

export function createFaultBox(): FaultBox {
  let entries: { fault: Fault; left: number; until: number }[] = [];
  return {
    add(fault) {
      const until = fault.forMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + fault.forMs;
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY, until };
      entries.push(entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    clear() {
      entries = [];
    },
    take(asked) {
      entries = entries.filter(({ until }) => performance.now() < until);
      const found = entries.find(({ fault }) => matches(fault.match ?? {}, asked));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) entries = entries.filter((entry) => entry !== found);
      return found.fault;
    },
  };
}
