import type { JsonObject } from '../../slack/json.ts';
import type { Account } from '../account.ts';
import type { Agent, Incident } from '../account-types.ts';
import {
  addresses,
  agentReference,
  policyReference,
  priorityReference,
  serviceReference,
  showTime,
  titleOf,
  userReference,
} from './references.ts';

/** An incident as REST shows it. What it has not, such as `resolved_at`, is left out. */
export function showIncident(account: Account, incident: Incident): JsonObject {
  const { id, title, status, urgency, level } = incident;
  return {
    id,
    type: 'incident',
    summary: titleOf(incident),
    ...addresses(`incidents/${id}`),
    incident_number: incident.number,
    title,
    description: title,
    created_at: showTime(incident.createdAt),
    updated_at: showTime(incident.updatedAt),
    status,
    urgency,
    ...(incident.key === undefined ? {} : { incident_key: incident.key }),
    service: serviceReference(account, incident.service),
    escalation_policy: policyReference(account, incident.policy),
    teams: [],
    assigned_via: level === 0 ? 'direct_assignment' : 'escalation_policy',
    ...showPeople(account, incident),
    ...showStatusChange(account, incident),
    first_trigger_log_entry: {
      id: incident.firstLogEntry,
      type: 'trigger_log_entry_reference',
      summary: incident.key === undefined ? 'Triggered through the API' : 'Triggered through the website',
      ...addresses(`log_entries/${incident.firstLogEntry}`, `incidents/${id}/log_entries/${incident.firstLogEntry}`),
    },
    alert_counts: countAlerts(incident),
    is_mergeable: true,
    incident_type: { name: 'incident_default' },
    pending_actions: showPending(incident),
    ...(incident.priority === undefined ? {} : { priority: showPriority(account, incident.priority) }),
  };
}

function showPeople(account: Account, { assignments, acknowledgements }: Incident): JsonObject {
  return {
    assignments: assignments.map(({ user, at }) => ({ at: showTime(at), assignee: userReference(account, user) })),
    acknowledgements: acknowledgements.map(({ by, at }) => ({
      at: showTime(at),
      acknowledger: agentReference(account, by),
    })),
  };
}

function showStatusChange(account: Account, incident: Incident): JsonObject {
  const { resolvedAt, service, statusChangedAt, statusChangedBy = { type: 'service', id: service } } = incident;
  return {
    last_status_change_at: showTime(statusChangedAt),
    last_status_change_by: showAgent(account, statusChangedBy),
    ...(resolvedAt === undefined ? {} : { resolved_at: showTime(resolvedAt) }),
  };
}

/** REST has another word for an integration than webhooks have. */
function showAgent(account: Account, agent: NonNullable<Agent>): JsonObject | null {
  const shown = agentReference(account, agent);
  return agent.type === 'integration' ? { ...shown, type: 'integration_reference' } : shown;
}

function countAlerts({ alerts }: Incident): JsonObject {
  const triggered = alerts.filter(({ status }) => status === 'triggered').length;
  return { all: alerts.length, triggered, resolved: alerts.length - triggered };
}

function showPending({ escalateAt, unacknowledgeAt }: Incident): JsonObject[] {
  return [
    ...(escalateAt === undefined ? [] : [{ type: 'escalate', at: showTime(escalateAt) }]),
    ...(unacknowledgeAt === undefined ? [] : [{ type: 'unacknowledge', at: showTime(unacknowledgeAt) }]),
  ];
}

function showPriority(account: Account, id: string): JsonObject {
  const reference = priorityReference(account, id);
  return { ...reference, type: 'priority', name: reference.summary, description: reference.summary };
}
