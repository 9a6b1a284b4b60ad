import type { JsonObject } from '../../slack/json.ts';
import type { Account } from '../account.ts';
import type { Incident, IncidentStatus } from '../account-types.ts';
import { ApiError, invalidInput } from '../api-error.ts';
import { type Act, acknowledge, delegate, escalate, reassign, reopen, resolve } from '../change-incident.ts';
import { planEscalation } from '../page-people.ts';
import {
  needText,
  readBridge,
  readChoice,
  readPeople,
  readPolicy,
  readPriority,
  readText,
  readUrgency,
} from './read-incident.ts';

interface Changes {
  status: IncidentStatus | undefined;
  resolution: string | undefined;
  people: string[] | undefined;
  policy: string | undefined;
  level: number | undefined;
}

/** Everything is read, and refused, before anything is changed. */
function readChanges(account: Account, fields: JsonObject): Changes {
  if (readChoice(fields, 'type', ['incident', 'incident_reference']) === undefined)
    throw invalidInput('type cannot be blank');
  const status = readChoice(fields, 'status', ['triggered', 'acknowledged', 'resolved']);
  const people = readPeople(account, fields);
  const policy = readPolicy(account, fields);
  const { escalation_level: level } = fields;
  if (level !== undefined && (typeof level !== 'number' || !Number.isInteger(level)))
    throw invalidInput('escalation_level must be a whole number');
  if ([people, policy, level].filter((each) => each !== undefined).length > 1)
    throw invalidInput('assignments, escalation_policy and escalation_level exclude each other');
  return { status, resolution: readText(fields, 'resolution'), people, policy, level };
}

/** Does what a PUT asks of an incident. */
export function updateIncident(account: Account, incident: Incident, fields: JsonObject, act: Act): void {
  const changes = readChanges(account, fields);
  changeFields(account, incident, fields, act);
  const { status, people, policy, level } = changes;
  const reopened = status === 'triggered' && incident.status === 'resolved';
  if (status !== undefined) changeStatus(account, incident, { ...changes, status }, act);
  if (people !== undefined && !reopened) reassign(account, incident, people, act);
  if (policy !== undefined) delegate(account, incident, policy, act);
  if (level !== undefined) escalate(account, incident, level, act);
}

function changeFields(account: Account, incident: Incident, fields: JsonObject, act: Act): void {
  const priority = readPriority(account, fields);
  const urgency = readUrgency(fields);
  const title = fields['title'] === undefined ? undefined : needText(fields, 'title');
  const bridge = readBridge(fields);
  if (title === undefined && urgency === undefined && priority === undefined && bridge === undefined) return;
  incident.title = title ?? incident.title;
  incident.bridge = bridge ?? incident.bridge;
  incident.updatedAt = account.now();
  if (urgency !== undefined && urgency !== incident.urgency) {
    incident.urgency = urgency;
    planEscalation(account, incident);
  }
  if (priority === undefined || priority === incident.priority) return;
  incident.priority = priority;
  account.happen({ type: 'priority_updated', incident, ...act });
}

function changeStatus(
  account: Account,
  incident: Incident,
  { status, resolution, people }: Changes & { status: IncidentStatus },
  act: Act,
): void {
  if (status === 'resolved') resolve(account, incident, act, resolution);
  else if (status === 'acknowledged') acknowledge(account, incident, act);
  else if (incident.status === 'resolved') reopen(account, incident, act, people);
  else if (incident.status === 'acknowledged') throw new ApiError(400, 1003, 'Invalid Status Provided');
}
