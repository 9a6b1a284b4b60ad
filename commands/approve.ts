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
  ],
  arguments: [
    { name: 'run', help: 'The run to approve.', required: true },
    { name: 'digest', help: 'The digest shown with the plan you read, or its first 8 characters.' },
  ],
  options: { reason: { type: 'text', help: 'Why no second person approves; at least 8 characters.' } },
  examples: ['approve k7m2qd 3fa9c1d2 --reason "nobody else answers the phone"'],

  async handle({ arguments: args, options }, context) {
    const view = await context.runs.read(args['run'] ?? '');
    const { request, plan } = view.state;
    const action = context.actor.kind === 'terminal' ? 'break-glass' : 'approve';
    for (const target of requestTargets(context.runs.runbooks.get(request.runbook.name), request))
      context.authorize(action, target);
    const decision = decideApproval(view.state, {
      by: context.actor,
      digest: args['digest'],
      reason: options['reason'],
    });
    if (!decision.ok)
      throw new DrError({ code: 'APPROVAL_REFUSED', message: decision.message, action: decision.action });
    const { digest, breakGlass } = decision;
    const reason = options['reason'] === undefined ? {} : { reason: options['reason'] };
    await context.runs.record(view, { type: 'run.approved', by: context.actor, digest, breakGlass, ...reason });
    const how = breakGlass ? 'BREAK-GLASS approval' : 'Approved';
    const lines = [`${how} of run ${request.run}, plan ${digest.slice(0, 8)}, by ${renderActor(context.actor)}.`];
    return {
      ok: true,
      lines,
      data: { run: request.run, digest, breakGlass, notes: plan?.parts.flatMap(({ notes }) => notes) ?? [] },
      follow: { run: request.run, byDefault: true },
    };
  },
});
