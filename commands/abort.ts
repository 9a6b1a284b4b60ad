import { defineCommand } from '../src/contracts.ts';
import { describeEnd } from '../src/domain/approval.ts';
import { isOver, stepsInFlight } from '../src/domain/run.ts';
import { DrError } from '../src/errors.ts';

export const command = defineCommand({
  name: 'abort',
  summary: 'Stops a run: nothing further is started, its target becomes free. What Velero has begun goes on.',
  details: ["Velero has no cancel: a Restore that was created runs to its end. The run's report names what goes on."],
  arguments: [{ name: 'run', help: 'The run to stop.', required: true }],
  options: { reason: { type: 'text', help: 'Why, for the record.' } },
  examples: ['abort k7m2qd', 'abort k7m2qd --reason "the namespace came back by itself"'],

  async handle({ arguments: args, options }, context) {
    const { view } = await context.runs.change(args['run'] ?? '', ({ state }) => {
      context.authorize('abort', state.request.target);
      if (isOver(state)) {
        throw new DrError({
          code: 'RUN_STATE',
          message: describeEnd(state),
          action: `dr status ${state.request.run}`,
        });
      }
      if (state.abort !== undefined) return undefined;
      return { type: 'run.abort-requested', by: context.actor, reason: options['reason'] ?? '' } as const;
    });
    const { request } = view.state;
    const inFlight = stepsInFlight(view.state).map(({ id }) => id);
    const lines = [
      `Run ${request.run} is told to stop: no further step starts.`,
      inFlight.length === 0
        ? 'No step is in flight.'
        : `In flight: ${inFlight.join(', ')}. What it has begun is looked at as the run ends, and its report names what goes on.`,
    ];
    return { ok: true, lines, data: { run: request.run, inFlight }, follow: { run: request.run, byDefault: true } };
  },
});
