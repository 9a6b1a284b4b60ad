import { type Account, entryOf, type Happening, hasKey, type IncidentEventType, isOpen } from './account.ts';
import type { Agent, Incident, IncidentStatus } from './account-types.ts';
import { ApiError, badArguments, DUPLICATE, invalidInput } from './api-error.ts';
import { shortId } from './make-id.ts';
import { nextManned } from './on-calls.ts';
import { assignLevel, assignPeople, pageAgain } from './page-people.ts';

/** Who does it, and with what. */
export interface Act {
  agent: Agent;
  client: Happening['client'];
}

const SECOND_MS = 1_000;
const LONGEST_SNOOZE_S = 604_800;

function setStatus(account: Account, incident: Incident, status: IncidentStatus, { agent }: Act): void {
  const now = account.now();
  incident.status = status;
  incident.statusChangedAt = now;
  incident.statusChangedBy = agent;
  incident.updatedAt = now;
  incident.unacknowledgeAt = undefined;
  if (status !== 'triggered') incident.escalateAt = undefined;
  if (status !== 'acknowledged') incident.acknowledgements = [];
  incident.resolvedAt = status === 'resolved' ? now : undefined;
}

function tell(account: Account, type: IncidentEventType, incident: Incident, act: Act): void {
  account.happen({ type, incident, ...act });
}

/** Stops the paging. Whoever acknowledges has it from then on; a resolved incident is opened again by it, as documented. */
export function acknowledge(account: Account, incident: Incident, act: Act): void {
  const { agent } = act;
  if (agent === undefined) throw new Error('somebody acknowledges');
  const known = incident.acknowledgements.some(({ by }) => by.id === agent.id);
  if (known) return;
  const wasOpen = isOpen(incident);
  if (!wasOpen) refuseSecond(account, incident);
  const at = account.now();
  if (incident.status !== 'acknowledged') setStatus(account, incident, 'acknowledged', act);
  incident.acknowledgements.push({ by: agent, at });
  if (agent.type === 'user') incident.assignments = incident.acknowledgements.flatMap(assignmentOf);
  incident.updatedAt = at;
  const limit = entryOf(account.services, incident.service).acknowledgementTimeout;
  if (limit !== undefined) incident.unacknowledgeAt = at + limit * SECOND_MS;
  if (!wasOpen) tell(account, 'reopened', incident, act);
  tell(account, 'acknowledged', incident, act);
}

const assignmentOf = ({ by, at }: Incident['acknowledgements'][number]) =>
  by.type === 'user' ? [{ user: by.id, at }] : [];

export function resolve(account: Account, incident: Incident, act: Act, resolution?: string): void {
  if (!isOpen(incident)) throw new ApiError(400, 1001, 'Incident Already Resolved');
  setStatus(account, incident, 'resolved', act);
  incident.assignments = [];
  incident.resolution = resolution;
  for (const alert of incident.alerts) alert.status = 'resolved';
  tell(account, 'resolved', incident, act);
}

function refuseSecond(account: Account, incident: Incident): void {
  for (const other of account.incidents.values())
    if (other !== incident && other.service === incident.service && isOpen(other))
      if (incident.key !== undefined && hasKey(other, incident.key)) throw badArguments(DUPLICATE);
}

/** Opens it again, and pages those on call at the first level, or these people. */
export function reopen(account: Account, incident: Incident, act: Act, people?: readonly string[]): void {
  if (isOpen(incident)) throw new ApiError(400, 1003, 'Invalid Status Provided');
  refuseSecond(account, incident);
  const policy = entryOf(account.policies, incident.policy);
  setStatus(account, incident, 'triggered', act);
  incident.loopsLeft = policy.loops;
  if (people === undefined) assignLevel(account, incident, nextManned(account, policy, 1) ?? 1, 'reopened');
  else assignPeople(account, incident, people, 'reopened');
  tell(account, 'reopened', incident, act);
}

/** A snooze or an acknowledgement has run out. */
export function unacknowledge(account: Account, incident: Incident): void {
  const act: Act = { agent: undefined, client: undefined };
  setStatus(account, incident, 'triggered', act);
  pageAgain(account, incident, 'unacknowledged');
  tell(account, 'unacknowledged', incident, act);
}

function refuseResolved(incident: Incident): void {
  if (!isOpen(incident)) throw new ApiError(400, 1001, 'Incident Already Resolved');
}

/** Goes to this level; what was acknowledged is triggered again by it. */
export function escalate(account: Account, incident: Incident, level: number, act: Act): void {
  refuseResolved(incident);
  const policy = entryOf(account.policies, incident.policy);
  const reached = nextManned(account, policy, level);
  if (level < 1 || reached === undefined) throw new ApiError(400, 1006, 'Cannot Escalate');
  if (incident.status === 'acknowledged') setStatus(account, incident, 'triggered', act);
  assignLevel(account, incident, reached, 'escalated');
  tell(account, 'escalated', incident, act);
}

/** Gives it to these people; what was acknowledged is triggered again by it. */
export function reassign(account: Account, incident: Incident, people: readonly string[], act: Act): void {
  refuseResolved(incident);
  if (people.length === 0) throw invalidInput('Assignments cannot be empty');
  if (incident.status === 'acknowledged') setStatus(account, incident, 'triggered', act);
  assignPeople(account, incident, people, 'reassigned');
  tell(account, 'reassigned', incident, act);
}

/** Gives it to another escalation policy. */
export function delegate(account: Account, incident: Incident, policyId: string, act: Act): void {
  refuseResolved(incident);
  const policy = account.policies.get(policyId);
  if (policy === undefined) throw new ApiError(400, 1014, 'Escalation Policy Not Found');
  const level = nextManned(account, policy, 1);
  if (level === undefined) throw new ApiError(400, 1015, 'Escalation Policy Has No User On Call');
  if (incident.status === 'acknowledged') setStatus(account, incident, 'triggered', act);
  incident.policy = policy.id;
  incident.loopsLeft = policy.loops;
  assignLevel(account, incident, level, 'reassigned');
  tell(account, 'delegated', incident, act);
}

export function annotate(account: Account, incident: Incident, by: string, content: string, act: Act) {
  const note = { id: shortId(), by, content, at: account.now() };
  incident.notes.push(note);
  incident.updatedAt = note.at;
  account.happen({ type: 'annotated', incident, ...act, note: { id: note.id, content } });
  return note;
}

/** Acknowledged for so many seconds from now. */
export function snooze(account: Account, incident: Incident, seconds: number): void {
  refuseResolved(incident);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_SNOOZE_S)
    throw new ApiError(400, 1013, 'Snooze Duration is Invalid');
  if (incident.status !== 'acknowledged') throw new ApiError(400, 1012, 'Incident is not Acknowledged');
  incident.unacknowledgeAt = account.now() + seconds * SECOND_MS;
  incident.updatedAt = account.now();
}

/** The same, by the clock: to the next level, to the first one again, or no further. */
export function escalateByItself(account: Account, incident: Incident): void {
  const policy = entryOf(account.policies, incident.policy);
  incident.escalateAt = undefined;
  let level = nextManned(account, policy, incident.level + 1);
  if (level === undefined && incident.loopsLeft > 0) {
    incident.loopsLeft -= 1;
    level = nextManned(account, policy, 1);
  }
  if (level !== undefined) escalate(account, incident, level, { agent: undefined, client: undefined });
}

/** When the next thing happens to any incident by itself. */
export function nextDue({ incidents }: Account): number | undefined {
  const times = [...incidents.values()].flatMap(({ escalateAt, unacknowledgeAt }) => [escalateAt, unacknowledgeAt]);
  return times.reduce((first, at) => (first === undefined || (at !== undefined && at < first) ? at : first), undefined);
}

/** Does what is due at exactly this time. */
export function doDue(account: Account, at: number): void {
  for (const incident of account.incidents.values()) {
    if (incident.unacknowledgeAt === at) unacknowledge(account, incident);
    else if (incident.escalateAt === at) escalateByItself(account, incident);
  }
}
