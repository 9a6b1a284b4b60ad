import { findObject, parseSelectors } from './reading.ts';
import {
  isDryRun,
  isJsonObject,
  type Json,
  parseBody,
  type Reply,
  type ResourceRequest,
  readNumber,
} from './request.ts';
import { resources } from './resources.ts';
import { invalidOption, methodNotAllowed } from './status-error.ts';
import type { RemoveOptions, Store, StoredObject } from './stored-object.ts';

interface DeleteOptions extends RemoveOptions {
  policy: string;
}

/** Kinds whose deletion answers with the object even where it is gone at once; the others answer with a Status. */
const returned = [
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumeclaims',
  'persistentvolumes',
  'resourcequotas',
];

const policies = ['Orphan', 'Background', 'Foreground'];

/** Options come in the query, in the body, or in both; kubectl sends dryRun only in the body. @throws StatusError 400 */
function readOptions(request: ResourceRequest): DeleteOptions {
  const { query } = request;
  const body: Json = request.body.length === 0 ? {} : parseBody(request);
  const preconditions = isJsonObject(body['preconditions']) ? body['preconditions'] : {};
  const { uid, resourceVersion } = preconditions;
  const inBody = body['gracePeriodSeconds'];
  const grace = typeof inBody === 'number' ? inBody : readNumber(query, 'gracePeriodSeconds');
  const policy = query.get('propagationPolicy') || String(body['propagationPolicy'] ?? 'Background');
  if (!policies.includes(policy)) {
    const message = `Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan"`;
    throw invalidOption('DeleteOptions', 'propagationPolicy', 'FieldValueNotSupported', message);
  }
  return {
    policy,
    dryRun: isDryRun(request, body),
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
  };
}

/** With `Orphan` the dependents lose their owner first, so that they stay. */
function releaseDependents(store: Store, owner: StoredObject): void {
  for (const { key } of resources) {
    for (const { metadata } of store.list(key)) {
      if (!metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid)) continue;
      store.modify(key, metadata.namespace, metadata.name, (object) => {
        const others = object.metadata.ownerReferences?.filter((reference) => reference.uid !== owner.metadata.uid);
        object.metadata.ownerReferences = others ?? [];
      });
    }
  }
}

/** Foreground deletion is treated as background deletion: the object goes first, its dependents follow. */
export function deleteOne(store: Store, request: ResourceRequest): Reply {
  const { resource, namespace, name = '' } = request;
  const options = readOptions(request);
  const before = findObject(store, request);
  if (options.policy === 'Orphan' && options.dryRun !== true) releaseDependents(store, before);
  const last = store.remove(resource.key, namespace, name, options) ?? before;
  const isGone = options.dryRun !== true && store.get(resource.key, namespace, name) === undefined;
  const stays = !isGone && (last.metadata.finalizers?.length ?? 0) + (resource.key === 'namespaces' ? 1 : 0) > 0;
  if (stays || returned.includes(resource.key)) return { code: 200, body: last };
  const { group, plural: kind } = resource;
  const details = { name, ...(group === '' ? {} : { group }), kind, uid: last.metadata.uid };
  return { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
}

/** Deletes what the selectors match, one after the other; answers with the list of what it met. */
export function deleteMany(store: Store, request: ResourceRequest): Reply {
  const { resource, namespace } = request;
  if (resource.key === 'namespaces' || (resource.namespaced && namespace === undefined)) throw methodNotAllowed();
  const options = readOptions(request);
  const matches = parseSelectors(request);
  const items = store.list(resource.key, namespace).filter(matches);
  for (const { metadata } of items) store.remove(resource.key, namespace, metadata.name, options);
  const metadata = { resourceVersion: String(store.revision()) };
  return { code: 200, body: { kind: `${resource.kind}List`, apiVersion: resource.apiVersion, metadata, items } };
}
