import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { applyDefaults } from './defaults.ts';
import { isFinished, removeObject } from './removal.ts';
import { type Resource, resourceOf } from './resources.ts';
import { alreadyExists, modifiedSince, namespaceTerminating, notFound, uidConflict } from './status-error.ts';
import type { Draft, Metadata, Store, StoredObject, WriteOptions } from './stored-object.ts';
import { createTables, eraseObject, freeze, getObject, listObjects, putObject, type Tables } from './table.ts';
import { timestamp } from './timestamp.ts';

export type { Change, ChangeType, Draft, Metadata, OwnerReference, Store, StoredObject } from './stored-object.ts';
export { timestamp } from './timestamp.ts';

function subjectOf(resource: Resource, name: string) {
  return { plural: resource.plural, group: resource.group, kind: resource.kind, name };
}

/** At most 58 characters of the prefix and five random ones without vowels, as apiserver's `pkg/storage/names/generate.go`. */
export function generateName(prefix: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const letters = [...randomBytes(5)].map((byte) => alphabet[byte % alphabet.length]);
  return prefix.slice(0, 58) + letters.join('');
}

/** Drops the fields that do not count towards metadata.generation. */
function desiredState(resource: Resource, object: StoredObject): Record<string, unknown> {
  const { metadata: _metadata, ...rest } = object;
  if (resource.custom && !resource.status) return rest;
  const { status: _status, ...desired } = rest;
  return desired;
}

/** What the API server sets by itself stays as it was, whatever the writer sent. */
function keepSystemFields(before: StoredObject, after: StoredObject): void {
  const { name, namespace, uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } = before.metadata;
  const kept = { name, namespace, uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds };
  const metadata: Record<string, unknown> = { ...after.metadata, ...kept };
  for (const [field, value] of Object.entries(metadata)) if (value === undefined) delete metadata[field];
  delete metadata['managedFields'];
  after.metadata = metadata as Metadata;
  after.apiVersion = before.apiVersion;
  after.kind = before.kind;
}

function checkNamespace(tables: Tables, resource: Resource, namespace: string, name: string): void {
  if (!resource.namespaced) return;
  const owner = getObject(tables, 'namespaces', undefined, namespace);
  if (owner === undefined) throw notFound({ plural: 'namespaces', group: '', name: namespace });
  if (owner.metadata.deletionTimestamp !== undefined) throw namespaceTerminating(subjectOf(resource, name), namespace);
}

function toObject(resource: Resource, draft: Draft, name: string): StoredObject {
  const { metadata: sent, apiVersion: _version, kind: _kind, ...content } = structuredClone(draft);
  const { namespace = '', ...metadata } = sent;
  const set = ['managedFields', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'];
  for (const field of set) delete metadata[field];
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: {
      ...metadata,
      name,
      ...(resource.namespaced ? { namespace } : {}),
      uid: randomUUID(),
      resourceVersion: '',
      generation: 1,
      creationTimestamp: timestamp(),
    },
    ...content,
  };
}

function createObject(tables: Tables, key: string, draft: Draft, options: WriteOptions): StoredObject {
  const resource = resourceOf(key);
  const { name: asked, generateName: prefix, namespace } = draft.metadata;
  const name = asked || generateName(prefix ?? '');
  checkNamespace(tables, resource, namespace ?? '', name);
  if (getObject(tables, key, namespace, name) !== undefined) throw alreadyExists(subjectOf(resource, name));
  const object = toObject(resource, draft, name);
  applyDefaults(key, object);
  return options.dryRun ? freeze(object) : putObject(tables, 'ADDED', resource, object);
}

function updateObject(tables: Tables, key: string, object: StoredObject, options: WriteOptions): StoredObject {
  const resource = resourceOf(key);
  const { name, namespace, resourceVersion, uid } = object.metadata;
  const subject = subjectOf(resource, name);
  const before = getObject(tables, key, namespace, name);
  if (before === undefined) throw notFound(subject);
  if (uid !== before.metadata.uid) throw uidConflict(subject, uid, before.metadata.uid);
  if (resourceVersion !== before.metadata.resourceVersion) throw modifiedSince(subject);
  const after = structuredClone(object);
  keepSystemFields(before, after);
  applyDefaults(key, after, before);
  const changed = !isDeepStrictEqual(desiredState(resource, before), desiredState(resource, after));
  after.metadata.generation = (before.metadata.generation ?? 1) + (changed ? 1 : 0);
  if (options.dryRun) return freeze(after);
  if (isFinished(after)) return eraseObject(tables, resource, after);
  return isDeepStrictEqual(before, after) ? before : putObject(tables, 'MODIFIED', resource, after);
}

/**
 * The cluster's state in memory, with the API server's own rules: revisions, generations, finalizers, graceful deletion.
 * Objects that it returns are deep-frozen. @throws StatusError where the API server would refuse.
 */
export function createStore(): Store {
  const tables = createTables();
  const { revision, subscribe, changesSince, compact } = tables.history;
  return {
    revision,
    subscribe,
    changesSince,
    compact,
    get: (key, namespace, name) => getObject(tables, key, namespace, name),
    list: (key, namespace) => listObjects(tables, key, namespace),
    create: (key, draft, options = {}) => createObject(tables, key, draft, options),
    update: (key, object, options = {}) => updateObject(tables, key, object, options),
    modify(key, namespace, name, change) {
      const before = getObject(tables, key, namespace, name);
      if (before === undefined) return undefined;
      const object = structuredClone(before);
      change(object);
      return updateObject(tables, key, object, {});
    },
    remove: (key, namespace, name, options = {}) => removeObject(tables, key, { namespace, name }, options),
    purge(key, namespace, name) {
      const object = getObject(tables, key, namespace, name);
      if (object !== undefined) eraseObject(tables, resourceOf(key), object);
    },
  };
}
