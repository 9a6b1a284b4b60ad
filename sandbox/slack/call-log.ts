import type { Arguments } from './arguments.ts';

/** What the bot asked, and how it was answered. */
export interface Call {
  method: string;
  /** Without the token. */
  args: Arguments;
  /** Milliseconds, by the workspace's clock. */
  at: number;
  /** `ok`, Slack's error code, `http 500`, or what a fault did: `dropped`, `dropped after`, `hung`, `hung after`. */
  answer: string;
}

export interface CallEvent {
  method: string;
  /** Before anything is done; once it is done but not yet answered. */
  phase: 'before' | 'after';
  args: Arguments;
  /** Once it is done: `ok`, or why not. */
  answer?: string;
}

/** May wait: the call waits with it. The place to end a process in a crash test. */
export type CallListener = (event: CallEvent) => void | Promise<void>;
