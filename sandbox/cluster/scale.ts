import { applyPatch } from './patch.ts';
import { findObject, subjectOf } from './reading.ts';
import { isDryRun, isJsonObject, type Json, parseBody, type Reply, type ResourceRequest } from './request.ts';
import { badRequest, invalid, methodNotAllowed, modifiedSince } from './status-error.ts';
import type { Store, StoredObject } from './stored-object.ts';

function fieldsOf(value: unknown): Json {
  return isJsonObject(value) ? value : {};
}

function toScale(object: StoredObject): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const spec = fieldsOf(object['spec']);
  const labels = Object.entries(fieldsOf(fieldsOf(spec['selector'])['matchLabels']));
  const selector = labels.map(([key, value]) => `${key}=${String(value)}`).join(',');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec['replicas'] ?? 0 },
    status: { replicas: fieldsOf(object['status'])['replicas'] ?? 0, selector },
  };
}

/** The scale subresource: autoscaling/v1 Scale in and out. @throws StatusError */
export function handleScale(store: Store, request: ResourceRequest): Reply {
  const { resource, verb, name = '' } = request;
  const before = findObject(store, request);
  const scale = toScale(before);
  if (verb === 'get') return { code: 200, body: scale };
  if (verb !== 'update' && verb !== 'patch') throw methodNotAllowed();
  const asked = verb === 'update' ? parseBody(request) : applyPatch(request, scale);
  const replicas = fieldsOf(asked['spec'])['replicas'] ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest('Scale in version "v1" cannot be handled as a Scale: spec.replicas is not a whole number');
  }
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    const subject = { plural: 'scales', group: 'autoscaling', kind: 'Scale', name };
    throw invalid(subject, [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }]);
  }
  const version = fieldsOf(asked['metadata'])['resourceVersion'];
  if (version && version !== before.metadata.resourceVersion) throw modifiedSince(subjectOf(resource, name));
  const object = structuredClone(before);
  object['spec'] = { ...fieldsOf(object['spec']), replicas };
  return { code: 200, body: toScale(store.update(resource.key, object, { dryRun: isDryRun(request) })) };
}
