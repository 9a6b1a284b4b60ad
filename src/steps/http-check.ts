import { z } from 'zod';
import { defineStep, type StartedContext } from '../contracts.ts';
import type { Check } from '../domain/plan.ts';
import { coerceError } from '../errors.ts';

const Probe = z.strictObject({ service: z.string(), port: z.number().int(), path: z.string().startsWith('/') });
const Params = z.strictObject({ namespace: z.string(), checks: z.array(Probe).min(1) });
type Params = z.infer<typeof Params>;

/** One 200 may be luck; this many in a row are not. */
const PASSES_NEEDED = 3;

/** Asks services for their health through the API server's service proxy: no pod is started, no shell is used. Reads only. */
export const step = defineStep<Params>({
  name: 'http.check',
  summary: `Asks services for their health until each answers 200 ${PASSES_NEEDED} times in a row.`,
  effect: 'read',
  params: Params,

  plan: ({ params }) =>
    Promise.resolve({ facts: {}, notes: [`Then ${params.checks.length} services must answer their health checks.`] }),

  async observe(context) {
    for (let pass = 1; pass <= PASSES_NEEDED; pass += 1) {
      const failed = (await probeAll(context)).filter(({ verdict }) => verdict !== 'pass');
      if (failed.length > 0)
        return { state: 'running', detail: failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ') };
    }
    return {
      state: 'done',
      evidence: `${context.params.checks.length} services answered 200 ${PASSES_NEEDED} times in a row.`,
    };
  },

  apply: () => Promise.resolve(),
  verify: probeAll,
  describeAbort: () => 'Only looked; nothing was changed.',
});

function probeAll({ cluster, params, signal }: StartedContext<Params>): Promise<Check[]> {
  return Promise.all(
    params.checks.map(async ({ service, port, path }): Promise<Check> => {
      const name = `health ${service}:${port}${path}`;
      try {
        const { status } = await cluster.probe({ namespace: params.namespace, service, port, path }, signal);
        return { name, verdict: status === 200 ? 'pass' : 'fail', detail: `HTTP ${status}` };
      } catch (thrown) {
        const error = coerceError(thrown);
        if (error.retryable) throw error;
        return { name, verdict: 'unchecked', detail: error.message };
      }
    }),
  );
}
