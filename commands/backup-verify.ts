import { type ClusterReader, defineCommand, type Reply } from '../src/contracts.ts';
import { chooseBackup, startOf } from '../src/domain/choose-backup.ts';
import { judgeBackup } from '../src/domain/judge-backup.ts';
import { PersistentVolumeClaim } from '../src/domain/kinds.ts';
import type { Backup } from '../src/domain/velero.ts';
import { listBackups, pickByName, readBackupEvidence } from '../src/reading/find-backup.ts';
import { namespaceOf } from '../src/reading/read-options.ts';
import { renderVerified } from '../src/views/backups.ts';

export const command = defineCommand({
  name: 'backup verify',
  summary:
    'Checks without restoring whether a backup can bring a namespace back: what it covers, how it ended, where it is kept.',
  details: [
    'Each line is ok, or says what to do; the exit code is 1 where one is red. Only a restore proves more: restore into a copy.',
    '"latest" is the backup that a restore would take. PVCs of the cluster that are older than the backup must be in it.',
  ],
  arguments: [
    { name: 'backup', help: 'Its exact name, or latest.', required: true },
    { name: 'namespace', help: 'The namespace that must come back.', required: true },
  ],
  options: { cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' } },
  examples: ['backup verify latest data-processing', 'backup verify daily-full-backup-20250107030000 data-processing'],

  async handle({ arguments: args, options }, context) {
    const namespace = namespaceOf(args['namespace'] ?? '');
    const reader = await context.openCluster(options['cluster']);
    const backups = await listBackups(reader);
    const now = context.clock.now();
    const picked = pick(backups, args['backup'] ?? '', namespace, now);
    return 'metadata' in picked ? verify(reader, picked, backups, namespace) : picked;
  },
});

function pick(backups: readonly Backup[], wanted: string, namespace: string, now: number): Backup | Reply {
  if (wanted !== 'latest') return pickByName(backups, wanted);
  const wish = { namespace, backup: undefined, schedule: undefined, partiallyFailed: false, since: undefined, now };
  const choice = chooseBackup(backups, wish);
  if (choice.ok) return choice.backup;
  const { message } = choice.refusal;
  const next = `Next: take one now: dr backup create ${namespace}`;
  return { ok: false, lines: [`NOT OK: ${message}`, next], data: { namespace, ok: false, backup: null, message } };
}

async function verify(
  reader: ClusterReader,
  backup: Backup,
  backups: readonly Backup[],
  namespace: string,
): Promise<Reply> {
  const { cluster, clock, signal } = reader;
  const [evidence, claims] = await Promise.all([
    readBackupEvidence(reader, backup),
    cluster.list(PersistentVolumeClaim, { namespace }, signal),
  ]);
  const checks = judgeBackup(evidence, {
    namespace,
    claims: claims.map(({ metadata }) => ({ name: metadata.name, madeAt: Date.parse(metadata.creationTimestamp) })),
    newer: backups.filter((it) => startOf(it) > startOf(backup)),
    now: clock.now(),
  });
  const { name } = backup.metadata;
  const ok = checks.every(({ verdict }) => verdict === 'pass');
  return {
    ok,
    lines: renderVerified(name, namespace, checks),
    data: { namespace, ok, backup: name, checks: checks.map((check) => ({ ...check, next: check.next ?? null })) },
  };
}
