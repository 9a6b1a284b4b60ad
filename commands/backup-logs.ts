import { defineCommand } from '../src/contracts.ts';
import { counted } from '../src/domain/counted.ts';
import { namespacesOf } from '../src/domain/describe-backup.ts';
import { logFile, tailOf } from '../src/domain/log-file.ts';
import { listBackups, pickByName } from '../src/reading/find-backup.ts';
import { readBackupLog } from '../src/reading/read-backup-log.ts';
import { countOf } from '../src/reading/read-options.ts';

const TAIL = { unless: 200, most: 5_000 };

export const command = defineCommand({
  name: 'backup logs',
  summary: "Fetches the newest lines of a backup's log, secrets taken out as far as they can be told.",
  details: [
    'For whoever may request a run on every namespace of the backup; for a backup of all, on all ("*").',
    "In Slack the log comes as a file in the asker's direct messages.",
  ],
  arguments: [{ name: 'backup', help: 'Its exact name, as `dr backup list` has it.', required: true }],
  options: {
    tail: { type: 'text', help: `How many lines, ${TAIL.unless} unless told.` },
    cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' },
  },
  examples: ['backup logs daily-full-backup-20250107030000', 'backup logs daily-full-backup-20250107030000 --tail 50'],

  async handle({ arguments: args, options }, context) {
    const tail = countOf('tail', options['tail'], TAIL);
    const reader = await context.openCluster(options['cluster']);
    const backup = pickByName(await listBackups(reader), args['backup'] ?? '');
    const named = namespacesOf(backup);
    for (const namespace of named.length === 0 ? ['*'] : named)
      context.authorize('request', { cluster: reader.cluster.name, namespace });
    const { name } = backup.metadata;
    const { lines, left } = tailOf(await readBackupLog(reader, backup), tail);
    const bad = lines.filter((line) => /\blevel=(error|warning|fatal)\b/.test(line)).length;
    return {
      ok: true,
      lines: [
        `Log of backup ${name}: ${counted(lines.length, 'line')}${left > 0 ? `, ${left} older left out` : ''}, ${counted(bad, 'error')} or warning${bad === 1 ? '' : 's'}.`,
      ],
      file: logFile(`backup-${name}`, `Log of backup ${name}`, lines),
      data: { backup: name, leftOut: left, errorsOrWarnings: bad, lines },
    };
  },
});
