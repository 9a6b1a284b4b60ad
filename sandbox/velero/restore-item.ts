import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { resourceOf } from '../cluster/resources.ts';
import { StatusError } from '../cluster/status-error.ts';
import type { Draft, Store, StoredObject } from '../cluster/store.ts';
import { createPod } from '../controllers/resource-quota.ts';
import type { BackedUpItem } from './bucket.ts';
import { addMessage, type RestoreOutcome, recordItem } from './restore-results.ts';
import { BACKUP_NAME_LABEL, RESTORE_NAME_LABEL, type Restore, type RestoreAction } from './velero-types.ts';

type Fields = Record<string, unknown>;

const CLAIM_ANNOTATIONS = [
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.kubernetes.io/selected-node',
];

/** A label value for any name: longer ones than 63 characters are cut and hashed (velero `pkg/label` GetValidName). */
export function validLabelValue(name: string): string {
  if (name.length <= 63) return name;
  return name.slice(0, 57) + createHash('sha256').update(name).digest('hex').slice(0, 6);
}

/** Without what the API server sets, the status and the owners (restore.go resetMetadataAndStatus). */
function strip(object: StoredObject): StoredObject {
  const copy = structuredClone(object);
  const { name, namespace, labels, annotations, finalizers } = copy.metadata;
  const kept = { name, namespace, labels, annotations, finalizers };
  const metadata = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  delete copy['status'];
  return { ...copy, metadata: metadata as StoredObject['metadata'] };
}

/** What Velero's built-in restore item actions change in the kinds that need it. */
function adapt(resource: string, object: StoredObject, restore: Restore): void {
  const spec = object['spec'] as Fields | undefined;
  if (spec === undefined) return;
  if (resource === 'pods') delete spec['nodeName'];
  if (resource === 'services') {
    if (spec['clusterIP'] !== 'None') delete spec['clusterIP'];
    delete spec['clusterIPs'];
    if (restore.spec.preserveNodePorts === true) return;
    for (const port of (spec['ports'] ?? []) as Fields[]) delete port['nodePort'];
  }
  if (resource === 'persistentvolumeclaims') {
    // The volume's reclaim policy is Delete: a new one is provisioned, and filled if the backup has its data.
    delete spec['volumeName'];
    for (const annotation of CLAIM_ANNOTATIONS) delete object.metadata.annotations?.[annotation];
  }
}

function withRestoreLabels(object: StoredObject, restore: Restore): StoredObject {
  object.metadata.labels = {
    ...object.metadata.labels,
    [BACKUP_NAME_LABEL]: validLabelValue(restore.spec.backupName ?? ''),
    [RESTORE_NAME_LABEL]: validLabelValue(restore.metadata.name),
  };
  return object;
}

/** Finished pods and jobs are passed over without a trace (restore.go isCompleted). */
export function isCompleted({ resource, object }: BackedUpItem): boolean {
  const status = (object['status'] ?? {}) as { phase?: string; completionTime?: string };
  if (resource === 'jobs.batch') return status.completionTime !== undefined;
  return resource === 'pods' && (status.phase === 'Succeeded' || status.phase === 'Failed');
}

function mergeExisting(store: Store, resource: string, wanted: StoredObject): void {
  const { metadata, apiVersion: _apiVersion, kind: _kind, ...content } = wanted;
  store.modify(resource, metadata.namespace, metadata.name, (object) => {
    object.metadata.labels = { ...object.metadata.labels, ...metadata.labels };
    object.metadata.annotations = { ...object.metadata.annotations, ...metadata.annotations };
    for (const [field, value] of Object.entries(content)) {
      object[field] =
        typeof value === 'object' && !Array.isArray(value) ? { ...(object[field] as Fields), ...value } : value;
    }
  });
}

/** What becomes of an object that exists already. Different and not to be updated: a warning, and `failed` in the list. */
function meetExisting(
  store: Store,
  resource: string,
  wanted: StoredObject,
  restore: Restore,
  outcome: RestoreOutcome,
): RestoreAction {
  const { namespace, name } = wanted.metadata;
  const existing = store.get(resource, namespace, name);
  if (existing === undefined) return 'failed';
  const same = isDeepStrictEqual(withRestoreLabels(strip(existing), restore), wanted);
  const update = restore.spec.existingResourcePolicy === 'update';
  if (same && !update) return 'skipped';
  const immutable = resource === 'pods' || resource === 'persistentvolumeclaims';
  if (resource === 'serviceaccounts' || (update && !immutable)) {
    mergeExisting(store, resource, wanted);
    return same ? 'skipped' : 'updated';
  }
  const what = `could not restore, ${wanted.kind}:${name} already exists.`;
  addMessage(
    outcome.warnings,
    namespace,
    `${what} Warning: the in-cluster version is different than the backed-up version`,
  );
  return 'failed';
}

/** The object as Velero sends it to the API server. */
export function prepareItem(
  { resource, object }: BackedUpItem,
  target: string | undefined,
  restore: Restore,
): StoredObject {
  const wanted = strip(object);
  adapt(resource, wanted, restore);
  if (target !== undefined) wanted.metadata.namespace = target;
  return withRestoreLabels(wanted, restore);
}

/** Restores one object into its namespace (restore.go restoreItem). Returns the object if it was created. */
export function restoreItem(
  store: Store,
  item: BackedUpItem,
  target: string | undefined,
  restore: Restore,
  outcome: RestoreOutcome,
): StoredObject | undefined {
  const { resource } = item;
  const wanted = prepareItem(item, target, restore);
  const { name } = wanted.metadata;
  const record = (action: RestoreAction) =>
    recordItem(
      outcome,
      `${wanted.apiVersion}/${wanted.kind}`,
      target === undefined ? name : `${target}/${name}`,
      action,
    );
  try {
    const draft: Draft = wanted;
    const created = resource === 'pods' ? createPod(store, draft) : store.create(resource, draft);
    record('created');
    return created;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (store.get(resource, target, name) !== undefined) {
      record(meetExisting(store, resource, wanted, restore, outcome));
      return undefined;
    }
    const where = [resourceOf(resource).key, target, name].filter((part) => part !== undefined).join('/');
    addMessage(outcome.errors, target, `error restoring ${where}: ${error.message}`);
    record('failed');
    return undefined;
  }
}
