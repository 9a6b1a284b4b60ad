import { z } from 'zod';
import { defineStep, type StartedContext } from '../contracts.ts';
import { counted } from '../domain/counted.ts';
import type { Check } from '../domain/plan.ts';

const Params = z.strictObject({ namespace: z.string() });
type Params = z.infer<typeof Params>;

/** One 200 may be luck; this many in a row are not. */
const PASSES_NEEDED = 3;

/** Asks services for their health through the API server's service proxy: no pod is started, no shell is used. Reads only. */
export const step = defineStep<Params>({
  name: 'http.check',
  summary: `Asks the runbook's services for their health until each answers 200 ${PASSES_NEEDED} times in a row.`,
  effect: 'read',
  params: Params,

  plan: ({ request, params }) => {
    const count = request.health.length;
    if (count > 0)
      return Promise.resolve({
        facts: {},
        notes: [`Then ${counted(count, 'service')} must answer ${count === 1 ? 'its' : 'their'} health checks.`],
      });
    return Promise.resolve({ facts: {}, checks: [nothingDeclared(params.namespace)] });
  },

  async observe(context) {
    for (let pass = 1; pass <= PASSES_NEEDED; pass += 1) {
      const failed = (await probeAll(context)).filter(({ verdict }) => verdict !== 'pass');
      if (failed.length > 0)
        return { state: 'running', detail: failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ') };
    }
    const count = context.request.health.length;
    return {
      state: 'done',
      evidence:
        count === 0
          ? 'Health NOT checked: the runbook declares none.'
          : `${counted(count, 'service')} answered 200 ${PASSES_NEEDED} times in a row.`,
    };
  },

  apply: () => Promise.resolve(),
  verify: verifyHealth,
  describeAbort: () => 'Only looked; nothing was changed.',
});

/** One answer of each; throws what kept us from asking, so that nothing unasked is taken for well. */
async function probeAll({ cluster, request, params, signal }: StartedContext<Params>): Promise<Check[]> {
  return Promise.all(
    request.health.map(async ({ service, port, path }): Promise<Check> => {
      const { status } = await cluster.probe({ namespace: params.namespace, service, port, path }, signal);
      const name = `health ${service}:${port}${path}`;
      return { name, verdict: status === 200 ? 'pass' : 'fail', detail: `HTTP ${status}` };
    }),
  );
}

async function verifyHealth(context: StartedContext<Params>): Promise<Check[]> {
  if (context.request.health.length === 0) return [nothingDeclared(context.params.namespace)];
  return probeAll(context);
}

function nothingDeclared(namespace: string): Check {
  return {
    name: 'health',
    verdict: 'unchecked',
    detail: `health NOT checked: the runbook declares none for ${namespace}`,
  };
}
