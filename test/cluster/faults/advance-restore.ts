import { timestamp } from '../../../sandbox/cluster/store.ts';
import {
  addMessage,
  countItems,
  countMessages,
  createOutcome,
  putResults,
} from '../../../sandbox/velero/restore-results.ts';
import {
  type Backup,
  type Restore,
  type RestorePhase,
  type RestoreStatus,
  SCHEDULE_NAME_LABEL,
  STORAGE_LOCATION,
  VELERO_NAMESPACE,
} from '../../../sandbox/velero/velero-types.ts';
import { restoreContent } from './restore-content.ts';
import { list, type StandInContext, VELERO_API } from './velero-objects.ts';

export function phaseOf({ status }: Restore): RestorePhase {
  return status?.phase ?? 'New';
}

export function isOver(phase: RestorePhase): boolean {
  return ['Completed', 'PartiallyFailed', 'Failed', 'FailedValidation'].includes(phase);
}

/** Takes the oldest Restore that is not over one phase further, unless that is the one to be stuck in. */
export async function advanceRestore(context: StandInContext): Promise<void> {
  const restores = await list<Restore>(context.admin, 'restores');
  const [restore] = restores
    .filter((it) => !isOver(phaseOf(it)))
    .sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
  if (restore === undefined) return;
  const phase = phaseOf(restore);
  if (context.faults.stuckIn === phase) return;
  if (phase === 'New') return begin(context, restore);
  if (phase === 'InProgress') return restoreAll(context, restore);
  await write(context, restore, {
    phase: phase.endsWith('PartiallyFailed') ? 'PartiallyFailed' : 'Completed',
    completionTimestamp: timestamp(),
  });
}

async function write(
  { admin }: StandInContext,
  { metadata }: Restore,
  status: RestoreStatus,
  spec = {},
): Promise<void> {
  await admin.must('PATCH', `${VELERO_API}/restores/${metadata.name}`, { spec, status });
}

/** Velero writes the schedule of the backup, and what it never restores, into the spec (restore_controller.go validateAndComplete). */
async function begin(context: StandInContext, restore: Restore): Promise<void> {
  const { faults, admin } = context;
  const { status, json } = await admin.send('GET', `${VELERO_API}/backups/${restore.spec.backupName ?? ''}`);
  const missing =
    status === 200 ? [] : [`Error retrieving backup: backups.velero.io "${restore.spec.backupName}" not found`];
  const invalid = faults.outcome?.phase === 'FailedValidation' ? [...missing, ...faults.outcome.errors] : missing;
  if (invalid.length > 0) return write(context, restore, { phase: 'FailedValidation', validationErrors: invalid });
  const scheduleName = (json as Backup).metadata.labels?.[SCHEDULE_NAME_LABEL];
  const spec = { excludedResources: ['nodes', 'events'], ...(scheduleName === undefined ? {} : { scheduleName }) };
  await write(context, restore, { phase: 'InProgress', startTimestamp: timestamp() }, spec);
}

async function restoreAll(context: StandInContext, restore: Restore): Promise<void> {
  const { admin, translation, bucket, faults } = context;
  const outcome = createOutcome();
  if (faults.outcome?.phase === 'Failed') {
    const failureReason = faults.outcome.reason;
    return write(context, restore, { phase: 'Failed', failureReason, completionTimestamp: timestamp() });
  }
  const content = bucket.backups.get(restore.spec.backupName ?? '') ?? { items: [], volumes: [] };
  await restoreContent({ admin, translation, faults, restore, content, outcome });
  const [namespace] = restore.spec.includedNamespaces ?? [];
  for (let n = 1; n <= (faults.warnings ?? 0); n += 1) addMessage(outcome.warnings, namespace, `injected warning ${n}`);
  if (faults.outcome?.phase === 'PartiallyFailed')
    for (let n = 1; n <= faults.outcome.errors; n += 1) addMessage(outcome.errors, namespace, `injected error ${n}`);
  putResults(bucket, restore, outcome);
  // Only what moves data has operations to wait for; a row that wants to see that phase says so.
  const next = faults.stuckIn?.startsWith('Waiting') === true ? 'WaitingForPluginOperations' : 'Finalizing';
  const [warnings, errors] = [countMessages(outcome.warnings), countMessages(outcome.errors)];
  await write(context, restore, {
    phase: errors > 0 ? `${next}PartiallyFailed` : next,
    ...(warnings > 0 ? { warnings } : {}),
    ...(errors > 0 ? { errors } : {}),
    progress: { totalItems: countItems(outcome), itemsRestored: countItems(outcome) },
  });
}

/** What the server does when it starts (velero `server.go` markInProgressRestoresFailed). */
export async function failInterrupted(context: StandInContext): Promise<void> {
  const failureReason = 'found a restore with status "InProgress" during the server starting, mark it as "Failed"';
  for (const restore of await list<Restore>(context.admin, 'restores'))
    if (phaseOf(restore) === 'InProgress')
      await write(context, restore, { phase: 'Failed', failureReason, completionTimestamp: timestamp() });
}

/** The storage location `default`, whose files are at this address. */
export function nameLocation(s3Url: string): object {
  return {
    apiVersion: 'velero.io/v1',
    kind: 'BackupStorageLocation',
    metadata: { name: STORAGE_LOCATION, namespace: VELERO_NAMESPACE },
    spec: {
      accessMode: 'ReadWrite',
      config: { region: 'minio', s3ForcePathStyle: 'true', s3Url },
      default: true,
      objectStorage: { bucket: 'velero-backups' },
      provider: 'aws',
    },
  };
}
