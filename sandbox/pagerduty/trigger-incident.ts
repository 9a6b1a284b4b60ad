import { type Account, entryOf, type Happening, openIncidentWith } from './account.ts';
import type { Agent, Incident, Urgency } from './account-types.ts';
import { ApiError, badArguments, DUPLICATE, invalidInput } from './api-error.ts';
import { incidentId, makeId } from './make-id.ts';
import { nextManned } from './on-calls.ts';
import { assignLevel, assignPeople } from './page-people.ts';

export interface Trigger {
  title: string;
  service: string;
  /** REST's `incident_key`. */
  key?: string | undefined;
  /** The alert that an event made it with. */
  alert?: { key: string; summary: string };
  urgency?: Urgency | undefined;
  /** In place of the service's. */
  policy?: string | undefined;
  /** In place of the policy's. */
  people?: readonly string[] | undefined;
  priority?: string | undefined;
  bridge?: Incident['bridge'];
  details?: string | undefined;
  agent: Agent;
  client: Happening['client'];
}

/** Makes an incident and pages for it. */
export function triggerIncident(account: Account, trigger: Trigger): Incident {
  const service = entryOf(account.services, trigger.service);
  if (trigger.key !== undefined && openIncidentWith(account, service.id, trigger.key) !== undefined)
    throw badArguments(DUPLICATE);
  if (service.state !== 'active') throw invalidInput(`Service is ${service.state}`);
  const incident = newIncident(account, trigger, trigger.policy ?? service.policy);
  const level = nextManned(account, entryOf(account.policies, incident.policy), 1);
  if (trigger.people === undefined && level === undefined)
    throw new ApiError(400, 1015, 'Escalation Policy Has No User On Call');
  account.incidents.set(incident.id, incident);
  if (trigger.people === undefined) assignLevel(account, incident, level ?? 1, 'triggered');
  else assignPeople(account, incident, trigger.people, 'triggered');
  account.happen({ type: 'triggered', incident, agent: trigger.agent, client: trigger.client });
  return incident;
}

function newIncident(account: Account, trigger: Trigger, policy: string): Incident {
  const now = account.now();
  const { alert } = trigger;
  return {
    id: incidentId(),
    number: account.incidents.size + 1,
    title: trigger.title,
    status: 'triggered',
    urgency: trigger.urgency ?? 'high',
    key: trigger.key ?? (alert === undefined ? makeId('', 32).toLowerCase() : undefined),
    service: trigger.service,
    policy,
    level: 0,
    loopsLeft: entryOf(account.policies, policy).loops,
    assignments: [],
    acknowledgements: [],
    alerts: alert === undefined ? [] : [{ ...alert, status: 'triggered' }],
    notes: [],
    priority: trigger.priority,
    bridge: trigger.bridge,
    details: trigger.details,
    resolution: undefined,
    firstLogEntry: makeId('R', 14),
    createdAt: now,
    updatedAt: now,
    statusChangedAt: now,
    statusChangedBy: trigger.agent,
    resolvedAt: undefined,
    escalateAt: undefined,
    unacknowledgeAt: undefined,
  };
}
