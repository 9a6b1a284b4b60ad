import { isDeepStrictEqual } from 'node:util';
import { type Resource, resourceOf } from './resources.ts';
import { preconditionFailed } from './status-error.ts';
import type { RemoveOptions, StoredObject } from './stored-object.ts';
import { eraseObject, freeze, getObject, putObject, type Tables } from './table.ts';
import { timestamp } from './timestamp.ts';

const DEFAULT_POD_GRACE_SECONDS = 30;

/** An object under deletion that nothing holds any more: no finalizer, no grace period, for a namespace no spec.finalizers. */
export function isFinished(object: StoredObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  const spec = object['spec'] as { finalizers?: string[] } | undefined;
  const held = object.kind === 'Namespace' && (spec?.finalizers ?? []).length > 0;
  const empty = (finalizers ?? []).length === 0 && !held;
  return deletionTimestamp !== undefined && empty && (deletionGracePeriodSeconds ?? 0) === 0;
}

function checkPreconditions(resource: Resource, object: StoredObject, options: RemoveOptions): void {
  const { uid, resourceVersion, name } = object.metadata;
  const { group, plural, kind } = resource;
  const subject = { group, plural, kind, name };
  const { uid: askedUid, resourceVersion: askedVersion } = options;
  if (askedUid !== undefined && askedUid !== uid) {
    const why = `the UID in the precondition (${askedUid}) does not match the UID in record (${uid}).`;
    throw preconditionFailed(subject, `${why} The object might have been deleted and then recreated`);
  }
  if (askedVersion !== undefined && askedVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${askedVersion}) does not match the ResourceVersion in record`;
    throw preconditionFailed(subject, `${why} (${resourceVersion}). The object might have been modified`);
  }
}

function graceOf(object: StoredObject, asked: number | undefined): number {
  if (object.kind !== 'Pod') return 0;
  const spec = object['spec'] as { terminationGracePeriodSeconds?: number } | undefined;
  return Math.max(0, asked ?? spec?.terminationGracePeriodSeconds ?? DEFAULT_POD_GRACE_SECONDS);
}

/** The object as it is once deletion has begun; asking again can only shorten the grace period. */
function markDeleted(before: StoredObject, grace: number): StoredObject {
  const object = structuredClone(before);
  const { metadata } = object;
  const current = metadata.deletionGracePeriodSeconds;
  if (current !== undefined && grace >= current) return object;
  metadata.deletionTimestamp = timestamp(Date.now() + grace * 1000);
  metadata.deletionGracePeriodSeconds = grace;
  if (current === undefined) metadata.generation = (metadata.generation ?? 1) + 1;
  if (object.kind === 'Namespace') object['status'] = { ...(object['status'] ?? {}), phase: 'Terminating' };
  return object;
}

/** Deletes as the API does (apiserver `pkg/registry/rest/delete.go`): at once only where nothing holds the object. */
export function removeObject(
  tables: Tables,
  key: string,
  target: { namespace: string | undefined; name: string },
  options: RemoveOptions,
): StoredObject | undefined {
  const resource = resourceOf(key);
  const before = getObject(tables, key, target.namespace, target.name);
  if (before === undefined) return undefined;
  checkPreconditions(resource, before, options);
  const object = markDeleted(before, graceOf(before, options.gracePeriodSeconds));
  if (options.dryRun) return freeze(object);
  if (isFinished(object)) return eraseObject(tables, resource, object);
  return isDeepStrictEqual(before, object) ? before : putObject(tables, 'MODIFIED', resource, object);
}
