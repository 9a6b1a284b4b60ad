import { z } from 'zod';
import { type Kind, ObjectMeta } from './kinds.ts';

/** events.k8s.io/v1 (Kubernetes v1.31 `events/v1/types.go`): `note` and `regarding` are the core API's `message` and `involvedObject`. */

const count = z.number().nullish();
const time = z.string().nullish();

const schema = z.looseObject({
  metadata: ObjectMeta,
  /** `Normal` or `Warning`. */
  type: z.string().optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
  regarding: z.looseObject({ kind: z.string().optional(), name: z.string().optional() }).optional(),
  eventTime: time,
  series: z.looseObject({ count, lastObservedTime: time }).nullish(),
  deprecatedFirstTimestamp: time,
  deprecatedLastTimestamp: time,
  deprecatedCount: count,
});

export const Event: Kind<z.infer<typeof schema>> = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  schema,
};
export type Event = z.infer<typeof schema>;
