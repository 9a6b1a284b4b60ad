import type { JsonObject } from '../../slack/json.ts';
import type { Account, Happening } from '../account.ts';
import type { Incident } from '../account-types.ts';
import { eventId } from '../make-id.ts';
import {
  addresses,
  agentReference,
  incidentReference,
  policyReference,
  priorityReference,
  serviceReference,
  showTime,
  userReference,
} from '../show/references.ts';

export interface WebhookEvent {
  id: string;
  /** `incident.acknowledged` */
  type: string;
  /** The incident's id; undefined: it is about none. */
  incident: string | undefined;
  /** `{ event: ... }` */
  payload: JsonObject;
}

function showForWebhook(account: Account, incident: Incident): JsonObject {
  const { id, number, status, title, key, urgency, assignments, bridge, priority } = incident;
  return {
    id,
    type: 'incident',
    ...addresses(`incidents/${id}`),
    number,
    status,
    incident_key: key ?? null,
    created_at: showTime(incident.createdAt),
    title,
    service: serviceReference(account, incident.service),
    assignees: assignments.map(({ user }) => userReference(account, user)),
    escalation_policy: policyReference(account, incident.policy),
    teams: [],
    priority: priority === undefined ? null : priorityReference(account, priority),
    urgency,
    conference_bridge: bridge === undefined ? null : { conference_number: bridge.number, conference_url: bridge.url },
    resolve_reason: null,
    incident_type: { name: 'incident_default' },
  };
}

function dataOf(account: Account, { incident, note }: Happening): JsonObject {
  if (note === undefined) return showForWebhook(account, incident);
  const { id, content } = note;
  return { incident: incidentReference(incident), id, content, trimmed: false, type: 'incident_note' };
}

/** What a V3 webhook says of it, as things are at this moment. */
export function buildEvent(account: Account, happening: Happening): WebhookEvent {
  const { type, incident, agent, client } = happening;
  const [id, name] = [eventId(), `incident.${type}`];
  const event = {
    id,
    event_type: name,
    resource_type: 'incident',
    occurred_at: new Date(account.now()).toISOString(),
    agent: agentReference(account, agent),
    client: client === undefined ? null : client.url === undefined ? { name: client.name } : { ...client },
    data: dataOf(account, happening),
  };
  return { id, type: name, incident: incident.id, payload: { event } };
}

/** What PagerDuty's button "Send Test Event" sends. */
export function buildPing(now: number): WebhookEvent {
  const id = eventId();
  const event = {
    id,
    event_type: 'pagey.ping',
    resource_type: 'pagey',
    occurred_at: new Date(now).toISOString(),
    agent: null,
    client: null,
    data: { message: 'Hello from your friend Pagey!', type: 'ping' },
  };
  return { id, type: 'pagey.ping', incident: undefined, payload: { event } };
}
