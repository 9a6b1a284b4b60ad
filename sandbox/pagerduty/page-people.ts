import { type Account, entryOf } from './account.ts';
import type { Incident, Why } from './account-types.ts';
import { onCallAt } from './on-calls.ts';

const MINUTE_MS = 60_000;

/** Rings their telephones; nobody's while the incident is acknowledged or resolved. */
function pageAssigned(account: Account, incident: Incident, why: Why): void {
  if (incident.status !== 'triggered') return;
  for (const { user } of incident.assignments) {
    const { login } = entryOf(account.people, user);
    const { id, title, urgency } = incident;
    account.pages.push({ user: login, incident: id, title, urgency, at: account.now(), why });
  }
}

/** Assigns it to these people and to nobody else, and pages them. */
export function assignPeople(account: Account, incident: Incident, people: readonly string[], why: Why): void {
  incident.level = 0;
  incident.escalateAt = undefined;
  assign(account, incident, people);
  pageAssigned(account, incident, why);
}

/** Assigns it to whoever is on call at this level of its policy, and pages them; the next level's turn comes by the clock. */
export function assignLevel(account: Account, incident: Incident, level: number, why: Why): void {
  const policy = entryOf(account.policies, incident.policy);
  incident.level = level;
  assign(account, incident, onCallAt(account, policy, level));
  planEscalation(account, incident);
  pageAssigned(account, incident, why);
}

/** Pages those who have it once more, as when an acknowledgement has run out. */
export function pageAgain(account: Account, incident: Incident, why: Why): void {
  planEscalation(account, incident);
  pageAssigned(account, incident, why);
}

/** Low urgency never escalates, nor does what was assigned to people directly. */
export function planEscalation(account: Account, incident: Incident): void {
  const delay = entryOf(account.policies, incident.policy).levels[incident.level - 1]?.delayMinutes;
  const goesOn = delay !== undefined && incident.urgency === 'high' && incident.status === 'triggered';
  incident.escalateAt = goesOn ? account.now() + delay * MINUTE_MS : undefined;
}

function assign(account: Account, incident: Incident, people: readonly string[]): void {
  const at = account.now();
  incident.assignments = people.map((user) => ({ user, at }));
  incident.updatedAt = at;
}
