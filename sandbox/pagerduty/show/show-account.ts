import type { JsonObject } from '../../slack/json.ts';
import { type Account, entryOf, isOpen } from '../account.ts';
import type { EscalationPolicy, Note, Person, Service } from '../account-types.ts';
import type { OnCall } from '../on-calls.ts';
import {
  addresses,
  policyReference,
  reference,
  scheduleReference,
  serviceReference,
  showTime,
  userReference,
} from './references.ts';

/** What `include[]` asked to be shown in full. */
export type Includes = ReadonlySet<string>;

export function showPerson(person: Person, includes: Includes): JsonObject {
  const { id, name, email, jobTitle } = person;
  return {
    id,
    type: 'user',
    summary: name,
    ...addresses(`users/${id}`),
    name,
    email,
    time_zone: 'Etc/UTC',
    color: 'purple',
    avatar_url: `https://secure.gravatar.com/avatar/${id.toLowerCase()}.png`,
    role: 'user',
    description: null,
    invitation_sent: false,
    job_title: jobTitle,
    teams: [],
    contact_methods: showContacts(person, includes.has('contact_methods')),
    notification_rules: [],
  };
}

function showContacts({ id, contactMethods }: Person, inFull: boolean): JsonObject[] {
  return contactMethods.map((method) => {
    const path = `users/${id}/contact_methods/${method.id}`;
    const shown = {
      id: method.id,
      type: method.type,
      summary: method.label,
      self: addresses(path).self,
      html_url: null,
    };
    if (!inFull) return { ...shown, type: `${method.type}_reference` };
    return { ...shown, label: method.label, address: method.address };
  });
}

export function showService(account: Account, service: Service, includes: Includes): JsonObject {
  const { id, name, policy } = service;
  const timeout = service.acknowledgementTimeout;
  return {
    id,
    type: 'service',
    summary: name,
    ...addresses(`services/${id}`, `service-directory/${id}`),
    name,
    description: 'Muster opens its incidents here',
    created_at: showTime(service.createdAt),
    status: statusOf(account, service),
    ...(timeout === undefined ? {} : { acknowledgement_timeout: timeout }),
    alert_creation: 'create_alerts_and_incidents',
    incident_urgency_rule: { type: 'constant', urgency: 'high' },
    teams: [],
    addons: [],
    scheduled_actions: [],
    integrations: [showIntegration(account, service, includes.has('integrations'))],
    escalation_policy: includes.has('escalation_policies')
      ? showPolicy(account, entryOf(account.policies, policy), new Set())
      : policyReference(account, policy),
  };
}

/** In full it tells its key, which the documents forget. */
function showIntegration(account: Account, service: Service, inFull: boolean): JsonObject {
  const { id, integration, routingKey, createdAt } = service;
  const type = 'events_api_v2_inbound_integration';
  const shown = {
    id: integration,
    type: inFull ? type : `${type}_reference`,
    summary: 'Events API V2',
    ...addresses(`services/${id}/integrations/${integration}`),
  };
  if (!inFull) return shown;
  const ofService = serviceReference(account, id);
  return {
    ...shown,
    name: shown.summary,
    service: ofService,
    created_at: showTime(createdAt),
    integration_key: routingKey,
  };
}

function statusOf({ incidents }: Account, { id, state }: Service): string {
  if (state !== 'active') return state;
  const open = [...incidents.values()].filter((incident) => incident.service === id && isOpen(incident));
  if (open.some(({ status }) => status === 'triggered')) return 'critical';
  return open.length > 0 ? 'warning' : 'active';
}

export function showPolicy(account: Account, policy: EscalationPolicy, includes: Includes): JsonObject {
  const { id, name, levels, loops } = policy;
  const services = [...account.services.values()].filter((service) => service.policy === id);
  return {
    id,
    type: 'escalation_policy',
    summary: name,
    ...addresses(`escalation_policies/${id}`),
    name,
    description: '',
    num_loops: loops,
    on_call_handoff_notifications: 'if_has_services',
    escalation_rules: levels.map((level) => ({
      id: level.id,
      escalation_delay_in_minutes: level.delayMinutes,
      targets: level.targets.map((target) => {
        if (target.type === 'schedule') return scheduleReference(account, target.id);
        if (!includes.has('targets')) return userReference(account, target.id);
        return showPerson(entryOf(account.people, target.id), new Set());
      }),
    })),
    services: services.map((service) => serviceReference(account, service.id)),
    teams: [],
  };
}

/** Its schedule and times are null where somebody is on call for ever. */
export function showOnCall(account: Account, onCall: OnCall, includes: Includes): JsonObject {
  const { policy, level, user, schedule, start, end } = onCall;
  return {
    escalation_policy: includes.has('escalation_policies')
      ? showPolicy(account, entryOf(account.policies, policy), new Set())
      : policyReference(account, policy),
    escalation_level: level,
    user: includes.has('users') ? showPerson(entryOf(account.people, user), new Set()) : userReference(account, user),
    schedule: schedule === undefined ? null : scheduleReference(account, schedule),
    start: start === undefined ? null : showTime(start),
    end: end === undefined ? null : showTime(end),
  };
}

export function showNote(account: Account, { id, by, content, at }: Note): JsonObject {
  const { name } = entryOf(account.people, by);
  return {
    id,
    user: reference('user', by, name, 'users'),
    channel: { summary: 'The PagerDuty website or APIs' },
    content,
    created_at: showTime(at),
  };
}
