import { askForRun, fullTime } from '../src/ask-for-run.ts';
import { type CommandArgs, defineCommand } from '../src/contracts.ts';
import { RUN_INCIDENT_OPTION } from '../src/responding/begin-run.ts';

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
    ...RUN_INCIDENT_OPTION,
  },
  examples: [
    'restore namespace data-processing',
    'restore namespace data-processing --from daily-full-backup-20250107030000',
    'restore namespace data-processing --since 03:04',
    'restore namespace data-processing --into data-processing-copy',
    'restore namespace data-processing --dry-run',
    'restore namespace data-processing --dry-run --manifest',
  ],

  handle: (args, context) =>
    askForRun(
      {
        runbook: 'restore-namespace',
        params: paramsOf(args, context.clock.now()),
        cluster: args.options['cluster'],
        incident: args.options['incident'],
        only: args.flags.has('manifest') ? 'manifest' : args.flags.has('dry-run') ? 'plan' : undefined,
      },
      context,
    ),
});

function paramsOf({ arguments: args, options, flags }: CommandArgs, now: number): Record<string, string> {
  const given = {
    namespace: args['namespace'],
    backup: options['from'],
    schedule: options['schedule'],
    into: options['into'],
    since: options['since'] === undefined ? undefined : fullTime('--since', options['since'], now),
    'allow-partially-failed': flags.has('allow-partially-failed') ? 'true' : undefined,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
