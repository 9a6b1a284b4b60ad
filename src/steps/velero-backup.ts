import { defineStep, type Observation, type StartedContext } from '../contracts.ts';
import { judgeBackup } from '../domain/judge-backup.ts';
import type { Check } from '../domain/plan.ts';
import { Backup, isTerminalBackupPhase } from '../domain/velero.ts';
import { BackupParams, createBackup, pinned, readOurBackup } from './velero/backup-object.ts';
import { planBackup } from './velero/plan-backup.ts';
import { readBackupEvidence } from './velero/read-backup.ts';

/** Backs up one namespace now, with exactly one Backup object; it changes nothing but what Velero keeps. */
export const step = defineStep<BackupParams>({
  name: 'velero.backup',
  summary: "Backs up a namespace by a Schedule's template, and checks that all of it is in the backup.",
  effect: 'repeatable',
  params: BackupParams,
  plan: planBackup,

  async observe(context) {
    const backup = await readOurBackup(context);
    if (backup === undefined) return { state: 'absent', detail: 'the Backup does not exist yet' };
    if (!isTerminalBackupPhase(backup.status?.phase))
      return { ...describeRunning(backup), changed: (stop) => context.cluster.awaitChange(Backup, backup, stop) };
    return judgeEnded(backup);
  },

  apply: createBackup,
  verify: verifyBackup,
  describeManifest: (context) => ({
    apiVersion: Backup.apiVersion,
    kind: Backup.kind,
    // Not ours: no run stands behind what is applied by hand.
    metadata: { name: `by-hand-${context.request.run}`, namespace: context.homes.veleroNamespace },
    spec: pinned(context).spec,
  }),
  describeAbort: ({ homes, key }) =>
    `Backup ${homes.veleroNamespace}/${key} goes on in Velero until it ends by itself; it changes nothing in the namespace.`,
});

function describeRunning({ status }: Backup): { state: 'running'; detail: string } {
  const { phase = 'New', progress } = status ?? {};
  const items =
    progress?.totalItems === undefined ? '' : ` ${progress.itemsBackedUp ?? 0}/${progress.totalItems} items`;
  return { state: 'running', detail: `Velero: ${phase}${items}` };
}

function judgeEnded({ metadata, status = {} }: Backup): Observation {
  const { phase, errors = 0, progress, failureReason, validationErrors } = status;
  const { name, uid } = metadata;
  if (phase === 'Completed' && errors === 0)
    return { state: 'done', evidence: `Backup ${name} (uid ${uid}) Completed, ${progress?.totalItems ?? 0} items.` };
  const reasons = [failureReason, ...(validationErrors ?? [])].filter((text) => text !== undefined && text !== '');
  const why = reasons.length === 0 ? ` with ${errors} errors` : `: ${reasons.join('; ')}`;
  return {
    state: 'failed',
    message: `Backup ${name} ended ${phase}${why}.`,
    action: `Read what went wrong: dr backup describe ${name}`,
  };
}

/** Completed says little: what counts is that the workloads and the data of each PVC are inside. */
async function verifyBackup(context: StartedContext<BackupParams>): Promise<Check[]> {
  const backup = await readOurBackup(context);
  if (backup === undefined) return [{ name: 'backup', verdict: 'fail', detail: `Backup ${context.key} is gone` }];
  const { namespace } = context.params;
  const evidence = await readBackupEvidence(context, backup);
  const beside = { namespace, claims: [], newer: [], now: context.clock.now() };
  return judgeBackup(evidence, beside).map(({ name, verdict, detail }) => ({ name, verdict, detail }));
}
