import type { Actor } from './domain/actor.ts';
import type { Received } from './domain/alert.ts';
import type { ChatMessage } from './domain/chat-message.ts';
import type { IncidentView } from './domain/incident.ts';
import type { EffectName } from './domain/incident-effects.ts';
import type { EffectResult, IncidentEventDraft, Severity } from './domain/incident-events.ts';
import type { IncidentSettings } from './domain/incident-settings.ts';
import type { CheckedRouting } from './domain/routing.ts';
import type { RunView } from './domain/run.ts';
import type { Origin } from './domain/run-events.ts';
import type { Pager, PagerEvents, Rooms } from './incident-ports.ts';
import type { Chat, Clock } from './ports.ts';

export type { IncidentContext } from './domain/incident-context.ts';

/** What people extend the incident half with: alert sources and effects, one file each; and what commands may ask of it. */

export interface WebhookSecrets {
  /** ALERT_WEBHOOK_TOKEN. */
  bearer: string | undefined;
  /** PAGERDUTY_WEBHOOK_SECRET. */
  pagerDuty: string | undefined;
}

export interface Webhook {
  /** By lower-case name, as Node gives them. */
  headers: Record<string, string | string[] | undefined>;
  /** As it came, byte for byte. */
  body: Buffer;
  /** When it came, ms since 1970. */
  at: number;
}

/** What a sender is told that it did wrong: nothing was taken. */
export interface WebhookRefusal {
  status: 400 | 401;
  why: string;
}

/** Whatever posts alerts to `/webhooks/<name>`. */
export interface AlertSource {
  /** Part of the address. */
  name: string;
  summary: string;
  /** Whether it comes from whom it says it does; undefined: it does. No secret configured: nothing does. Compares in constant time. */
  refuse(webhook: Webhook, secrets: WebhookSecrets): WebhookRefusal | undefined;
  /** What `refuse` looks at: where the headers are enough, nobody else's body is read. */
  proof: 'headers' | 'body';
  /**
   * What is in it; `items` empty: nothing that is of use here. `id`: the same whenever the sender delivers it again. `leftOut`: how many alerts
   * the sender says it has and did not send. It never throws.
   */
  parse(webhook: Webhook): { items: { item: Received; id?: string }[]; leftOut?: number } | WebhookRefusal;
}

export function defineAlertSource(source: AlertSource): AlertSource {
  return source;
}

export interface EffectContext {
  view: IncidentView;
  /** `open-room`, `invite:U123`: as the ledger names it, and what stands behind the colon. */
  key: string;
  of: string;
  attempt: number;
  /** When this effect was begun first, ms since 1970. */
  begunAt: number;
  clock: Clock;
  chat: Chat;
  rooms: Rooms;
  pager: Pager;
  events: PagerEvents;
  settings: IncidentSettings;
  /** The message of this effect as it is to be shown now. */
  render(): Promise<ChatMessage>;
  signal: AbortSignal;
}

/**
 * One thing that Muster does about an incident. Done is what `apply` or `find` answers. A throw that is retryable is tried again, any other
 * is the end of it; neither stops another effect.
 */
export interface Effect {
  name: EffectName;
  /** As people read it on the card: `page`, `room`, `topic`. */
  title: string;
  apply(context: EffectContext): Promise<EffectResult>;
  /** What an attempt that nobody saw end has left; undefined: nothing, as far as can be told. Left out: doing it twice is doing it once. */
  find?(context: EffectContext): Promise<EffectResult | undefined>;
  /** Its message is edited in place as the incident goes on. */
  edited?: boolean;
}

export function defineEffect(effect: Effect): Effect {
  return effect;
}

export interface DeclareOrder {
  title: string;
  severity: Severity;
  service: string | undefined;
  private: boolean;
  by: Actor;
  origin: Origin | undefined;
}

/** What commands may ask about incidents. */
export interface IncidentEngine {
  settings: IncidentSettings;
  /** undefined: PagerDuty's REST API is not configured. */
  pager: Pager | undefined;
  /** undefined: there is no Slack here. */
  rooms(): Rooms | undefined;
  /** Records it and asks for a look; the same delivery declares once. Answers its id. @throws DrError LEDGER_UNREACHABLE */
  declare(order: DeclareOrder): Promise<string>;
  /** @throws DrError INCIDENT_NOT_FOUND, LEDGER_UNREACHABLE */
  read(incident: string): Promise<IncidentView>;
  /** Newest first; those that cannot be read are left out. */
  list(limit: number): Promise<IncidentView[]>;
  /** Those that are not resolved, newest first. */
  open(): Promise<IncidentView[]>;
  /** The incident whose room this channel is. */
  ofChannel(channel: string): Promise<string | undefined>;
  /** As `RunEngine.change`. @throws DrError INCIDENT_NOT_FOUND, LEDGER_UNREACHABLE, LEDGER_CONFLICT, and what `decide` throws */
  change<D extends IncidentEventDraft | undefined>(
    incident: string,
    decide: (view: IncidentView) => D,
  ): Promise<{ view: IncidentView; recorded: D }>;
  /** Reads a routing file as if it were to be loaded; left out: the one that is named in ROUTING_FILE. undefined: none is. */
  checkRouting(file?: string): Promise<CheckedRouting | undefined>;
  /** Whether a Muster is running that does what is recorded; undefined where that cannot be told. */
  isDriven(): Promise<boolean | undefined>;
  /** The runs that belong to it, as they are now. */
  runs(view: IncidentView): Promise<RunView[]>;
}
