import { type CommandContext, defineCommand } from '../src/contracts.ts';
import { renderActor } from '../src/domain/actor.ts';
import { decideRejection } from '../src/domain/approval.ts';
import { isSamePerson } from '../src/domain/person.ts';
import type { RunState } from '../src/domain/run.ts';
import { requestTargets } from '../src/domain/runbook.ts';
import { DrError, isDrError } from '../src/errors.ts';

export const command = defineCommand({
  name: 'reject',
  summary: 'Turns down a plan that waits for approval: the run is over, nothing was changed.',
  details: [
    'Whoever may approve may reject; in the terminal also who may break the glass. Your own run you take back with abort.',
    'A run that was approved already is stopped with abort.',
  ],
  arguments: [
    { name: 'run', help: 'The run to reject.', required: true },
    { name: 'digest', help: 'The digest shown with the plan you read, or at least its first 8 characters.' },
  ],
  options: { reason: { type: 'text', help: 'Why, for the record and for whoever asked.' } },
  examples: ['reject k7m2qd', 'reject k7m2qd 3fa9c1d2 --reason "that backup is too old"'],

  async handle({ arguments: args, options }, context) {
    const { actor } = context;
    const reason = options['reason'] ?? '';
    const { view } = await context.runs.change(args['run'] ?? '', ({ state }) => {
      authorizeNo(state, context);
      const decision = decideRejection(state, args['digest'], context.clock.now());
      if (decision.ok) return { type: 'run.rejected', by: actor, reason } as const;
      throw new DrError({ code: 'APPROVAL_REFUSED', message: decision.message, action: decision.action });
    });
    const { run } = view.state.request;
    const why = reason === '' ? '' : `: ${reason}`;
    const lines = [`Run ${run} is rejected by ${renderActor(actor)}${why}. It is over; nothing was changed.`];
    return { ok: true, lines, data: { run, digest: view.state.plan?.digest ?? null, reason } };
  },
});

/** A requester who may not approve is not only refused, but told how to take the run back. */
function authorizeNo({ request }: RunState, context: CommandContext): void {
  try {
    for (const target of requestTargets(context.runs.runbooks.get(request.runbook.name), request))
      context.authorize('reject', target);
  } catch (thrown) {
    if (!isDrError(thrown, 'ACCESS_DENIED') || !isSamePerson(context.policy, context.actor, request.by)) throw thrown;
    const action = `You asked for this run; take it back: dr abort ${request.run}`;
    throw new DrError({ code: thrown.code, message: thrown.message, action });
  }
}
