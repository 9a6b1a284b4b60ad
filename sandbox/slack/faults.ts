import type { Arguments } from './arguments.ts';

/** Failures that a test asks for. */
export type FaultKind =
  /** HTTP with this code; nothing is done. */
  | { kind: 'status'; code: number }
  /** HTTP 429 with `Retry-After` in seconds; nothing is done. */
  | { kind: 'ratelimited'; retryAfter: number }
  /** HTTP 200 with this error of Slack's, such as `token_revoked`; nothing is done. */
  | { kind: 'error'; error: string }
  /** HTTP 200 with a page that is no JSON; nothing is done. */
  | { kind: 'garbage' }
  /** Never answers; nothing is done. */
  | { kind: 'hang' }
  /** Cuts the connection; nothing is done. */
  | { kind: 'reset' }
  /** Waits, then goes on as usual. */
  | { kind: 'slow'; ms: number }
  /** Does what is asked, then cuts the connection, never answers, or answers with this code. */
  | { kind: 'reset-after' }
  | { kind: 'hang-after' }
  | { kind: 'status-after'; code: number };

export interface FaultMatch {
  /** `chat.postMessage`; a response URL is `response_url`, an upload URL `upload`. */
  method?: string | RegExp;
  /** Found in the arguments as JSON. */
  args?: RegExp;
}

export type Fault = FaultKind & {
  /** Left out: every call. */
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
  /** The server stops listening and cuts every connection: connections are refused. */
  down(): Promise<void>;
  /** It listens again on the same port. */
  up(): Promise<void>;
}

export interface FaultBox extends Pick<Faults, 'add' | 'clear'> {
  /** The fault that this call meets, counted as used. */
  take(method: string, args: Arguments): FaultKind | undefined;
}

/** Slack's errors belong to the Web API: a revoked token stops neither uploads nor response URLs. */
const isOutside = ({ kind, match }: Fault, method: string): boolean =>
  kind === 'error' && match?.method === undefined && !method.includes('.');

function matches({ method, args }: FaultMatch, calledMethod: string, calledArgs: Arguments): boolean {
  const named =
    method === undefined || (typeof method === 'string' ? method === calledMethod : method.test(calledMethod));
  return named && (args === undefined || args.test(JSON.stringify(calledArgs)));
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
    take(method, args) {
      entries = entries.filter(({ until }) => performance.now() < until);
      const found = entries.find(({ fault }) => !isOutside(fault, method) && matches(fault.match ?? {}, method, args));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) entries = entries.filter((entry) => entry !== found);
      return found.fault;
    },
  };
}
