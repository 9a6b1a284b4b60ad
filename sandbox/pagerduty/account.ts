import type { Agent, EscalationPolicy, Incident, Page, Person, Schedule, Service } from './account-types.ts';
import { notFound } from './api-error.ts';

export type IncidentEventType =
  | 'triggered'
  | 'acknowledged'
  | 'unacknowledged'
  | 'escalated'
  | 'reassigned'
  | 'delegated'
  | 'resolved'
  | 'reopened'
  | 'priority_updated'
  | 'annotated';

/** Something has happened to an incident. */
export interface Happening {
  type: IncidentEventType;
  incident: Incident;
  agent: Agent;
  /** The monitoring client that an event named. */
  client: { name: string; url?: string | undefined } | undefined;
  /** The note, of `annotated`. */
  note?: { id: string; content: string };
}

/** Everything there is; `happen` is told of each change while the incident is still as the change left it. */
export interface Account {
  people: Map<string, Person>;
  schedules: Map<string, Schedule>;
  policies: Map<string, EscalationPolicy>;
  services: Map<string, Service>;
  priorities: Map<string, string>;
  incidents: Map<string, Incident>;
  pages: Page[];
  now: () => number;
  happen: (happening: Happening) => void;
}

export function createAccount(now: () => number, happen: (happening: Happening) => void): Account {
  return {
    people: new Map(),
    schedules: new Map(),
    policies: new Map(),
    services: new Map(),
    priorities: new Map(),
    incidents: new Map(),
    pages: [],
    now,
    happen,
  };
}

/** The entry, or PagerDuty's 404. */
export function entryOf<T>(entries: ReadonlyMap<string, T>, id: string): T {
  const entry = entries.get(id);
  if (entry === undefined) throw notFound();
  return entry;
}

export function personByEmail({ people }: Account, email: string): Person | undefined {
  return [...people.values()].find((person) => person.email === email.toLowerCase());
}

/** A person by `oncall`, id or e-mail address; throws where a test names nobody. */
export function personNamed(account: Account, name: string): Person {
  const found = account.people.get(name) ?? [...account.people.values()].find(({ login }) => login === name);
  const person = found ?? personByEmail(account, name);
  if (person === undefined) throw new Error(`PagerDuty's account has nobody called ${name}`);
  return person;
}

export const isOpen = ({ status }: Incident): boolean => status !== 'resolved';

/** The open incident of the service with this key: its own, or that of one of its alerts. */
export function openIncidentWith(account: Account, service: string, key: string): Incident | undefined {
  return [...account.incidents.values()].find(
    (incident) => incident.service === service && isOpen(incident) && hasKey(incident, key),
  );
}

export function hasKey(incident: Incident, key: string): boolean {
  return incident.key === key || incident.alerts.some((alert) => alert.key === key);
}
