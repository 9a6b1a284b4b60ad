import { defineCommand } from '../src/contracts.ts';
import { type BackupRow, listBackupRows } from '../src/domain/describe-backup.ts';
import type { Json } from '../src/domain/plan.ts';
import { listBackups } from '../src/reading/find-backup.ts';
import { countOf, namespaceOf } from '../src/reading/read-options.ts';
import { renderBackupList } from '../src/views/backups.ts';

const LIMIT = { unless: 20, most: 500 };

export const command = defineCommand({
  name: 'backup list',
  summary: 'Lists the backups, newest first: phase, age, expiry, and what each can be used for.',
  details: [
    'A backup shows the data as it was when it began. Its use is judged by phase, life and selection, not yet by content.',
  ],
  arguments: [],
  options: {
    schedule: { type: 'text', help: 'Only those of this schedule.' },
    namespace: { type: 'text', help: 'Judge each by whether it can restore this namespace.' },
    limit: { type: 'text', help: `How many, ${LIMIT.unless} unless told.` },
    cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' },
  },
  examples: [
    'backup list',
    'backup list --namespace data-processing',
    'backup list --schedule daily-full-backup --limit 5',
  ],

  async handle({ options }, context) {
    const limit = countOf('limit', options['limit'], LIMIT);
    const namespace = options['namespace'] === undefined ? undefined : namespaceOf(options['namespace']);
    const reader = await context.openCluster(options['cluster']);
    const now = context.clock.now();
    const filter = { schedule: options['schedule'], namespace, now };
    const rows = listBackupRows(await listBackups(reader), filter);
    return { ok: true, lines: renderBackupList(rows, limit, now), data: rows.slice(0, limit).map(dataOf) };
  },
});

function dataOf({ startedAt, expiresAt, items, schedule, ...row }: BackupRow): Json {
  return {
    ...row,
    startedAt: new Date(startedAt).toISOString(),
    expiresAt: Number.isNaN(expiresAt) ? null : new Date(expiresAt).toISOString(),
    items: items ?? null,
    schedule: schedule ?? null,
  };
}
