import jsonPatch, { type Operation } from 'fast-json-patch';
import { isJsonObject, type Json, mediaType, parseJson, parseYamlBody, type ResourceRequest } from './request.ts';
import { badRequest, invalidOption, StatusError, unsupportedMediaType } from './status-error.ts';
import { strategicMerge } from './strategic-merge.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';

/** RFC 7396: null deletes, objects merge, everything else replaces. Returns a new object. */
export function mergePatch(current: Json, patch: Json): Json {
  const merged = { ...current };
  for (const [field, value] of Object.entries(patch)) {
    const existing = merged[field];
    if (value === null) delete merged[field];
    else if (isJsonObject(value)) merged[field] = mergePatch(isJsonObject(existing) ? existing : {}, value);
    else merged[field] = value;
  }
  return merged;
}

function applyJsonPatch(current: Json, operations: unknown): Json {
  if (!Array.isArray(operations)) {
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  const malformed = operations.find((operation) => !isJsonObject(operation) || typeof operation['op'] !== 'string');
  if (malformed !== undefined) throw badRequest('error decoding patch: an operation is not an object with an op');
  try {
    return jsonPatch.applyPatch(structuredClone(current), operations as Operation[], true).newDocument;
  } catch {
    throw new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

function parsePatch(request: ResourceRequest, type: string): Json {
  const patch = type === APPLY_PATCH ? parseYamlBody(request.body) : parseJson(request.body);
  if (!isJsonObject(patch)) throw badRequest('error decoding patch: the patch is not an object');
  return patch;
}

/** @throws StatusError 415 for a type that the resource does not take */
export function patchType(request: Pick<ResourceRequest, 'resource' | 'headers'>): string {
  const custom = request.resource.custom;
  const accepted = [JSON_PATCH, MERGE_PATCH, ...(custom ? [] : [STRATEGIC_PATCH]), APPLY_PATCH];
  const type = mediaType(request.headers);
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
  return type;
}

/**
 * Server-side apply without ownership: the sent fields are merged into the object, and nobody's fields conflict.
 * @throws StatusError 422 without a fieldManager, 400 without apiVersion and kind
 */
function applyConfiguration(request: ResourceRequest, current: Json, sent: Json): Json {
  if (!request.query.get('fieldManager')) {
    const message = 'Required value: is required for apply patch';
    throw invalidOption('PatchOptions', 'fieldManager', 'FieldValueRequired', message);
  }
  if (!sent['apiVersion'] || !sent['kind']) throw badRequest('error decoding patch: apiVersion and kind must be set');
  return request.resource.custom ? mergePatch(current, sent) : strategicMerge(current, sent);
}

/** The object after the request's patch; `current` stays as it is. @throws StatusError 400, 415, 422 */
export function applyPatch(request: ResourceRequest, current: Json): Json {
  const type = patchType(request);
  if (type === JSON_PATCH) return applyJsonPatch(current, parseJson(request.body));
  const patch = parsePatch(request, type);
  if (type === APPLY_PATCH) return applyConfiguration(request, current, patch);
  return type === MERGE_PATCH ? mergePatch(current, patch) : strategicMerge(current, patch);
}
