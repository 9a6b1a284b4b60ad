export interface ContactMethod {
  id: string;
  type: 'email_contact_method' | 'phone_contact_method' | 'sms_contact_method';
  label: string;
  address: string;
}

export interface Person {
  id: string;
  /** What tests call them by: `oncall`. */
  login: string;
  name: string;
  email: string;
  jobTitle: string;
  contactMethods: ContactMethod[];
}

/** Whose turn it is, week by week. */
export interface Schedule {
  id: string;
  name: string;
  /** Ids of people, in turn; none: nobody is on call. */
  people: string[];
}

export type Target = { type: 'user' | 'schedule'; id: string };

export interface Level {
  id: string;
  delayMinutes: number;
  targets: Target[];
}

export interface EscalationPolicy {
  id: string;
  name: string;
  levels: Level[];
  /** How often it begins again at the first level. */
  loops: number;
}

export interface Service {
  id: string;
  name: string;
  policy: string;
  integration: string;
  routingKey: string;
  createdAt: number;
  /** After so many seconds an acknowledged incident is triggered again; undefined: never. */
  acknowledgementTimeout: number | undefined;
  state: 'active' | 'maintenance' | 'disabled';
}

export type IncidentStatus = 'triggered' | 'acknowledged' | 'resolved';
export type Urgency = 'high' | 'low';

/** Who did it; undefined: PagerDuty itself, by its rules. */
export type Agent = { type: 'user' | 'service' | 'integration'; id: string } | undefined;

export interface Note {
  id: string;
  /** The id of a person. */
  by: string;
  content: string;
  at: number;
}

export interface Alert {
  key: string;
  summary: string;
  status: 'triggered' | 'resolved';
}

export interface Incident {
  id: string;
  number: number;
  title: string;
  status: IncidentStatus;
  urgency: Urgency;
  /** As REST gave it; an incident that an event made has only its alerts' keys. */
  key: string | undefined;
  service: string;
  policy: string;
  /** The level of the policy it has reached, from 1; 0: assigned to people directly. */
  level: number;
  loopsLeft: number;
  assignments: { user: string; at: number }[];
  acknowledgements: { by: NonNullable<Agent>; at: number }[];
  alerts: Alert[];
  notes: Note[];
  priority: string | undefined;
  bridge: { number: string; url: string } | undefined;
  details: string | undefined;
  resolution: string | undefined;
  firstLogEntry: string;
  createdAt: number;
  updatedAt: number;
  statusChangedAt: number;
  statusChangedBy: Agent;
  resolvedAt: number | undefined;
  /** When it goes to the next level by itself. */
  escalateAt: number | undefined;
  /** When it is triggered again by itself: a snooze or the acknowledgement ends. */
  unacknowledgeAt: number | undefined;
}

export type Why = 'triggered' | 'escalated' | 'reassigned' | 'unacknowledged' | 'reopened';

/** A person's telephone rings. */
export interface Page {
  /** `oncall` */
  user: string;
  /** The incident's id. */
  incident: string;
  title: string;
  urgency: Urgency;
  /** Milliseconds, by PagerDuty's clock. */
  at: number;
  why: Why;
}
