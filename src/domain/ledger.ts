import { type IncidentEvent, isIncidentEvent } from './incident-events.ts';
import { isPostEvent, type PostEvent } from './post-events.ts';
import type { RunEvent } from './run-events.ts';

export type LedgerEvent = RunEvent | PostEvent | IncidentEvent;

/** One event as the ledger holds it. */
export interface Entry<E extends LedgerEvent = LedgerEvent> {
  /** The Redis Stream id, `<ms>-<n>`: orders the stream. */
  id: string;
  event: E | ForeignEvent;
}

/** An event that this version of Muster does not know; its stream is parked, never guessed at. */
export interface ForeignEvent {
  type: 'foreign';
  /** The type and version as written. */
  wrote: string;
}

export type RunEntry = Entry<RunEvent>;

/** A run's stream holds nothing else. */
export function isRunEntry(entry: Entry): entry is RunEntry {
  return !isPostEvent(entry.event) && !isIncidentEvent(entry.event);
}

export interface LedgerAppend {
  stream: string;
  /** The id of the last entry the writer has seen; undefined: the stream must not exist yet. */
  after: string | undefined;
  event: LedgerEvent;
  /** The target whose lease the event takes or frees, as `cluster/namespace`; empty where `lease` is none. */
  target: string;
  lease: 'take' | 'free' | 'none';
  /** A stream that may hold the lease now: it is taken over from there. */
  over?: string;
  /** True where the stream is finished with this event. */
  terminal: boolean;
  /** A stream that from now on is unfinished too, in the same atomic write, though it has no entry yet. */
  opens?: string;
}
