import { z } from 'zod';
import { applyDefaults } from './defaults.ts';
import { isJsonObject, type Json, type ResourceRequest } from './request.ts';
import type { Resource } from './resources.ts';
import { checkSchema, unknownFields } from './schemas.ts';
import { badRequest, invalid } from './status-error.ts';
import type { Draft, StoredObject } from './stored-object.ts';
import { validate } from './validation.ts';

const strings = z.record(z.string(), z.string()).nullish();
const owner = z.looseObject({ apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string() });
const Metadata = z.looseObject({
  name: z.string().optional(),
  generateName: z.string().optional(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  labels: strings,
  annotations: strings,
  finalizers: z.array(z.string()).nullish(),
  ownerReferences: z.array(owner).nullish(),
});

function checkKind(resource: Resource, body: Json): void {
  const { apiVersion, kind } = body;
  if (resource.custom && !(apiVersion && kind)) {
    throw badRequest(`Object 'Kind' or 'apiVersion' is missing in '${JSON.stringify(body).slice(0, 200)}'`);
  }
  if (apiVersion && apiVersion !== resource.apiVersion) {
    const expected = `the expected API version (${resource.apiVersion})`;
    throw badRequest(`the API version in the data (${String(apiVersion)}) does not match ${expected}`);
  }
  if (resource.custom && kind !== resource.kind) {
    const message = `Invalid value: ${JSON.stringify(kind)}: must be ${resource.kind}`;
    const subject = { plural: resource.plural, group: resource.group, kind: String(kind) };
    throw invalid(subject, [{ reason: 'FieldValueInvalid', message, field: 'kind' }]);
  }
  if (kind && kind !== resource.kind) {
    const what = `${String(kind)} in version "${resource.version}" cannot be handled as a ${resource.kind}`;
    throw badRequest(`${what}: no kind "${String(kind)}" is registered for this resource`);
  }
}

function checkMetadataTypes(resource: Resource, metadata: unknown): void {
  const result = Metadata.safeParse(metadata);
  if (result.success) return;
  const field = ['metadata', ...(result.error.issues[0]?.path ?? [])].join('.');
  const message = `Invalid value: ${field} has a value of the wrong type`;
  if (!resource.custom)
    throw badRequest(`${resource.kind} in version "${resource.version}" cannot be handled: ${message}`);
  throw invalid({ plural: resource.plural, group: resource.group, kind: resource.kind, name: '' }, [
    { reason: 'FieldValueTypeInvalid', message, field },
  ]);
}

/** Empty maps and nulls in metadata are the same as missing ones. */
function cleanMetadata(metadata: Json): Json {
  const empty = (value: unknown) =>
    value === null || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => !empty(value)));
}

/**
 * Reads a sent object as one of this resource in the namespace of the path: kind, namespace and the types in metadata.
 * @throws StatusError 400 or 422
 */
export function toDraft(request: Pick<ResourceRequest, 'resource' | 'namespace'>, body: Json): Draft {
  const { resource, namespace } = request;
  checkKind(resource, body);
  const sent = body['metadata'] ?? {};
  checkMetadataTypes(resource, sent);
  const metadata = cleanMetadata(isJsonObject(sent) ? sent : {});
  if (resource.namespaced && metadata['namespace'] !== undefined && metadata['namespace'] !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (resource.namespaced) metadata['namespace'] = namespace;
  else delete metadata['namespace'];
  return { ...body, apiVersion: resource.apiVersion, kind: resource.kind, metadata };
}

/**
 * Applies the kind's schema and rules to an object that is about to be stored; unknown fields are removed from it.
 * @returns headers of the answer: a warning for each unknown field, unless fieldValidation says otherwise
 * @throws StatusError 400, 422
 */
export function admit(
  request: Pick<ResourceRequest, 'resource' | 'query' | 'verb'>,
  object: StoredObject,
  before?: StoredObject,
): Record<string, string> {
  const { resource, query } = request;
  const mode = query.get('fieldValidation') || 'Warn';
  if (!['Strict', 'Warn', 'Ignore'].includes(mode)) {
    throw badRequest(`fieldValidation: Unsupported value: "${mode}": supported values: "Ignore", "Strict", "Warn"`);
  }
  const unknown = checkSchema(resource, object, request.verb === 'patch');
  if (unknown.length > 0 && mode === 'Strict') throw unknownFields(resource, unknown);
  applyDefaults(resource.key, object, before);
  validate(resource, object, before);
  if (unknown.length === 0 || mode === 'Ignore') return {};
  return { warning: unknown.map((field) => `299 - "unknown field \\"${field}\\""`).join(', ') };
}
