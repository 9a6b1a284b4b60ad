import { type CommandContext, defineCommand, type Reply } from '../src/contracts.ts';
import type { RunState } from '../src/domain/run.ts';
import { requestTargets } from '../src/domain/runbook.ts';
import { DrError } from '../src/errors.ts';
import { beginRun, namedIncident, RUN_INCIDENT_OPTION } from '../src/responding/begin-run.ts';
import { renderRequested } from '../src/views/run.ts';

export const command = defineCommand({
  name: 'retry',
  summary: 'Lets a parked run go on, or asks again for one that failed, was aborted or refused.',
  details: [
    'A parked run looks at its target first and repeats nothing that took effect.',
    'A run that is over is never reopened: a new run with a new plan is made, and needs its own approval.',
  ],
  arguments: [{ name: 'run', help: 'The run.', required: true }],
  options: RUN_INCIDENT_OPTION,
  examples: ['retry k7m2qd'],

  async handle({ arguments: args, options }, context) {
    const incident = await namedIncident(context, options['incident']);
    const { view, recorded } = await context.runs.change(args['run'] ?? '', ({ state }) => {
      const runbook = context.runs.runbooks.get(state.request.runbook.name);
      for (const target of requestTargets(runbook, state.request)) context.authorize('request', target);
      if (state.outcome !== undefined && state.outcome !== 'succeeded') return undefined;
      if (state.parked === undefined || state.abort !== undefined) {
        throw new DrError({
          code: 'RUN_STATE',
          message: `Run ${state.request.run} is not parked.`,
          action: `See where it stands: dr status ${state.request.run}`,
        });
      }
      return { type: 'run.retried', by: context.actor } as const;
    });
    const { state } = view;
    if (recorded === undefined) return askAgain(state, incident, context);
    const lines = [
      state.plan === undefined
        ? `Run ${state.request.run} is planned afresh; the new plan needs a new approval.`
        : `Run ${state.request.run} goes on: it looks first and repeats nothing.`,
    ];
    return { ok: true, lines, data: { run: state.request.run }, follow: { run: state.request.run, byDefault: true } };
  },
});

async function askAgain({ request }: RunState, incident: string | undefined, context: CommandContext): Promise<Reply> {
  const params = Object.fromEntries(
    Object.entries(request.params).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
  const fresh = await context.runs.prepare({
    runbook: request.runbook.name,
    params,
    cluster: request.target.cluster,
    by: context.actor,
    command: request.command,
    origin: context.origin,
  });
  // The runbook may name more by now than when it was first asked for.
  for (const target of requestTargets(context.runs.runbooks.get(fresh.runbook.name), fresh))
    context.authorize('request', target);
  const others = await context.runs.others(fresh);
  const { run, lines: linked } = await beginRun(context, fresh, incident);
  const lines = [
    `Run ${request.run} is over; this is a new one.`,
    ...renderRequested(fresh, undefined, others),
    ...linked,
  ];
  return { ok: true, lines, data: { run, instead: request.run }, follow: { run: run, byDefault: true } };
}
