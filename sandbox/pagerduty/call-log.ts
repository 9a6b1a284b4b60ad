import type { Json, JsonObject } from '../slack/json.ts';

export type Api = 'rest' | 'events';

/** What was asked, as it arrived. */
export interface Asked {
  api: Api;
  /** With the path's variables by name: `PUT /incidents/{id}`, `POST /v2/enqueue`. */
  operation: string;
  path: string;
  query: Record<string, string[]>;
  /** Without the token. */
  headers: { accept: string | undefined; 'content-type': string | undefined; from: string | undefined };
  /** The body's JSON, or its text; undefined: there was none. */
  request: Json | undefined;
}

/** What was asked, and how it was answered. */
export interface Call extends Asked {
  /** Milliseconds, by PagerDuty's clock. */
  at: number;
  /** `ok`, PagerDuty's message, `http 500`, or what a fault did: `dropped`, `dropped after`, `hung`, `hung after`. */
  answer: string;
  /** The answer that was sent; undefined: none was. */
  status: number | undefined;
  response: Json | undefined;
  /** What PagerDuty itself answered, whether or not that arrived; undefined: a fault came first, and nothing was done. */
  done: { status: number; body: JsonObject } | undefined;
}

export interface CallEvent extends Asked {
  /** Before anything is done; once it is done but not yet answered. */
  phase: 'before' | 'after';
  /** Once it is done: the code it is about to be answered with. */
  status?: number;
}

/** May wait: the call waits with it. The place to end a process in a crash test. */
export type CallListener = (event: CallEvent) => void | Promise<void>;
