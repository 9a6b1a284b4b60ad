import { type Account, openIncidentWith } from '../account.ts';
import type { Incident, Service } from '../account-types.ts';
import { acknowledge, resolve } from '../change-incident.ts';
import { makeId } from '../make-id.ts';
import { triggerIncident } from '../trigger-incident.ts';
import type { Event } from './check-event.ts';

const URGENT = ['critical', 'error'];

/** Does what an event asks of its service; answers the key by which it is known from then on. */
export function takeEvent(account: Account, service: Service, event: Event): string {
  const key = event.dedupKey ?? makeId('', 32).toLowerCase();
  const incident = openIncidentWith(account, service.id, key);
  const integration = { type: 'integration', id: service.integration } as const;
  if (event.action === 'trigger') trigger(account, service, event, key, incident);
  else if (incident === undefined) return key;
  else if (event.action === 'resolve') resolveAlert(account, incident, key, event);
  else if (incident.status === 'triggered')
    acknowledge(account, incident, {
      agent: { ...integration, type: 'service', id: service.id },
      client: event.client,
    });
  return key;
}

/** An open incident takes it in, and nobody is paged a second time. */
function trigger(account: Account, service: Service, event: Event, key: string, open: Incident | undefined): void {
  const alert = { key, summary: event.summary };
  if (open !== undefined) {
    if (!open.alerts.some((known) => known.key === key)) open.alerts.push({ ...alert, status: 'triggered' });
    return;
  }
  if (service.state !== 'active') return;
  triggerIncident(account, {
    title: event.summary,
    service: service.id,
    alert,
    urgency: URGENT.includes(event.severity) ? 'high' : 'low',
    agent: { type: 'integration', id: service.integration },
    client: event.client,
  });
}

/** With its last alert the incident is resolved. */
function resolveAlert(account: Account, incident: Incident, key: string, { client }: Event): void {
  for (const alert of incident.alerts) if (alert.key === key) alert.status = 'resolved';
  if (incident.alerts.some(({ status }) => status === 'triggered')) return;
  resolve(account, incident, { agent: { type: 'service', id: incident.service }, client });
}
