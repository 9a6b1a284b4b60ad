/** What `dr doctor` looks at, beside clusters: types only. Adapters implement them. */

import type { OnCall } from './incident-ports.ts';

/** What a Redis tells about itself; a field is undefined where it does not tell, or may not be asked. */
export interface RedisFacts {
  version: string | undefined;
  /** `master` or `slave`. */
  role: string | undefined;
  loading: boolean | undefined;
  maxmemoryPolicy: string | undefined;
  appendonly: boolean | undefined;
  appendfsync: string | undefined;
  /** Of the append-only file: `ok` or `err`. */
  lastWrite: string | undefined;
  lastRewrite: string | undefined;
  /** The id of the installation that it holds the record of; undefined before the first start. */
  installation: string | undefined;
  /** Its clock, in ms since 1970. */
  time: number | undefined;
}

/** Looks at the Redis of REDIS_URL and changes nothing. It ends by itself (8 s a call). @throws DrError LEDGER_UNREACHABLE */
export type InspectRedis = (signal: AbortSignal) => Promise<RedisFacts>;

/** Looks at the Slack workspace and changes nothing. Throws as Chat does. */
export interface ChatInspection {
  /** `scopes`: what the token was granted; undefined where Slack does not say. */
  identity(signal: AbortSignal): Promise<{ team: string; user: string; scopes: string[] | undefined }>;
  /** A channel by id or name; undefined where the bot sees none of that name. */
  channel(
    channel: string,
    signal: AbortSignal,
  ): Promise<{ name: string; member: boolean; archived: boolean } | undefined>;
  /** Whether the member is there; undefined: no such member. */
  member(user: string, signal: AbortSignal): Promise<'active' | 'deactivated' | undefined>;
  /** Slack's id of the active member with this e-mail address; undefined: nobody has it. */
  memberByEmail(email: string, signal: AbortSignal): Promise<string | undefined>;
  /** The ids of all user groups, and whether each is in use. */
  groups(signal: AbortSignal): Promise<ReadonlyMap<string, 'active' | 'disabled'>>;
}

/** PagerDuty, as far as Muster talks to it. @throws DrError PAGER_UNREACHABLE (retryable), PAGER_REFUSED */
export interface PagerInspection {
  /** The service's name and status, such as `active` or `disabled`. */
  service(signal: AbortSignal): Promise<{ name: string; status: string }>;
  /** Whether events with this key come to the service; undefined: PagerDuty does not tell. */
  takesEvents(routingKey: string, signal: AbortSignal): Promise<boolean | undefined>;
  /** Who is on call for the service now, by level. */
  onCall(signal: AbortSignal): Promise<OnCall[]>;
  /** Whether there is an escalation policy with this id. */
  hasPolicy(policy: string, signal: AbortSignal): Promise<boolean>;
  /** Whether a user has this e-mail address. */
  knows(email: string, signal: AbortSignal): Promise<boolean>;
}
