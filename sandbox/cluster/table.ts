import { createHistory, type History } from './history.ts';
import { type Resource, resourceOf } from './resources.ts';
import type { StoredObject } from './stored-object.ts';

/** All objects by resource, and the history of their changes. */
export interface Tables {
  objects: Map<string, Map<string, StoredObject>>;
  history: History;
}

export function createTables(): Tables {
  return { objects: new Map(), history: createHistory() };
}

export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) freeze(child);
  return Object.freeze(value);
}

function keyOf(resource: Resource, namespace: string | undefined, name: string): string {
  return resource.namespaced ? `${namespace ?? ''}/${name}` : name;
}

export function getObject(tables: Tables, key: string, namespace: string | undefined, name: string) {
  return tables.objects.get(key)?.get(keyOf(resourceOf(key), namespace, name));
}

export function listObjects(tables: Tables, key: string, namespace?: string): StoredObject[] {
  resourceOf(key);
  const entries = [...(tables.objects.get(key) ?? [])];
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const objects = entries.map(([, object]) => object);
  return namespace === undefined ? objects : objects.filter((object) => object.metadata.namespace === namespace);
}

/** Stores the object under the next revision; `object` becomes immutable. */
export function putObject(tables: Tables, type: 'ADDED' | 'MODIFIED', resource: Resource, object: StoredObject) {
  object.metadata.resourceVersion = String(tables.history.revision() + 1);
  freeze(object);
  const table = tables.objects.get(resource.key) ?? new Map<string, StoredObject>();
  tables.objects.set(resource.key, table);
  const key = keyOf(resource, object.metadata.namespace, object.metadata.name);
  const previous = table.get(key);
  table.set(key, object);
  tables.history.record(type, resource.key, object, previous);
  return object;
}

/** Takes the object away; its last state carries the revision of the deletion. */
export function eraseObject(tables: Tables, resource: Resource, object: StoredObject): StoredObject {
  const last = structuredClone(object);
  last.metadata.resourceVersion = String(tables.history.revision() + 1);
  freeze(last);
  const table = tables.objects.get(resource.key);
  const key = keyOf(resource, last.metadata.namespace, last.metadata.name);
  const previous = table?.get(key);
  table?.delete(key);
  tables.history.record('DELETED', resource.key, last, previous);
  return last;
}
