import { z } from 'zod';

/** What `POST /webhooks/generic` takes. docs/send-alerts.md explains it; docs/schema/generic-alerts.schema.json is made from it. */

const MOMENT = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-26T18:05:00Z' });
const NOT_EMPTY = 'must not be empty';

export const GenericAlert = z.strictObject({
  status: z.enum(['firing', 'resolved']),
  name: z.string().min(1, NOT_EMPTY).describe('What kind of alert it is, such as CheckoutDown.'),
  summary: z.string().optional().describe('One line for people; left out: the name.'),
  labels: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'What it is about. Routes match on these; without routes severity, service, cluster and namespace count.',
    ),
  startsAt: MOMENT.describe('When it began. The same each time this failure is told, also when it is resolved.'),
  endsAt: MOMENT.optional().describe('When it was resolved; left out: when it came.'),
  fingerprint: z
    .string()
    .min(1, NOT_EMPTY)
    .optional()
    .describe('The same for the same failing thing, each time it fails; left out: made from the name and the labels.'),
  groupKey: z.string().min(1, NOT_EMPTY).optional().describe('The same for alerts that belong together.'),
  url: z.string().optional().describe('Where people read more: http or https.'),
});
export type GenericAlert = z.infer<typeof GenericAlert>;

export const GenericAlerts = z.strictObject({
  id: z
    .string()
    .min(1, NOT_EMPTY)
    .max(200, 'must have at most 200 characters')
    .optional()
    .describe('The same whenever this very body is sent again: it is taken once within a day.'),
  alerts: z.array(GenericAlert).min(1, NOT_EMPTY).max(1_000, 'must hold at most 1000 alerts'),
});
