import type { Received } from './domain/alert.ts';

/** The seams to the outside world that only incidents need: types only. Adapters implement them. */

/** What is counted of alerts and incidents, for `GET /metrics`. */
export interface AlertCounts {
  /** Alerts and notices that are in the inbox now. */
  received(source: string, count: number): void;
  /** Alerts that a sender says it has, and did not send. */
  leftOut(source: string, count: number): void;
  /** A webhook that was answered with this HTTP status. */
  refused(source: string, status: number): void;
  /** An incident that alerts declared. */
  declared(source: string, severity: string): void;
  /** Alerts that belong to no incident: their route declares none, or what they say is over was never heard of. */
  unheard(source: string, count: number): void;
}

export interface ReceivedEntry {
  id: string;
  /** undefined: a newer Muster wrote it. */
  item: Received | undefined;
}

/** What webhooks bring, in Redis before they are answered, in order. @throws DrError LEDGER_UNREACHABLE */
export interface Inbox {
  /** Keeps it until it is in an incident's stream; false where something of this `id` was taken within a day. */
  receive(item: Received, id?: string): Promise<boolean>;
  /** Oldest first, at most `limit`; ids order it, and no id comes again. */
  received(limit: number): Promise<ReceivedEntry[]>;
  /** How many entries wait. */
  countReceived(): Promise<number>;
  /** Takes everything up to this entry, and it, out. */
  dropReceived(upTo: string): Promise<void>;
}

export interface IncidentIndex {
  /** Streams by their declaration, newest first, at most `limit`. */
  incidents(limit: number): Promise<string[]>;
  /** Those about which something may remain to be done. */
  openIncidents(): Promise<string[]>;
}

export interface PageOrder {
  /** PagerDuty makes no second open incident of it on the same service. */
  key: string;
  title: string;
  details: string;
  urgency: 'high' | 'low';
  /** Whom; left out: whoever is on call for the service. */
  to?: { id: string; kind: 'user' | 'escalation_policy' };
  /** Where people read more, such as the room. */
  url?: string;
}

/** PagerDuty's incident. */
export interface Paged {
  id: string;
  url?: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
}

/** How it stands. */
export interface PagedNow extends Paged {
  /** Since when it has this status, ms since 1970, to the second. */
  since: number;
  /** Who acknowledged or resolved it, and who has it, as PagerDuty names them. */
  by?: string;
  assignees: string[];
}

export interface OnCall {
  /** PagerDuty's id. */
  id: string;
  name: string;
  email?: string;
  /** 1 is paged first. */
  level: number;
}

export type PagerChange =
  | { status: 'acknowledged' | 'resolved' }
  | { escalate: true }
  | { reassign: { id: string; kind: 'user' | 'escalation_policy' } }
  | { note: string };

/**
 * PagerDuty's REST API. Every call ends by itself (5 s) or when `signal` aborts, and is tried once.
 * @throws DrError PAGER_UNREACHABLE (retryable, `retryAfterMs` on 429): not taken; PAGER_UNANSWERED (retryable): it may have been taken;
 *   PAGER_REFUSED: not taken, and it never will be, unless it is retryable: a token that a person has to put in order
 */
export interface Pager {
  /** Makes the incident, or finds the open one of this key: twice is once. */
  trigger(order: PageOrder, signal: AbortSignal): Promise<Paged>;
  /** The newest incident of this key, open or not. */
  find(key: string, signal: AbortSignal): Promise<Paged | undefined>;
  read(incident: string, signal: AbortSignal): Promise<PagedNow>;
  /** Doing it to an incident that is so already is no error. `by`: the e-mail address of whoever does it, if PagerDuty knows them. */
  change(incident: string, change: PagerChange, by: string | undefined, signal: AbortSignal): Promise<void>;
  /**
   * Whether an escalation, or a note of this text, was made at or after `since` (ms since 1970, by our clock): they are not to be done
   * twice. Whoever has it since then is what an escalation leaves.
   */
  isMade(
    incident: string,
    change: Extract<PagerChange, { escalate: true } | { note: string }>,
    since: number,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Who is on call now, by level; left out: for the service's own policy. */
  onCall(escalationPolicy: string | undefined, signal: AbortSignal): Promise<OnCall[]>;
  /** Users by id, e-mail address or name, and escalation policies by id or name. */
  search(
    who: string,
    signal: AbortSignal,
  ): Promise<{ id: string; kind: 'user' | 'escalation_policy'; name: string; email?: string }[]>;
}

/** The second path, Events API v2: pages whoever is on call for the service. Throws as Pager does. */
export interface PagerEvents {
  send(action: 'trigger' | 'acknowledge' | 'resolve', order: PageOrder, signal: AbortSignal): Promise<void>;
}

/** What a war room takes beside messages. Every request ends by itself (5 s). Throws as Chat does. */
export interface Rooms {
  /** @throws DrError CHAT_NAME_TAKEN */
  create(name: string, isPrivate: boolean, signal: AbortSignal): Promise<string>;
  /** The channel of this name that our own bot made at or after `since` (ms since 1970); undefined: there is none, or it is another's. */
  find(name: string, since: number, signal: AbortSignal): Promise<string | undefined>;
  /** Once, whoever asks how often; `isFirst`: nobody can have done it before, so Slack need not be asked. So are the two below. */
  setTopic(channel: string, topic: string, signal: AbortSignal, isFirst?: boolean): Promise<void>;
  setPurpose(channel: string, purpose: string, signal: AbortSignal, isFirst?: boolean): Promise<void>;
  addBookmark(
    channel: string,
    bookmark: { title: string; url: string },
    signal: AbortSignal,
    isFirst?: boolean,
  ): Promise<void>;
  pin(channel: string, ts: string, signal: AbortSignal): Promise<void>;
  /** One person (U...) or everybody in a user group (S...); who is in it already is no error. Answers who could not be, and why. */
  invite(channel: string, whom: string, signal: AbortSignal): Promise<string[]>;
  /** Slack's id of the member with this e-mail address; undefined: nobody has it. */
  memberOf(email: string, signal: AbortSignal): Promise<string | undefined>;
  emailOf(user: string, signal: AbortSignal): Promise<string | undefined>;
}
