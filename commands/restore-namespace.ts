import { type CommandArgs, type CommandContext, defineCommand, type Reply } from '../src/contracts.ts';
import { parsePastTime } from '../src/domain/moment.ts';
import { planRefusals } from '../src/domain/plan.ts';
import type { RunRequest } from '../src/domain/run-events.ts';
import { requestTargets } from '../src/domain/runbook.ts';
import { targetKey } from '../src/domain/target.ts';
import { DrError } from '../src/errors.ts';
import { renderDryPlan } from '../src/views/plan.ts';
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
    into: { type: 'text', help: 'Restore into this namespace instead, which must be empty or absent: a copy.' },
    since: {
      type: 'text',
      help: 'When the disaster was, UTC: 03:04 or 2026-01-31T03:04:00Z. Only older backups are used.',
    },
    schedule: { type: 'text', help: 'Restore from the newest usable backup of this schedule.' },
    cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' },
    'allow-partially-failed': { type: 'flag', help: 'Take a PartiallyFailed backup too: something in it is missing.' },
    'dry-run': { type: 'flag', help: 'Only show the plan; nothing is recorded or changed.' },
    manifest: { type: 'flag', help: 'With --dry-run: print only the Restore, to apply by hand (kubectl create -f -).' },
  },
  examples: [
    'restore namespace data-processing',
    'restore namespace data-processing --from daily-full-backup-20250107030000',
    'restore namespace data-processing --since 03:04',
    'restore namespace data-processing --into data-processing-copy',
    'restore namespace data-processing --dry-run',
    'restore namespace data-processing --dry-run --manifest',
  ],

  async handle(args, context) {
    const request = await context.runs.prepare({
      runbook: 'restore-namespace',
      params: paramsOf(args, context.clock.now()),
      cluster: args.options['cluster'],
      by: context.actor,
      command: context.text,
      origin: context.origin,
    });
    if (args.flags.has('dry-run') || args.flags.has('manifest'))
      return planOnly(request, args.flags.has('manifest'), context);
    for (const target of requestTargets(context.runs.runbooks.get(request.runbook.name), request))
      context.authorize('request', target);
    const [holder, others] = await Promise.all([
      context.ledger.holder(targetKey(request.target)),
      context.runs.others(request),
    ]);
    const run = await context.runs.begin(request);
    return {
      ok: true,
      lines: renderRequested(request, holder, others),
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
    return { ok, lines: [...renderDryPlan(request, plan), 'Dry run: nothing was recorded or changed.'], data };
  const objects = await context.runs.manifests(request, plan, context.signal);
  return {
    ok,
    lines: objects.map((object) => JSON.stringify(object, null, 2)),
    notes: renderDryPlan(request, plan),
    data: { ...data, manifests: objects },
  };
}

function paramsOf({ arguments: args, options, flags }: CommandArgs, now: number): Record<string, string> {
  const given = {
    namespace: args['namespace'],
    backup: options['from'],
    schedule: options['schedule'],
    into: options['into'],
    since: sinceOf(options['since'], now),
    'allow-partially-failed': flags.has('allow-partially-failed') ? 'true' : undefined,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The record keeps the full time: `03:04` means another one tomorrow. */
function sinceOf(text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  const moment = parsePastTime(text, now);
  if ('ms' in moment) return new Date(moment.ms).toISOString();
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `--since "${text}" ${moment.message}.`,
    action: 'Correct the command; nothing was started.',
  });
}
