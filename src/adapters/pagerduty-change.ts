import { z } from 'zod';
import type { PagerChange } from '../incident-ports.ts';
import { errorOf, refused } from './pagerduty-errors.ts';
import { describeAssignee } from './pagerduty-incidents.ts';
import { listOnCall } from './pagerduty-people.ts';
import { type PagerRequests, type Question, readAnswer } from './pagerduty-request.ts';

const Reference = z.object({ id: z.string() });
const Incident = z.object({
  incident: z.object({
    status: z.enum(['triggered', 'acknowledged', 'resolved']),
    assignments: z.array(z.object({ assignee: Reference })).nullish(),
    escalation_policy: Reference.nullish(),
  }),
});
type Incident = z.infer<typeof Incident>['incident'];

const ALREADY_RESOLVED = 1001;
/** Nobody has the address, or it is none. */
const REQUESTER_UNKNOWN: readonly (number | undefined)[] = [1008, 1028];
/** PagerDuty's limit, in characters. */
export const LONGEST_NOTE = 10_000;

export interface Change {
  incident: string;
  change: PagerChange;
  /** The e-mail addresses in whose name, first choice first; PagerDuty need know the last only. */
  names: readonly string[];
}

/** @throws DrError as Pager does */
export async function changeIncident(requests: PagerRequests, order: Change, signal: AbortSignal): Promise<void> {
  const { change, incident } = order;
  const path = `/incidents/${encodeURIComponent(incident)}`;
  if ('note' in change) {
    const body = { note: { content: change.note.slice(0, LONGEST_NOTE) } };
    await sendAs(requests, order.names, { method: 'POST', path: `${path}/notes`, body }, signal);
    return;
  }
  const now = (await requests.read(Incident, { method: 'GET', path }, signal)).incident;
  const fields = await decideFields(requests, now, change, signal);
  if (fields === undefined) return;
  const body = { incident: { type: 'incident_reference', ...fields } };
  await sendAs(requests, order.names, { method: 'PUT', path, body }, signal, change);
}

/** What is to be sent; undefined: it is so already. */
async function decideFields(
  requests: PagerRequests,
  now: Incident,
  change: Exclude<PagerChange, { note: string }>,
  signal: AbortSignal,
): Promise<object | undefined> {
  if ('status' in change)
    // To acknowledge what is resolved would open it again.
    return now.status === 'resolved' || now.status === change.status ? undefined : { status: change.status };
  if ('reassign' in change) return has(now, change.reassign) ? undefined : describeAssignee(change.reassign);
  return { escalation_level: await nextLevel(requests, now, signal) };
}

/** To give it again to whoever has it would page them again. */
function has({ assignments }: Incident, { id, kind }: { id: string; kind: string }): boolean {
  return kind === 'user' && assignments?.length === 1 && assignments[0]?.assignee.id === id;
}

/** An incident does not tell its level, so it is the lowest at which all who have it are on call; none: before the first. */
async function nextLevel(requests: PagerRequests, now: Incident, signal: AbortSignal): Promise<number> {
  const policy = now.escalation_policy?.id;
  const onCall = policy === undefined ? [] : await listOnCall(requests, policy, signal);
  const assignees = now.assignments?.map(({ assignee }) => assignee.id) ?? [];
  const levels = [...new Set(onCall.map(({ level }) => level))];
  const isAt = (level: number) => assignees.every((id) => onCall.some((it) => it.level === level && it.id === id));
  const current = assignees.length === 0 ? 0 : (levels.find(isAt) ?? 0);
  const next = levels.find((level) => level > current);
  if (next !== undefined) return next;
  throw refused(
    'Nobody is on call above those who have been paged.',
    'Page somebody by name, or add a level to the escalation policy in PagerDuty.',
  );
}

/** In the name of the first whom PagerDuty knows. */
async function sendAs(
  requests: PagerRequests,
  names: readonly string[],
  question: Question,
  signal: AbortSignal,
  change?: PagerChange,
): Promise<void> {
  for (const [index, from] of names.entries()) {
    const answer = await requests.ask({ ...question, from }, signal);
    const { code } = errorOf(answer);
    if (answer.status === 400 && REQUESTER_UNKNOWN.includes(code) && index < names.length - 1) continue;
    // Somebody resolved it between the look and this.
    if (answer.status === 400 && code === ALREADY_RESOLVED && change !== undefined && 'status' in change) return;
    readAnswer(z.object(), question, answer);
    return;
  }
}
