import { defineCommand } from '../src/contracts.ts';
import { renderActor } from '../src/domain/actor.ts';
import { decideApproval } from '../src/domain/approval.ts';
import { requestTargets } from '../src/domain/runbook.ts';
import { DrError } from '../src/errors.ts';

export const command = defineCommand({
  name: 'approve',
  summary: "Approves a run's plan. From the terminal this breaks the glass and needs a written reason.",
  details: [
    "The approval binds to the plan's digest: if any fact it stands on changes before the run, it is void and the run parks.",
    'Only groups under breakGlass in the policy may do this from the terminal. The reason is recorded for ever.',
    'In Slack somebody else than the requester approves, unless the policy says secondPerson: never.',
  ],
  arguments: [
    { name: 'run', help: 'The run to approve.', required: true },
    {
      name: 'digest',
      help: 'The digest shown with the plan you read, or at least its first 8 characters. Slack always needs it.',
    },
  ],
  options: { reason: { type: 'text', help: 'Why no second person approves; at least 8 characters.' } },
  examples: ['approve k7m2qd 3fa9c1d2', 'approve k7m2qd 3fa9c1d2 --reason "nobody else answers the phone"'],

  async handle({ arguments: args, options }, context) {
    const { actor, policy, clock, runs } = context;
    const { view, recorded } = await runs.change(args['run'] ?? '', ({ state }) => {
      for (const target of requestTargets(runs.runbooks.get(state.request.runbook.name), state.request))
        context.authorize(actor.kind === 'terminal' ? 'break-glass' : 'approve', target);
      const given = { by: actor, digest: args['digest'], reason: options['reason'], policy, now: clock.now() };
      const decision = decideApproval(state, given);
      if (!decision.ok)
        throw new DrError({ code: 'APPROVAL_REFUSED', message: decision.message, action: decision.action });
      const { digest, breakGlass } = decision;
      const reason = options['reason'] === undefined ? {} : { reason: options['reason'] };
      return { type: 'run.approved', by: actor, digest, breakGlass, ...reason } as const;
    });
    const { request, plan } = view.state;
    const { digest, breakGlass } = recorded;
    const how = breakGlass ? 'BREAK-GLASS approval' : 'Approval';
    const lines = [`${how} of run ${request.run}, plan ${digest.slice(0, 8)}, by ${renderActor(context.actor)}.`];
    return {
      ok: true,
      lines,
      data: { run: request.run, digest, breakGlass, notes: plan?.parts.flatMap(({ notes }) => notes) ?? [] },
      follow: { run: request.run, byDefault: true },
    };
  },
});
