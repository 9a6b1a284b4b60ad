import { z } from 'zod';
import { Actor } from './actor.ts';
import { Alert, PagerNotice } from './alert.ts';
import { Origin } from './run-events.ts';

/** Everything that can happen to an incident, as written to its stream `incident-<id>`: its timeline. Never edited, readable for ever. */

export const SEVERITIES = ['sev1', 'sev2', 'sev3', 'sev4'] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

/** Whether the first is the worse one. */
export function isWorse(severity: Severity, than: Severity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(than);
}

export const ROLES = ['commander', 'comms', 'scribe'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Who declared it: a person, or an alert by this route. */
export const Declarer = z.union([Actor, z.object({ kind: z.literal('alert'), source: z.string(), route: z.string() })]);
export type Declarer = z.infer<typeof Declarer>;

/** Why it is an incident, and what its route says of it. Editing the routing changes no incident that is open. */
export const Opening = z.object({
  /** `20261126-174158`: when it was declared (UTC), and a number where there is more than one of that second. */
  incident: z.string(),
  installation: z.string(),
  title: z.string(),
  severity: Severity,
  service: z.string().optional(),
  /** What is broken, where it is a namespace; without a cluster: the default one. */
  target: z.object({ cluster: z.string().optional(), namespace: z.string() }).optional(),
  private: z.boolean(),
  by: Declarer,
  /** The failure domain: alerts of the same one come here. */
  domain: z.string(),
  /** The incident that had the failure domain before: what began then is known there. */
  follows: z.string().optional(),
  /** The runbook that is proposed, and what it is asked with. */
  runbook: z.string().optional(),
  /** Whether somebody is paged; `escalationPolicy`: PagerDuty's id; left out: the service's own. */
  page: z.object({ escalationPolicy: z.string().optional() }).optional(),
  /** It was paged already, by PagerDuty's own incident. */
  paged: z.object({ id: z.string(), url: z.string().optional() }).optional(),
  /** Slack ids of people (U...) and user groups (S...) who are called in. */
  invite: z.array(z.string()),
  /** Channels that are told, beside the incidents channel. */
  tell: z.array(z.string()),
  origin: Origin.optional(),
});
export type Opening = z.infer<typeof Opening>;

export const Responder = z.object({
  name: z.string(),
  /** PagerDuty's id. */
  pager: z.string(),
  /** Escalation level; 1 is paged first. */
  level: z.number(),
  /** Slack's id; undefined where nobody there has that e-mail address. */
  slack: z.string().optional(),
  /** Slack could not be asked who that is there. */
  unmatched: z.literal(true).optional(),
});
export type Responder = z.infer<typeof Responder>;

/** What an effect left at its target: enough to find it again, and to show it. */
export const EffectResult = z.object({
  /** A Slack channel. */
  channel: z.string().optional(),
  name: z.string().optional(),
  /** A Slack message in `channel`. */
  ts: z.string().optional(),
  /** The hash of what the message shows. */
  shows: z.string().optional(),
  /** PagerDuty's incident. */
  pager: z.string().optional(),
  url: z.string().optional(),
  /** Who is on call. */
  responders: z.array(Responder).optional(),
  /** What did not work though the rest did, for the card. */
  notes: z.array(z.string()).optional(),
});
export type EffectResult = z.infer<typeof EffectResult>;

/** `at` is milliseconds since 1970; `eid` makes an append idempotent. */
function event<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.object({ type: z.literal(type), v: z.literal(1), eid: z.string(), at: z.number(), ...shape });
}

const Declared = event('incident.declared', { opening: Opening });
/**
 * `upTo`: the last entry of the inbox that is in it. Failures that were known are not written again. `raises`: one of them is worse than all
 * that alerts have said of this incident; `page` as in the opening.
 */
const AlertsRecorded = event('incident.alerts-recorded', {
  upTo: z.string(),
  alerts: z.array(Alert),
  raises: z.object({ severity: Severity, page: Opening.shape.page }).optional(),
});
const PagerNoticed = event('incident.pager-noticed', { upTo: z.string(), notice: PagerNotice });
/** Written before they are done: whoever finds one without an outcome must look for it first. `key`: `<effect>` or `<effect>:<of what>`. */
const EffectsBegun = event('effects.begun', {
  effects: z.array(z.object({ key: z.string(), attempt: z.number().int().positive() })),
  worker: z.string(),
});
const EffectDone = event('effect.done', { key: z.string(), result: EffectResult });
/** The target will never take it. */
const EffectRefused = event('effect.refused', { key: z.string(), why: z.string() });
/** It does not work now and is tried again; written once for each reason. */
const EffectDelayed = event('effect.delayed', { key: z.string(), why: z.string() });
/** So much of the recovery time target is used up, in percent. */
const RtoMarked = event('incident.rto-marked', { percent: z.number() });
/** A status update is due; the draft is what people were shown, and what Post posts. Slot 1 is due one interval after the declaration. */
const SlotDrafted = event('slot.drafted', { slot: z.number().int().positive(), text: z.string() });
/** `slot`: the one that it answers; left out: said between two. */
const UpdatePosted = event('update.posted', { slot: z.number().optional(), text: z.string(), by: Actor });
const NoteAdded = event('note.added', { text: z.string(), by: Actor });
/** A message that somebody put into the timeline, by pin, emoji or shortcut; `author` and `text` as it was then. */
const MessagePinned = event('message.pinned', {
  channel: z.string(),
  ts: z.string(),
  author: z.string().optional(),
  text: z.string(),
  link: z.string().optional(),
  by: z.string(),
});
const MessageUnpinned = event('message.unpinned', { ts: z.string(), by: z.string() });
const SeverityChanged = event('severity.changed', { severity: Severity, by: Actor });
const RoleAssigned = event('role.assigned', { role: Role, user: z.string(), by: Actor });
/** Written before the run is begun, so that no run is without its incident. */
const RunLinked = event('incident.run-linked', { run: z.string(), command: z.string(), by: Actor });
/** Somebody is to be paged beside those on call. `who`: PagerDuty's id of a user or escalation policy, and its name. */
const PageAsked = event('page.asked', {
  who: z.object({ id: z.string(), kind: z.enum(['user', 'escalation_policy']), name: z.string() }),
  why: z.string(),
  by: Actor,
});
/** Somebody here did it: it is to be so in PagerDuty too. `page`: the effect's key; `to`: whom it is reassigned to. */
const PageChanged = event('page.changed', {
  page: z.string(),
  change: z.enum(['acknowledge', 'resolve', 'escalate', 'reassign', 'note']),
  to: z.string().optional(),
  text: z.string().optional(),
  by: Actor,
});
const Mitigated = event('incident.mitigated', { text: z.string().optional(), by: Actor });
const Resolved = event('incident.resolved', { summary: z.string().optional(), by: Actor });
/** All that was to be done about it is done; `why`: what was left undone, if anything. */
const Ended = event('incident.ended', { why: z.string().optional() });

export const IncidentEvent = z.discriminatedUnion('type', [
  Declared,
  AlertsRecorded,
  PagerNoticed,
  EffectsBegun,
  EffectDone,
  EffectRefused,
  EffectDelayed,
  RtoMarked,
  SlotDrafted,
  UpdatePosted,
  NoteAdded,
  MessagePinned,
  MessageUnpinned,
  SeverityChanged,
  RoleAssigned,
  RunLinked,
  PageAsked,
  PageChanged,
  Mitigated,
  Resolved,
  Ended,
]);
export type IncidentEvent = z.infer<typeof IncidentEvent>;
export type IncidentEventDraft = IncidentEvent extends infer E
  ? E extends IncidentEvent
    ? Omit<E, 'v' | 'eid' | 'at'>
    : never
  : never;

export function incidentStream(incident: string): string {
  return `incident-${incident}`;
}

/** The incident whose stream it is; undefined for any other stream. */
export function incidentOf(stream: string): string | undefined {
  return /^incident-(.+)$/.exec(stream)?.[1];
}

const TYPES: ReadonlySet<string> = new Set(IncidentEvent.options.map(({ shape }) => shape.type.value));

export function isIncidentEvent(event: { type: string }): event is IncidentEvent {
  return TYPES.has(event.type);
}
