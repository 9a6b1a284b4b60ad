import { z } from 'zod';
import { NamespaceName, ServiceName } from './names.ts';

/** How a service says that it is well: HTTP 200 on this path. */
export const HealthCheck = z.strictObject({
  /** Left out: in any namespace that the runbook is used for. */
  namespace: NamespaceName.optional(),
  service: ServiceName,
  port: z.int().min(1, 'must be at least 1').max(65_535, 'must be at most 65535'),
  path: z.string().regex(/^\/\S*$/, 'must begin with "/" and hold no spaces'),
});
export type HealthCheck = z.infer<typeof HealthCheck>;
