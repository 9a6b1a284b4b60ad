import { type Store, timestamp } from '../cluster/store.ts';
import type { BackedUpItem, BackupContent, Bucket } from './bucket.ts';
import { pass, type VeleroFaults, waitFor } from './faults.ts';
import { restoreItem } from './restore-item.ts';
import { ensureNamespace } from './restore-namespace.ts';
import { selectForRestore, volumeBehind } from './restore-plan.ts';
import {
  addMessage,
  addVeleroMessage,
  countItems,
  countMessages,
  createOutcome,
  putResults,
  type RestoreOutcome,
  recordItem,
} from './restore-results.ts';
import { validateRestore } from './restore-validation.ts';
import { beginVolumeRestores, isOver, volumeRestoresOf } from './restore-volumes.ts';
import type { VeleroTimings } from './timings.ts';
import { type Restore, type RestorePhase, type RestoreStatus, VELERO_NAMESPACE } from './velero-types.ts';

export const RESTORE_FINALIZER = 'restores.velero.io/external-resources-finalizer';

/** The parts of the Velero server that a restore needs. */
export interface RestoreContext {
  store: Store;
  bucket: Bucket;
  faults: VeleroFaults;
  timings: VeleroTimings;
  /** Ends when the server restarts. */
  signal: AbortSignal;
}

interface Run extends RestoreContext {
  restore: Restore;
  content: BackupContent;
  outcome: RestoreOutcome;
}

export function readRestore(store: Store, name: string): Restore | undefined {
  return store.get('restores.velero.io', VELERO_NAMESPACE, name) as Restore | undefined;
}

export function writeRestore(store: Store, name: string, status: RestoreStatus): void {
  store.modify('restores.velero.io', VELERO_NAMESPACE, name, (object) => {
    object['status'] = { ...(object as Restore).status, ...status };
  });
}

/** Lets the phase last, for ever when it is the one to be stuck in. */
async function dwell({ faults, signal }: RestoreContext, phase: RestorePhase, ms: number): Promise<void> {
  await pass(ms, faults, signal);
  await waitFor(() => faults.stuckIn !== phase, signal);
}

/** Takes a new restore to its end. A restore that fails validation has neither start nor completion time. */
export async function runRestore(context: RestoreContext, name: string): Promise<void> {
  const { store, bucket, faults, timings } = context;
  await dwell(context, 'New', timings.pickUpMs);
  const restore = readRestore(store, name);
  if (restore === undefined) return;
  const { spec, errors } = validateRestore(store, restore);
  const invalid = faults.outcome?.phase === 'FailedValidation' ? [...errors, ...faults.outcome.errors] : errors;
  if (invalid.length > 0) {
    writeRestore(store, name, { phase: 'FailedValidation', validationErrors: invalid });
    return;
  }
  const content = bucket.backups.get(spec.backupName ?? '');
  store.modify('restores.velero.io', VELERO_NAMESPACE, name, (object) => {
    object['spec'] = spec;
    object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), RESTORE_FINALIZER])];
    object['status'] = { phase: 'InProgress', startTimestamp: timestamp() } satisfies RestoreStatus;
  });
  if (content === undefined) {
    fail(
      store,
      name,
      'error downloading backup: rpc error: code = Unknown desc = NoSuchKey: The specified key does not exist.',
    );
    return;
  }
  const current = readRestore(store, name) ?? { ...restore, spec };
  await restoreContent({ ...context, restore: current, content, outcome: createOutcome() });
}

function fail(store: Store, name: string, failureReason: string): void {
  writeRestore(store, name, { phase: 'Failed', failureReason, completionTimestamp: timestamp() });
}

async function restoreContent(run: Run): Promise<void> {
  const { store, bucket, faults, restore, outcome } = run;
  const { name } = restore.metadata;
  await dwell(run, 'InProgress', 0);
  const items = selectForRestore(run.content, restore.spec);
  const failsAt = faults.outcome?.phase === 'Failed' ? Math.floor(items.length / 2) : undefined;
  for (const [index, item] of items.entries()) {
    if (index === failsAt) break;
    await restoreOne(run, item);
    const progress = { totalItems: Math.max(items.length, countItems(outcome)), itemsRestored: countItems(outcome) };
    writeRestore(store, name, { progress });
    if (index % 5 === 4) await pass((run.timings.inProgressMs * 5) / items.length, faults, run.signal);
  }
  if (faults.outcome?.phase === 'Failed') {
    fail(store, name, faults.outcome.reason);
    return;
  }
  await awaitPodVolumes(run);
  injectMessages(run);
  putResults(bucket, restore, outcome);
  const restored = countItems(outcome);
  const warnings = countMessages(outcome.warnings);
  const errors = countMessages(outcome.errors);
  // A count of zero is left out of the object (restore_types.go omitempty).
  const counts = { ...(warnings > 0 ? { warnings } : {}), ...(errors > 0 ? { errors } : {}) };
  writeRestore(store, name, { ...counts, progress: { totalItems: restored, itemsRestored: restored } });
  await finishRestore(run, name);
}

async function restoreOne(run: Run, item: BackedUpItem): Promise<void> {
  const { store, restore, content, outcome, faults } = run;
  const source = item.object.metadata.namespace;
  const target = source === undefined ? undefined : targetNamespace(restore, source);
  if (source !== undefined && target !== undefined) {
    const timeoutMs = run.timings.terminatingTimeoutMs;
    const problem = await ensureNamespace(store, content, source, target, timeoutMs, outcome, run.signal);
    if (problem !== undefined) {
      addVeleroMessage(outcome.errors, problem);
      return;
    }
  }
  if (faults.skipSilently === [item.resource, target, item.object.metadata.name].filter(Boolean).join('/')) return;
  if (item.resource === 'persistentvolumes') {
    // A volume with reclaim policy Delete is provisioned anew for its claim, not restored (restore.go restoreItem).
    recordItem(outcome, 'v1/PersistentVolume', item.object.metadata.name, 'skipped');
    return;
  }
  const volume = volumeBehind(content, restore.spec, item);
  if (volume) recordItem(outcome, 'v1/PersistentVolume', volume.object.metadata.name, 'skipped');
  const created = restoreItem(store, item, target, restore, outcome);
  if (created && source !== undefined) beginVolumeRestores(store, restore, content.volumes, source, created);
}

/** Where a namespace's objects go; its files name that one too (restore.go: item keys and results are of the target). */
function targetNamespace({ spec }: Restore, source: string): string {
  return spec.namespaceMapping?.[source] ?? source;
}

async function awaitPodVolumes({ store, restore, outcome, faults, signal }: Run): Promise<void> {
  const all = () => volumeRestoresOf(store, restore.metadata.name, 'podvolumerestores.velero.io');
  await waitFor(() => faults.completeTooEarly === true || all().every(isOver), signal);
  for (const { metadata, status } of all()) {
    if (status?.phase !== 'Failed' && status?.phase !== 'Canceled') continue;
    addVeleroMessage(outcome.errors, `pod volume restore ${metadata.name} ${status.phase}: ${status.message ?? ''}`);
  }
}

function injectMessages({ faults, restore, outcome }: Run): void {
  const source = restore.spec.includedNamespaces?.[0];
  const known = source === undefined || source === '*' ? undefined : targetNamespace(restore, source);
  for (let n = 1; n <= (faults.warnings ?? 0); n += 1) addMessage(outcome.warnings, known, `injected warning ${n}`);
  if (faults.outcome?.phase !== 'PartiallyFailed') return;
  for (let n = 1; n <= faults.outcome.errors; n += 1) addMessage(outcome.errors, known, `injected error ${n}`);
}

/** From the end of InProgress on, by what the API knows: this part is taken up again after a restart. */
export async function finishRestore(context: RestoreContext, name: string): Promise<void> {
  const { store, faults, timings, signal } = context;
  const downloads = () => volumeRestoresOf(store, name, 'datadownloads.velero.io');
  const partial = () => (readRestore(store, name)?.status?.errors ?? 0) > 0;
  const attempted = downloads().length;
  if (attempted > 0) {
    const waiting = partial() ? 'WaitingForPluginOperationsPartiallyFailed' : 'WaitingForPluginOperations';
    writeRestore(store, name, { phase: waiting, restoreItemOperationsAttempted: attempted });
    await dwell(context, waiting, timings.waitingMs);
    await waitFor(() => faults.completeTooEarly === true || downloads().every(isOver), signal);
    const failed = downloads().filter((d) => isOver(d) && d.status?.phase !== 'Completed').length;
    const completed = downloads().filter((d) => d.status?.phase === 'Completed').length;
    const errors = (readRestore(store, name)?.status?.errors ?? 0) + failed;
    writeRestore(store, name, {
      ...(errors > 0 ? { errors } : {}),
      restoreItemOperationsCompleted: completed,
      ...(failed > 0 ? { restoreItemOperationsFailed: failed } : {}),
    });
  }
  const finalizing = partial() ? 'FinalizingPartiallyFailed' : 'Finalizing';
  writeRestore(store, name, { phase: finalizing });
  await dwell(context, finalizing, timings.finalizingMs);
  const phase = partial() ? 'PartiallyFailed' : 'Completed';
  writeRestore(store, name, { phase, completionTimestamp: timestamp() });
}
