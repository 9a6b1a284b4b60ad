import { z } from 'zod';
import { defineStep, type StartedContext } from '../contracts.ts';
import { judgeAnswer } from '../domain/judge-data.ts';
import type { Check } from '../domain/plan.ts';

const Params = z.strictObject({ namespace: z.string() });
type Params = z.infer<typeof Params>;

/** Asks services for what must be in the restored data, through the API server's service proxy: GET only, nothing is written. */
export const step = defineStep<Params>({
  name: 'data.check',
  summary: "Holds the runbook's assertions against the restored data: how many rows, how new, or an exact value.",
  effect: 'read',
  params: Params,

  plan: ({ request, params }) => {
    const names = request.data.map(({ name }) => `"${name}"`);
    if (names.length > 0)
      return Promise.resolve({ facts: {}, notes: [`Then the data must show: ${names.join(', ')}.`] });
    return Promise.resolve({ facts: {}, checks: [nothingDeclared(params.namespace)] });
  },

  async observe(context) {
    const { data } = context.request;
    if (data.length === 0) return { state: 'done', evidence: 'Data NOT checked: the runbook declares no assertion.' };
    const asked = await askAll(context);
    // A service that does not answer yet may come up; an answer that does not hold will not mend by waiting.
    const silent = asked.filter(({ status }) => status !== 200);
    if (silent.length > 0) return { state: 'running', detail: describe(silent) };
    const broken = asked.filter(({ check }) => check.verdict === 'fail');
    if (broken.length === 0)
      return { state: 'done', evidence: `${data.length} data assertions hold: ${describe(asked)}.` };
    return {
      state: 'failed',
      message: `${broken.length} of ${data.length} data assertions do not hold: ${describe(broken)}.`,
      action: 'The data is not what it must be: look at it, then restore from another backup.',
    };
  },

  apply: () => Promise.resolve(),

  async verify(context) {
    if (context.request.data.length === 0) return [nothingDeclared(context.params.namespace)];
    return (await askAll(context)).map(({ check }) => check);
  },

  describeAbort: () => 'Only looked; nothing was changed.',
});

interface Asked {
  status: number;
  check: Check;
}

/** One answer to each; throws what kept us from asking, so that nothing unasked is taken for well. */
function askAll({ cluster, request, params, requestedAt, clock, signal }: StartedContext<Params>): Promise<Asked[]> {
  return Promise.all(
    request.data.map(async (assertion): Promise<Asked> => {
      const { service, port, path } = assertion;
      const answer = await cluster.probe({ namespace: params.namespace, service, port, path }, signal);
      return { status: answer.status, check: judgeAnswer(assertion, answer, { requestedAt, now: clock.now() }) };
    }),
  );
}

function nothingDeclared(namespace: string): Check {
  const detail = `data NOT checked: the runbook declares no assertion for ${namespace}`;
  return { name: 'data', verdict: 'unchecked', detail };
}

function describe(asked: readonly Asked[]): string {
  return asked.map(({ check: { name, detail } }) => `${name}: ${detail}`).join('; ');
}
