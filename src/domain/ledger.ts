import type { RunEvent } from './run-events.ts';

/** One event as the ledger holds it. */
export interface Entry {
  /** The Redis Stream id, `<ms>-<n>`: orders the stream. */
  id: string;
  event: RunEvent | ForeignEvent;
}

/** An event that this version of Muster does not know; its stream is parked, never guessed at. */
export interface ForeignEvent {
  type: 'foreign';
  /** The type and version as written. */
  wrote: string;
}

export interface LedgerAppend {
  stream: string;
  /** The id of the last entry the writer has seen; undefined: the stream must not exist yet. */
  after: string | undefined;
  event: RunEvent;
  /** The target whose lease the event takes or frees, as `cluster/namespace`. */
  target: string;
  lease: 'take' | 'free' | 'none';
  /** True where the stream is finished with this event. */
  terminal: boolean;
}
