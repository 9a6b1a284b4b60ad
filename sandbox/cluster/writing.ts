import { admit, toDraft } from './incoming-object.ts';
import { APPLY_PATCH, applyPatch, patchType } from './patch.ts';
import { findObject, subjectOf } from './reading.ts';
import { isDryRun, type Json, parseBody, type Reply, type ResourceRequest } from './request.ts';
import { badRequest, invalid, methodNotAllowed, modifiedSince, notFound, StatusError } from './status-error.ts';
import { generateName } from './store.ts';
import type { Draft, Store, StoredObject } from './stored-object.ts';

/** Status counts only where it is written through its own subresource, if there is one. */
function keepOwnPart(request: ResourceRequest, before: StoredObject | undefined, after: Json): Json {
  if (request.subresource === 'status') return { ...before, status: after['status'] };
  if (!request.resource.status) return after;
  const { status: _ignored, ...rest } = after;
  return before?.['status'] === undefined ? rest : { ...rest, status: before['status'] };
}

function withoutEmptyVersion(object: StoredObject): Json {
  const { resourceVersion, ...metadata } = object.metadata;
  return resourceVersion === '' ? { ...object, metadata } : object;
}

function createFrom(store: Store, request: ResourceRequest, body: Json): Reply {
  const { resource } = request;
  const draft: Draft = toDraft(request, keepOwnPart(request, undefined, body));
  const { metadata } = draft;
  if (metadata['resourceVersion']) {
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  if (!metadata.name && !metadata.generateName) {
    const message = 'Required value: name or generateName is required';
    throw invalid(subjectOf(resource, ''), [{ reason: 'FieldValueRequired', message, field: 'metadata.name' }]);
  }
  const name = metadata.name || generateName(metadata.generateName ?? '');
  const object = { ...draft, metadata: { ...metadata, name } } as StoredObject;
  const headers = admit(request, object);
  const created = store.create(resource.key, object as Draft, { dryRun: isDryRun(request) });
  return { code: 201, body: withoutEmptyVersion(created), headers };
}

export function create(store: Store, request: ResourceRequest): Reply {
  if (request.name !== undefined || (request.resource.namespaced && request.namespace === undefined)) {
    throw methodNotAllowed();
  }
  return createFrom(store, request, parseBody(request));
}

/** A namespace's own finalizers change only through its finalize subresource. */
function keepNamespaceFinalizers(request: ResourceRequest, before: StoredObject, after: Json): Json {
  if (request.resource.key !== 'namespaces' || request.subresource === 'finalize') return after;
  const { finalizers } = (before['spec'] ?? {}) as { finalizers?: string[] };
  return { ...after, spec: finalizers === undefined ? {} : { finalizers } };
}

function versionRequired(request: ResourceRequest, name: string): StatusError {
  const message = 'Invalid value: 0x0: must be specified for an update';
  return invalid({ ...subjectOf(request.resource, name), kind: request.resource.plural }, [
    { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' },
  ]);
}

function replace(store: Store, request: ResourceRequest, before: StoredObject, body: Json): Reply {
  const { resource, name = '' } = request;
  const draft = toDraft(request, body);
  const { metadata } = draft;
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${name})`);
  }
  const version = metadata['resourceVersion'];
  if (!version && resource.custom && request.verb === 'update') throw versionRequired(request, name);
  if (version && version !== before.metadata.resourceVersion) throw modifiedSince(subjectOf(resource, name));
  const content = keepNamespaceFinalizers(request, before, keepOwnPart(request, before, draft));
  const { uid, resourceVersion, creationTimestamp } = before.metadata;
  const { metadata: sent, ...rest } = structuredClone(content);
  const meta: StoredObject['metadata'] = Object.assign({ uid, creationTimestamp }, sent, { name, resourceVersion });
  const object: StoredObject = Object.assign({ apiVersion: before.apiVersion, kind: before.kind }, rest, {
    metadata: meta,
  });
  const headers = admit(request, object, before);
  return { code: 200, body: store.update(resource.key, object, { dryRun: isDryRun(request) }), headers };
}

export function update(store: Store, request: ResourceRequest): Reply {
  return replace(store, request, findObject(store, request), parseBody(request));
}

/** A patch is tried against the present state, so it conflicts only where it names another resourceVersion itself. */
export function patch(store: Store, request: ResourceRequest): Reply {
  const { resource, namespace, name = '' } = request;
  const type = patchType(request);
  const before = store.get(resource.key, namespace, name);
  if (before !== undefined) {
    const patched = applyPatch(request, before as Json);
    return replace(store, request, before, patched);
  }
  if (type !== APPLY_PATCH || request.subresource !== undefined) throw notFound(subjectOf(resource, name));
  const body = applyPatch(request, {});
  const metadata = { ...(body['metadata'] as Json | undefined) };
  if (metadata['name'] !== undefined && metadata['name'] !== name) {
    throw badRequest(
      `the name of the object (${String(metadata['name'])}) does not match the name on the URL (${name})`,
    );
  }
  return createFrom(store, request, { ...body, metadata: { ...metadata, name } });
}
