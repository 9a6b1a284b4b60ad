import type { JsonObject } from '../../slack/json.ts';
import { type Account, entryOf } from '../account.ts';
import type { Agent, Incident } from '../account-types.ts';

const API = 'https://api.pagerduty.com';
const WEB = 'https://sandbox.pagerduty.com';

/** Milliseconds as PagerDuty writes them: to the second. */
export const showTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

export const addresses = (path: string, page = path): { self: string; html_url: string } => ({
  self: `${API}/${path}`,
  html_url: `${WEB}/${page}`,
});

export function reference(type: string, id: string, summary: string, path: string, page = path) {
  return { id, type: `${type}_reference`, summary, ...addresses(`${path}/${id}`, `${page}/${id}`) };
}

export function userReference(account: Account, id: string) {
  return reference('user', id, entryOf(account.people, id).name, 'users');
}

export function serviceReference(account: Account, id: string) {
  return reference('service', id, entryOf(account.services, id).name, 'services', 'service-directory');
}

export function policyReference(account: Account, id: string) {
  return reference('escalation_policy', id, entryOf(account.policies, id).name, 'escalation_policies');
}

export function scheduleReference(account: Account, id: string) {
  return reference('schedule', id, entryOf(account.schedules, id).name, 'schedules');
}

export const titleOf = ({ number, title }: Incident): string => `[#${number}] ${title}`;

export function incidentReference(incident: Incident) {
  return reference('incident', incident.id, titleOf(incident), 'incidents');
}

export function priorityReference(account: Account, id: string) {
  const name = entryOf(account.priorities, id);
  return {
    id,
    type: 'priority_reference',
    summary: name,
    ...addresses(`priorities/${id}`, 'account/incident_priorities'),
  };
}

/** Who did it, as webhooks name them; null: PagerDuty by its own rules. */
export function agentReference(account: Account, agent: Agent): JsonObject | null {
  if (agent === undefined) return null;
  if (agent.type === 'user') return userReference(account, agent.id);
  if (agent.type === 'service') return serviceReference(account, agent.id);
  const service = [...account.services.values()].find(({ integration }) => integration === agent.id);
  return reference('inbound_integration', agent.id, 'Events API V2', `services/${service?.id}/integrations`);
}
