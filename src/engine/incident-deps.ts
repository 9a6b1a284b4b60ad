import type { ChatMessage } from '../domain/chat-message.ts';
import type { IncidentView } from '../domain/incident.ts';
import type { IncidentContext } from '../domain/incident-context.ts';
import type { IncidentSettings } from '../domain/incident-settings.ts';
import type { RunView } from '../domain/run.ts';
import type { Effect } from '../incident-contracts.ts';
import type { Pager, PagerEvents, Rooms } from '../incident-ports.ts';
import type { Chat, Clock, Ledger } from '../ports.ts';
import type { ChatGate } from './chat-gate.ts';
import type { Log } from './deps.ts';

/** What the driver of incidents is given. An effect whose way is not configured is never wanted, so it may be missing. */
export interface IncidentDeps {
  ledger: Ledger;
  clock: Clock;
  log: Log;
  worker: string;
  effects: ReadonlyMap<string, Effect>;
  settings: IncidentSettings;
  chat: Chat;
  rooms: Rooms;
  pager: Pager;
  events: PagerEvents;
  gate: ChatGate;
  /** Hears of what keeps effects waiting, each time. */
  onTrouble(error: Error): void;
  render(key: string, context: IncidentContext): ChatMessage;
  draftUpdate(context: IncidentContext): string;
  runsOf(view: IncidentView): Promise<RunView[]>;
  /** Where the step in flight of a run stands, read from its target now; undefined where none is, or it cannot be told. */
  progressOf(run: RunView, signal: AbortSignal): Promise<string | undefined>;
  /**
   * The affected namespace's newest usable backup, as one sentence; undefined where there is none to tell of. It never rejects. `busy`: so
   * many ask already that this one would keep a slot of the worker from who must be paged.
   */
  describeBackup(view: IncidentView, signal: AbortSignal): Promise<string | undefined> | 'busy';
}

/** What this process knows of an incident beyond the ledger; lost on a crash, which costs a look or an edit that changes nothing. */
export interface IncidentMemory {
  /** When an effect is tried again, ms since 1970, and how often it has failed. */
  retries: Map<string, { at: number; failures: number }>;
  /** Attempts that are known not to have arrived, as `key/attempt`. */
  notTaken: Set<string>;
  /** The hash of what each edited message shows, and when it was edited, by key. */
  shown: Map<string, { hash: string; at: number }>;
  /** What all messages showed when they were last right. */
  edited: string | undefined;
  /** Whether a run that belongs to it was at work when its messages were last made. */
  runsAtWork: boolean;
  /** When PagerDuty was asked last how a page stands, ms since 1970, by the page's key. */
  asked: Map<string, number>;
  /** `until`: when it is looked up again, ms since 1970. */
  backup: { text: string | undefined; until: number } | undefined;
}

export function createIncidentMemory(): IncidentMemory {
  return {
    retries: new Map(),
    notTaken: new Set(),
    shown: new Map(),
    edited: undefined,
    runsAtWork: false,
    asked: new Map(),
    backup: undefined,
  };
}
