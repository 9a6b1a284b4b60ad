import { type CommandArgs, type CommandContext, defineCommand, type Reply } from '../src/contracts.ts';
import { planRefusals } from '../src/domain/plan.ts';
import type { RunRequest } from '../src/domain/run-events.ts';
import { targetKey } from '../src/domain/target.ts';
import { renderPlan } from '../src/views/plan.ts';
import { renderRequested } from '../src/views/run.ts';

export const command = defineCommand({
  name: 'restore namespace',
  summary: 'Restores a namespace from its newest usable backup: plan, approval, restore, verification.',
  details: [
    'Nothing is changed before the plan is approved. What exists already in the namespace is left as it is.',
    'Without --from or --schedule the newest backup is taken that is Completed, not about to expire, and holds workloads.',
  ],
  arguments: [{ name: 'namespace', help: 'Its exact name.', required: true }],
  options: {
    from: { type: 'text', help: 'Restore from exactly this backup.' },
    schedule: { type: 'text', help: 'Restore from the newest usable backup of this schedule.' },
    cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' },
    'allow-partially-failed': { type: 'flag', help: 'Take a PartiallyFailed backup too: something in it is missing.' },
    'dry-run': { type: 'flag', help: 'Only show the plan; nothing is recorded or changed.' },
    manifest: { type: 'flag', help: 'With --dry-run: print only the Restore, to apply by hand (kubectl create -f -).' },
  },
  examples: [
    'restore namespace data-processing',
    'restore namespace data-processing --from daily-full-backup-20250107030000',
    'restore namespace data-processing --dry-run',
    'restore namespace data-processing --dry-run --manifest',
  ],

  async handle(args, context) {
    const request = await context.runs.prepare({
      runbook: 'restore-namespace',
      params: paramsOf(args),
      cluster: args.options['cluster'],
      by: context.actor,
      command: context.text,
    });
    if (args.flags.has('dry-run') || args.flags.has('manifest'))
      return planOnly(request, args.flags.has('manifest'), context);
    context.authorize('request', request.target);
    const holder = await context.ledger.holder(targetKey(request.target));
    const run = await context.runs.begin(request);
    return {
      ok: true,
      lines: renderRequested(request, holder),
      data: { run, target: request.target },
      follow: { run: run, byDefault: true },
    };
  },
});

/** Nothing is recorded, so this works with Redis gone too. */
async function planOnly(request: RunRequest, manifest: boolean, context: CommandContext): Promise<Reply> {
  context.authorize('read', request.target);
  const plan = await context.runs.plan(request, context.signal);
  const ok = planRefusals(plan).length === 0;
  const data = { plan, target: { ...request.target } };
  if (!ok || !manifest)
    return { ok, lines: [...renderPlan(request, plan), 'Dry run: nothing was recorded or changed.'], data };
  const objects = await context.runs.manifests(request, plan, context.signal);
  return { ok, lines: objects.map((object) => JSON.stringify(object, null, 2)), data: { ...data, manifests: objects } };
}

function paramsOf({ arguments: args, options, flags }: CommandArgs): Record<string, string> {
  const given = {
    namespace: args['namespace'],
    backup: options['from'],
    schedule: options['schedule'],
    'allow-partially-failed': flags.has('allow-partially-failed') ? 'true' : undefined,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
