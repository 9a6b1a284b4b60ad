import { z } from 'zod';

/** One alert, whatever sent it, as an alert source has parsed it. Nothing in it is trusted text. */
export const Alert = z.object({
  /** The alert source's name: `alertmanager`. */
  source: z.string(),
  /** The same for the same failing thing, each time it fails. */
  fingerprint: z.string(),
  status: z.enum(['firing', 'resolved']),
  name: z.string(),
  /** One line for people. */
  summary: z.string(),
  labels: z.record(z.string(), z.string()),
  /** The sender's own group, where it makes any: Alertmanager's `groupKey`. */
  groupKey: z.string().optional(),
  /** Milliseconds since 1970. */
  startsAt: z.number(),
  endsAt: z.number().optional(),
  /** Where people read more of it. */
  url: z.string().optional(),
  /** PagerDuty's incident where it came from there: it pages already. */
  pager: z.object({ id: z.string(), url: z.string().optional() }).optional(),
});
export type Alert = z.infer<typeof Alert>;

/** One failure of one thing: a sender says it again and again, and it is counted once. */
export function failureOf({ source, fingerprint, startsAt }: Alert): string {
  return `${source}/${fingerprint}/${startsAt}`;
}

/** What PagerDuty says happened to one of its incidents. It may come late, twice and out of order. */
export const PagerNotice = z.object({
  /** PagerDuty's id of the event. */
  id: z.string(),
  /** Such as `incident.acknowledged`. */
  type: z.string(),
  /** Milliseconds since 1970. */
  occurredAt: z.number(),
  /** PagerDuty's incident, and the `incident_key` that it was made with. */
  incident: z.string(),
  key: z.string().optional(),
  /** The incident of ours that its title ends with, where it has no key. */
  named: z.string().optional(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']).optional(),
  url: z.string().optional(),
  /** Who did it, as PagerDuty names them; undefined where nobody did. */
  by: z.string().optional(),
  /** Who has it now, as PagerDuty names them. */
  assignees: z.array(z.string()).default([]),
  /** A note's text, where it is one. */
  note: z.string().optional(),
});
export type PagerNotice = z.infer<typeof PagerNotice>;

/** What a webhook brought: kept in the inbox until it is in the ledger of an incident. */
export const Received = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alerts'), at: z.number(), alerts: z.array(Alert) }),
  z.object({ kind: z.literal('pager'), at: z.number(), notice: PagerNotice, alert: Alert.optional() }),
]);
export type Received = z.infer<typeof Received>;

/** The name that the queue knows the inbox by. */
export const INBOX_STREAM = 'inbox';
