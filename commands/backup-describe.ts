import { defineCommand } from '../src/contracts.ts';
import { describeBackup, namespacesOf } from '../src/domain/describe-backup.ts';
import { describeWho } from '../src/domain/describe-who.ts';
import { type BackupEvidence, countMessages, describeVolume, type Read } from '../src/domain/judge-backup.ts';
import type { Json } from '../src/domain/plan.ts';
import { listBackups, pickByName, readBackupEvidence } from '../src/reading/find-backup.ts';
import { renderBackup } from '../src/views/backups.ts';

export const command = defineCommand({
  name: 'backup describe',
  summary: 'Shows one backup: how it ended, what is inside, which volumes have data, who may restore with it.',
  arguments: [{ name: 'backup', help: 'Its exact name, as `dr backup list` has it.', required: true }],
  options: { cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' } },
  examples: ['backup describe daily-full-backup-20250107030000'],

  async handle({ arguments: args, options }, context) {
    const reader = await context.openCluster(options['cluster']);
    const backup = pickByName(await listBackups(reader), args['backup'] ?? '');
    const evidence = await readBackupEvidence(reader, backup);
    const now = context.clock.now();
    const row = describeBackup(backup, undefined, now);
    const inside = 'found' in evidence.objects ? evidence.objects.found.map(({ namespace }) => namespace) : [];
    const namespaces = [...new Set([...namespacesOf(backup), ...inside])].filter((name) => name !== '').sort();
    const who = describeWho(context.policy, reader.cluster.name, namespaces);
    return {
      ok: true,
      lines: renderBackup(row, evidence, who, now),
      data: { name: row.name, phase: row.phase, usable: row.usable, use: row.use, namespaces, ...dataOf(evidence) },
    };
  },
});

function dataOf({ backup, objects, volumes, results }: BackupEvidence): { [field: string]: Json } {
  const { startTimestamp, completionTimestamp, expiration } = backup.status ?? {};
  const claims = foundOr(objects, []).filter(({ kind }) => kind === 'PersistentVolumeClaim');
  return {
    startTimestamp: startTimestamp ?? null,
    completionTimestamp: completionTimestamp ?? null,
    expiration: expiration ?? null,
    results: 'found' in results ? countMessages(results.found) : { unread: results.unread },
    objects: 'found' in objects ? objects.found.length : { unread: objects.unread },
    volumes: claims.map(({ namespace, name }) => ({
      pvc: `${namespace}/${name}`,
      ...describeVolume(foundOr(volumes, []), namespace, name),
    })),
  };
}

function foundOr<T>(read: Read<T>, instead: T): T {
  return 'found' in read ? read.found : instead;
}
