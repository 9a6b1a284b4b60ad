import type { z } from 'zod';
import type { Resource } from './resources.ts';
import { badRequest, invalid, type StatusCause } from './status-error.ts';
import type { StoredObject } from './stored-object.ts';
import * as velero from './velero-schemas.ts';
import * as workload from './workload-schemas.ts';

const schemas: Record<string, z.ZodType> = {
  pods: workload.Pod,
  services: workload.Service,
  'deployments.apps': workload.Deployment,
  'statefulsets.apps': workload.StatefulSet,
  'backups.velero.io': velero.Backup,
  'restores.velero.io': velero.Restore,
  'downloadrequests.velero.io': velero.DownloadRequest,
  'serverstatusrequests.velero.io': velero.ServerStatusRequest,
  'schedules.velero.io': velero.Schedule,
  'backupstoragelocations.velero.io': velero.BackupStorageLocation,
};

type Issue = z.core.$ZodIssue;

/** `spec.ports[0].port`, as the API writes field paths. */
function fieldPath(path: PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function read(object: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], object);
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

const typeNames: Record<string, string> = { record: 'object', int: 'integer', number: 'integer' };

function toCause(issue: Issue, object: unknown): StatusCause {
  const field = fieldPath(issue.path);
  const value = read(object, issue.path);
  if (value === undefined) return { reason: 'FieldValueRequired', message: 'Required value', field };
  if (issue.code === 'invalid_value') {
    const supported = issue.values.map((option) => `"${String(option)}"`).join(', ');
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    return { reason: 'FieldValueNotSupported', message, field };
  }
  const expected = issue.code === 'invalid_type' ? (typeNames[issue.expected] ?? issue.expected) : 'another type';
  const actual = jsonType(value);
  const message = `Invalid value: "${actual}": ${field} in body must be of type ${expected}: "${actual}"`;
  return { reason: 'FieldValueTypeInvalid', message, field };
}

/** Removes the fields that the kind does not have; returns their paths. */
function prune(object: StoredObject, issues: Issue[]): string[] {
  const unknown: string[] = [];
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const parent = read(object, issue.path) as Record<string, unknown>;
    for (const key of issue.keys) {
      delete parent[key];
      unknown.push(fieldPath([...issue.path, key]));
    }
  }
  return unknown;
}

/**
 * Checks the object against its kind's known fields, where we have them, and removes unknown ones from it.
 * A built-in kind with a wrong type cannot be decoded (400, in a patch 422); a custom resource violates its schema (422).
 * @returns the unknown fields' paths
 * @throws StatusError
 */
export function checkSchema(resource: Resource, object: StoredObject, isPatch: boolean): string[] {
  const result = schemas[resource.key]?.safeParse(object);
  if (result === undefined || result.success) return [];
  const unknown = prune(object, result.error.issues);
  const wrong = result.error.issues.filter((issue) => issue.code !== 'unrecognized_keys');
  if (wrong.length === 0) return unknown;
  const subject = { plural: resource.plural, group: resource.group, kind: resource.kind, name: object.metadata.name };
  const causes = wrong.map((issue) => toCause(issue, object));
  const mistyped = causes.find((cause) => cause.reason === 'FieldValueTypeInvalid');
  if (!resource.custom && mistyped !== undefined) {
    const where = `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}`;
    const why = `json: cannot unmarshal ${mistyped.message?.split('"')[1] ?? 'value'} into Go struct field .${mistyped.field}`;
    if (!isPatch) throw badRequest(`${where}: ${why}`);
    throw invalid({ plural: '', group: '', kind: '', name: '' }, [{ ...mistyped, field: 'patch', message: why }]);
  }
  throw invalid(subject, causes);
}

/** 400, as with `fieldValidation=Strict`. */
export function unknownFields(resource: Resource, fields: string[]) {
  const list = fields.map((field) => `unknown field "${field}"`).join(', ');
  const where = `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}`;
  return badRequest(`${where}: strict decoding error: ${list}`);
}
