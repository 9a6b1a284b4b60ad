import { isObject, type Json, type JsonObject, objectsIn } from '../../slack/json.ts';
import { type Account, entryOf } from '../account.ts';
import type { Incident, Urgency } from '../account-types.ts';
import { ApiError, invalidInput } from '../api-error.ts';

/** The object that a request wraps its fields in. */
export function readWrapped(body: Json | undefined, name: string): JsonObject {
  const inner = isObject(body) ? body[name] : undefined;
  if (!isObject(inner)) throw new ApiError(400, 2003, 'Missing Arguments', [`${name} is required`]);
  return inner;
}

export function readText(fields: JsonObject, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidInput(`${name} must be a string`);
  return value;
}

/** A text that must be there and say something. */
export function needText(fields: JsonObject, name: string): string {
  const value = readText(fields, name);
  if (value === undefined || value.trim() === '') throw invalidInput(`${name} cannot be blank`);
  return value;
}

export function readChoice<T extends string>(fields: JsonObject, name: string, choices: readonly T[]): T | undefined {
  const value = readText(fields, name);
  if (value === undefined) return undefined;
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw invalidInput(`${name} must be one of ${choices.join(', ')}`);
  return choice;
}

/** The id of a reference, whose type must be one of these. */
export function readReference(fields: JsonObject, name: string, types: readonly string[]): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalidInput(`${name} must be a reference`);
  const { id, type } = value;
  if (typeof type !== 'string' || !types.includes(type))
    throw invalidInput(`${name}.type must be ${types.join(' or ')}`);
  if (typeof id !== 'string' || id === '') throw invalidInput(`${name}.id cannot be blank`);
  return id;
}

export const readUrgency = (fields: JsonObject): Urgency | undefined => readChoice(fields, 'urgency', ['high', 'low']);

export function readPolicy({ policies }: Account, fields: JsonObject): string | undefined {
  const id = readReference(fields, 'escalation_policy', ['escalation_policy_reference']);
  if (id !== undefined && !policies.has(id)) throw new ApiError(400, 1014, 'Escalation Policy Not Found');
  return id;
}

/** The people of `assignments`; undefined where there are none to read. */
export function readPeople({ people }: Account, fields: JsonObject): string[] | undefined {
  const { assignments } = fields;
  if (assignments === undefined) return undefined;
  if (!Array.isArray(assignments) || assignments.length === 0)
    throw invalidInput('assignments must be a list of assignees');
  return objectsIn(assignments).map((assignment) => {
    const id = readReference(assignment, 'assignee', ['user_reference', 'user']);
    if (id === undefined || !people.has(id)) throw new ApiError(400, 1007, 'Assigned To User Not Found');
    return id;
  });
}

export function readPriority({ priorities }: Account, fields: JsonObject): string | undefined {
  const { priority } = fields;
  if (priority === undefined || priority === null) return undefined;
  const named = [...priorities].find(([, name]) => name === priority)?.[0];
  const id = named ?? readReference(fields, 'priority', ['priority', 'priority_reference']);
  if (id === undefined || !priorities.has(id)) throw new ApiError(400, 1020, 'Invalid Priority');
  return id;
}

export function readBridge(fields: JsonObject): Incident['bridge'] {
  const { conference_bridge: bridge } = fields;
  if (!isObject(bridge)) return undefined;
  return { number: readText(bridge, 'conference_number') ?? '', url: readText(bridge, 'conference_url') ?? '' };
}

export function readDetails(fields: JsonObject): string | undefined {
  const { body } = fields;
  if (body === undefined || body === null) return undefined;
  if (!isObject(body) || body['type'] !== 'incident_body') throw invalidInput('body.type must be incident_body');
  return readText(body, 'details');
}

export function serviceOf(account: Account, fields: JsonObject): string {
  const id = readReference(fields, 'service', ['service_reference']);
  if (id === undefined) throw invalidInput('service cannot be blank');
  return entryOf(account.services, id).id;
}
