import type { ChatMessage } from './domain/chat-message.ts';
import type { Kind, KubeObject } from './domain/kinds.ts';
import type { Entry, LedgerAppend } from './domain/ledger.ts';
import type { Modal } from './domain/modal.ts';
import type { RightAsked } from './domain/rights.ts';
import type { Inbox, IncidentIndex } from './incident-ports.ts';

/** The seams between the engine and the outside world: types only. Adapters implement them. */

export interface Clock {
  /** Milliseconds since 1970 (UTC). */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts. It never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Append-only streams of events, with the target leases and the index of unfinished streams kept in the same atomic write.
 * Every call gives up by itself after a second or two: LEDGER_UNREACHABLE (retryable).
 */
export interface Ledger extends Inbox, IncidentIndex {
  /** This installation's id, as Redis has it; made at the first start. */
  installation(): Promise<string>;
  /** All entries of a stream, oldest first; empty where the stream does not exist. */
  read(stream: string): Promise<Entry[]>;
  /**
   * Adds one event if the stream's last entry is still `after` (undefined: the stream must be new); returns the new entry's id.
   * The same event (by its `eid`) sent twice is added once.
   * @throws DrError LEDGER_CONFLICT, TARGET_HELD (its message names the holder), LEDGER_UNREACHABLE
   */
  append(request: LedgerAppend): Promise<string>;
  /** The id of each stream's last entry; a stream without one is left out. */
  lastIds(streams: readonly string[]): Promise<Map<string, string>>;
  /** Streams without a terminal event. */
  unfinished(): Promise<string[]>;
  /** Those of runs on this target. */
  unfinishedOn(target: string): Promise<string[]>;
  /** Streams by their first event, newest first, at most `limit`. */
  recent(limit: number): Promise<string[]>;
  /** A stream's events as they were written, whatever wrote them; oldest first. */
  raw(stream: string): Promise<{ id: string; text: string }[]>;
  /** Streams by their first event, oldest first, at most `limit`; never one of the newest `spare`. */
  oldest(limit: number, spare: number): Promise<string[]>;
  /**
   * Deletes a run's stream and that of its messages, and takes it off the list; false where the run is unfinished, or
   * messages that were begun are, or the run's last entry is no longer `after`.
   */
  forget(stream: string, posts: string, after: string): Promise<boolean>;
  /** The stream that holds a target, a failure domain or a room, if any. */
  holder(target: string): Promise<string | undefined>;
  /** True for the first who claims this id within `forMs` ms: what is delivered twice is taken once. */
  claim(id: string, forMs: number): Promise<boolean>;
  /** Whether somebody has claimed this id, and the time is not up. */
  isClaimed(id: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Says when to look at a stream; never holds truth. */
export interface Queue {
  /** Asks for a look at the stream; asking twice is asking once. @throws DrError LEDGER_UNREACHABLE */
  wake(stream: string): Promise<void>;
  /** How many workers of runs, or of incidents, are listening now; undefined when that cannot be told. */
  workers(of?: 'runs' | 'incidents'): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface ObjectRef {
  /** Left out for cluster-scoped kinds. */
  namespace?: string;
  name: string;
}

export interface ListScope {
  /** Left out: all namespaces, or a cluster-scoped kind. */
  namespace?: string;
  /** `key=value,key2!=value2`, as kubectl's `-l`. */
  labelSelector?: string;
  fieldSelector?: string;
}

/** What is sent to create an object; apiVersion and kind come from the Kind. */
export interface Manifest {
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

export interface ServedResource {
  kind: string;
  plural: string;
  namespaced: boolean;
}

export interface ServiceProbe {
  namespace: string;
  service: string;
  port: number;
  /** Begins with `/`. */
  path: string;
}

export interface LogOrder {
  namespace: string;
  pod: string;
  container: string;
  /** Of the container's life before its last restart. */
  previous?: boolean;
  sinceSeconds?: number;
  tailLines: number;
  limitBytes: number;
}

/**
 * One Kubernetes cluster. Every call ends by itself (10 s) or when `signal` aborts.
 * @throws DrError CLUSTER_UNREACHABLE (retryable) on network faults, 429 and 5xx; CLUSTER_FORBIDDEN; CLUSTER_INVALID;
 *   CLUSTER_NOT_SERVED where the API lacks the kind; CLUSTER_UNREADABLE where the answer does not fit the schema.
 */
export interface Cluster {
  /** The kubeconfig context's name. */
  readonly name: string;
  /** The API server's gitVersion, as `v1.31.2`. */
  version(signal: AbortSignal): Promise<string>;
  /** The object, or undefined when the API says that it does not exist. Anything less certain throws. */
  read<T>(kind: Kind<T>, ref: ObjectRef, signal: AbortSignal): Promise<T | undefined>;
  /** All objects in scope, all pages of them. */
  list<T>(kind: Kind<T>, scope: ListScope, signal: AbortSignal): Promise<T[]>;
  /** @throws DrError CLUSTER_ALREADY_EXISTS */
  create<T>(kind: Kind<T>, manifest: Manifest, signal: AbortSignal): Promise<T>;
  /** What the API serves under a group and version (`v1`, `apps/v1`); empty where it serves none. Subresources are left out. */
  resources(apiVersion: string, signal: AbortSignal): Promise<ServedResource[]>;
  /** Deletes exactly the object of this uid; an object that is gone already is no error. @throws DrError CLUSTER_CONFLICT for another uid */
  remove(kind: Kind<unknown>, ref: ObjectRef & { uid: string }, signal: AbortSignal): Promise<void>;
  /** Resolves when the object may have changed after `since`, when the watch ends for any reason, or when the signal aborts. A hint only: read again. It never rejects. */
  awaitChange(kind: Kind<KubeObject>, since: KubeObject, signal: AbortSignal): Promise<void>;
  /** GET through the API server's service proxy; any HTTP status of the service is an answer, not an error; the API server's own 401, 403, 429, 500 and 504 are errors. Body cut at 4,096 characters. */
  probe(service: ServiceProbe, signal: AbortSignal): Promise<{ status: number; body: string }>;
  /** What one container wrote, the newest `tailLines` lines, cut at `limitBytes`. @throws DrError CLUSTER_INVALID where it has none, in the API's words */
  logs(order: LogOrder, signal: AbortSignal): Promise<string>;
  /** Whether our own identity may do this, as the API server says (SelfSubjectAccessReview); nothing is done. */
  may(right: RightAsked, signal: AbortSignal): Promise<boolean>;
  /** What the API server's clock says, to the second, in ms since 1970; undefined where its answer carries no date. */
  time(signal: AbortSignal): Promise<number | undefined>;
}

export interface FileOrder {
  /** A signed URL, as Velero's DownloadRequest gives it. */
  url: string;
  /** `host` or `host:port` of the storage location, or `*.domain`; any other host is refused. */
  hosts: readonly string[];
  /** Limits in bytes, of what comes over the wire and of what it unpacks to. */
  maxBytes: number;
  maxUnpackedBytes: number;
}

/**
 * Fetches one gzip-compressed text from object storage; follows no redirect. 30 s at most.
 * @throws DrError STORAGE_UNREACHABLE (retryable), STORAGE_MISSING for 404, STORAGE_REFUSED for a foreign host, a redirect, 403 or a file too large
 */
export type Download = (order: FileOrder, signal: AbortSignal) => Promise<string>;

/** Finds a cluster by context name; undefined: the default one. @throws DrError CLUSTER_UNKNOWN, CONFIG_INVALID */
export type Clusters = (name?: string) => Promise<Cluster>;

export interface PostedMessage {
  /** Slack's id of the channel it is in. */
  channel: string;
  /** Slack's id of the message in its channel. */
  ts: string;
}

export interface PostOrder {
  /** A channel's id or name, or a member's id for a direct message. */
  channel: string;
  /** Goes into the message's metadata, by which it is found again. */
  key: string;
  message: ChatMessage;
}

/** A message as it is now. */
export interface ReadMessage {
  /** Slack's id of who said it. */
  author: string | undefined;
  /** In Slack's markup; files by their names. */
  text: string;
  /** The emoji on it, without colons. */
  emoji: string[];
  pinned: boolean;
}

/**
 * Slack, as far as Muster talks to it. Every request of a call ends by itself (5 s) or when `signal` aborts.
 * @throws DrError CHAT_UNREACHABLE (retryable, `retryAfterMs` where Slack says so): the call was not taken; CHAT_UNANSWERED (retryable): it
 *   may have been taken; CHAT_REFUSED: Slack will not take it there; CHAT_FORBIDDEN (retryable): token, scope or workspace is not in order
 */
export interface Chat {
  /** Posts once; never tries again by itself. A message whose blocks Slack does not take goes out as text. */
  post(order: PostOrder, signal: AbortSignal): Promise<PostedMessage>;
  /** Replaces what the message shows; doing it twice is doing it once. */
  update(posted: PostedMessage, message: ChatMessage, signal: AbortSignal): Promise<void>;
  /** The message with this key that we posted there, newest first; undefined when it is not there. */
  find(channel: string, key: string, signal: AbortSignal): Promise<PostedMessage | undefined>;
  /** Any message of the channel, in a thread too; undefined: it is not there. */
  read(posted: PostedMessage, signal: AbortSignal): Promise<ReadMessage | undefined>;
  /** Puts the message's file into its thread, unless one of that name is there. */
  attach(posted: PostedMessage, file: NonNullable<ChatMessage['file']>, signal: AbortSignal): Promise<void>;
  /** A link to the message for people. */
  link(posted: PostedMessage, signal: AbortSignal): Promise<string>;
  /** Which of these user groups (S...) the member is in, as Slack says now. */
  groupsOf(user: string, among: readonly string[], signal: AbortSignal): Promise<string[]>;
  /** Opens a form for whoever did what this trigger is of, within 3 s of it. `channel`: where it was done; the submission comes from there. */
  openModal(trigger: string, modal: Modal, channel: string | undefined, signal: AbortSignal): Promise<void>;
  /** The workspace's and the bot's own names, as `auth.test` tells: the way to see whether Slack answers. */
  whoAmI(signal: AbortSignal): Promise<{ team: string; user: string }>;
}
