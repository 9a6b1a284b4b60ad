import { defineCommand } from '../src/contracts.ts';
import { planRefusals } from '../src/domain/plan.ts';
import { requestTargets } from '../src/domain/runbook.ts';
import { targetKey } from '../src/domain/target.ts';
import { beginRun, namedIncident, RUN_INCIDENT_OPTION } from '../src/responding/begin-run.ts';
import { renderDryPlan } from '../src/views/plan.ts';
import { renderRequested } from '../src/views/run.ts';

export const command = defineCommand({
  name: 'backup create',
  summary: 'Takes a backup of a namespace now, and checks that its workloads and volumes are inside.',
  details: [
    "It is made by a Schedule's template, so that hooks, volumes, retention and storage location are as usual.",
    'Nothing in the namespace is changed, so no approval is asked for.',
  ],
  arguments: [{ name: 'namespace', help: 'Its exact name.', required: true }],
  options: {
    schedule: { type: 'text', help: 'Go by this schedule; without it, by that of the newest usable backup.' },
    'counts-as-latest': {
      type: 'flag',
      help: "Label it as one of the schedule's: Velero takes it for the newest of them.",
    },
    cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' },
    'dry-run': { type: 'flag', help: 'Only show the plan; nothing is recorded or created.' },
    ...RUN_INCIDENT_OPTION,
  },
  examples: ['backup create data-processing', 'backup create data-processing --schedule daily-full-backup --dry-run'],

  async handle({ arguments: args, options, flags }, context) {
    const schedule = options['schedule'];
    const request = await context.runs.prepare({
      runbook: 'backup-namespace',
      params: {
        namespace: args['namespace'] ?? '',
        ...(schedule === undefined ? {} : { schedule }),
        ...(flags.has('counts-as-latest') ? { 'counts-as-latest': 'true' } : {}),
      },
      cluster: options['cluster'],
      by: context.actor,
      command: context.text,
      origin: context.origin,
    });
    if (flags.has('dry-run')) {
      context.authorize('read', request.target);
      const plan = await context.runs.plan(request, context.signal);
      const lines = [...renderDryPlan(request, plan), 'Dry run: nothing was recorded or created.'];
      return { ok: planRefusals(plan).length === 0, lines, data: { plan, target: { ...request.target } } };
    }
    for (const target of requestTargets(context.runs.runbooks.get(request.runbook.name), request))
      context.authorize('request', target);
    const [holder, others, incident] = await Promise.all([
      context.ledger.holder(targetKey(request.target)),
      context.runs.others(request),
      namedIncident(context, options['incident']),
    ]);
    const { run, lines } = await beginRun(context, request, incident);
    return {
      ok: true,
      lines: [...renderRequested(request, holder, others), ...lines],
      data: { run, target: request.target },
      follow: { run, byDefault: true },
    };
  },
});
