import { z } from 'zod';
import type { Paged, PagedNow, PageOrder } from '../incident-ports.ts';
import { errorOf, refused, refusedBy, unreachable } from './pagerduty-errors.ts';
import { type PagerRequests, type Question, readAnswer } from './pagerduty-request.ts';

const Incident = z.object({
  id: z.string().min(1),
  html_url: z.string().nullish(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
});
const OneIncident = z.object({ incident: Incident });
const Incidents = z.object({ incidents: z.array(Incident) });

/** PagerDuty's limits, in characters. */
const LONGEST_TITLE = 1_024;
const LONGEST_DETAILS = 10_000;

/** "Arguments Caused Error": the open incident of that key is said in words beside it. */
const BAD_ARGUMENTS = 2002;

export interface Origin {
  service: string;
  /** The e-mail address of the user in whose name incidents are made. */
  from: string;
}

/** Makes the incident, or answers the open one of this key. @throws DrError as Pager does */
export async function triggerIncident(
  requests: PagerRequests,
  { service, from }: Origin,
  order: PageOrder,
  signal: AbortSignal,
): Promise<Paged> {
  const question = { method: 'POST', path: '/incidents', from, body: describeIncident(service, order) } as const;
  const answer = await requests.ask(question, signal);
  const { code, words } = errorOf(answer);
  const says = words.some((it) => /matching dedup key already exists/i.test(it));
  if (answer.status !== 400 || (!says && code !== BAD_ARGUMENTS))
    return toPaged(readAnswer(OneIncident, question, answer).incident);
  const open = { 'statuses[]': ['triggered', 'acknowledged'], 'service_ids[]': [service] };
  const found = await findIncident(requests, order.key, signal, open);
  if (found !== undefined) return found;
  throw says ? unreachable('the open incident of this key is just being closed') : refusedBy('POST /incidents', answer);
}

/** The newest of this key, of whatever age. */
export async function findIncident(
  requests: PagerRequests,
  key: string,
  signal: AbortSignal,
  only: Question['query'] = {},
): Promise<Paged | undefined> {
  // Without a key PagerDuty answers anybody's incidents.
  if (key === '') throw refused('A page has no key.', 'Report this.');
  const query = { incident_key: key, date_range: 'all', sort_by: 'created_at:desc', limit: '1', ...only };
  const { incidents } = await requests.read(Incidents, { method: 'GET', path: '/incidents', query }, signal);
  const [newest] = incidents;
  return newest === undefined ? undefined : toPaged(newest);
}

const Named = z.object({ summary: z.string().nullish(), type: z.string().nullish() }).nullish();
const Standing = Incident.extend({
  last_status_change_at: z.string(),
  last_status_change_by: Named,
  acknowledgements: z.array(z.object({ acknowledger: Named })).nullish(),
  assignments: z.array(z.object({ assignee: Named })).nullish(),
});

/** How it stands now, and who brought it there. @throws DrError as Pager does */
export async function readIncident(requests: PagerRequests, id: string, signal: AbortSignal): Promise<PagedNow> {
  const question = { method: 'GET', path: `/incidents/${encodeURIComponent(id)}` } as const;
  const { incident } = await requests.read(z.object({ incident: Standing }), question, signal);
  const acknowledger = incident.acknowledgements?.at(-1)?.acknowledger;
  const who = incident.status === 'acknowledged' ? acknowledger : incident.last_status_change_by;
  const by = who?.type?.startsWith('user') === true && incident.status !== 'triggered' ? who.summary : undefined;
  return {
    ...toPaged(incident),
    since: Date.parse(incident.last_status_change_at),
    assignees: (incident.assignments ?? []).flatMap(({ assignee }) => assignee?.summary ?? []),
    ...(by == null ? {} : { by }),
  };
}

function describeIncident(service: string, { key, title, details, urgency, to, url }: PageOrder): object {
  const more = url === undefined ? details : `${url}\n\n${details}`;
  return {
    incident: {
      type: 'incident',
      title: title.slice(0, LONGEST_TITLE),
      service: { id: service, type: 'service_reference' },
      ...{ urgency, incident_key: key },
      body: { type: 'incident_body', details: more.slice(0, LONGEST_DETAILS) },
      ...(to === undefined ? {} : describeAssignee(to)),
    },
  };
}

/** As both making and changing an incident say whom it is given to. */
export function describeAssignee({ id, kind }: NonNullable<PageOrder['to']>): object {
  return kind === 'user'
    ? { assignments: [{ assignee: { id, type: 'user_reference' } }] }
    : { escalation_policy: { id, type: 'escalation_policy_reference' } };
}

function toPaged({ id, html_url, status }: z.infer<typeof Incident>): Paged {
  return { id, status, ...(html_url == null ? {} : { url: html_url }) };
}
