import { z } from 'zod';
import type { Alert, PagerNotice, Received } from '../domain/alert.ts';
import { cleanAlert, cleanId, cleanLink, cleanText } from '../domain/clean-alert.ts';
import { incidentInTitle, isPageKey } from '../domain/incident-pages.ts';
import { defineAlertSource } from '../incident-contracts.ts';
import { Moment, readMoment } from './reading/moment.ts';
import { readJson } from './reading/read-json.ts';
import { refuseUnsigned } from './reading/read-signature.ts';

/** What is older was delivered long ago: an event says nothing of when it was signed. PagerDuty gives up within a day. ms */
const STALE_MS = 24 * 3_600_000;

const Named = z.object({ id: z.string().nullish(), type: z.string().nullish(), summary: z.string().nullish() });
const Text = z.string();

/** PagerDuty's V3 webhooks: https://developer.pagerduty.com/docs/webhooks-overview; the body is one event. */
const Payload = z.object({
  event: z.object({
    id: Text.min(1, 'must not be empty'),
    event_type: Text,
    occurred_at: Moment,
    agent: Named.nullish(),
    data: z.record(z.string(), z.unknown()).nullish(),
  }),
});

const Incident = z.object({
  id: Text.min(1, 'must not be empty'),
  html_url: Text.nullish(),
  title: Text.nullish(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  incident_key: Text.nullish(),
  created_at: Moment,
  urgency: Text.nullish(),
  service: Named.nullish(),
  priority: Named.nullish(),
  assignees: z.array(Named).nullish(),
});
type Incident = z.infer<typeof Incident>;

/** What tells of something about an incident, such as a note, has the incident inside. */
const About = z.object({
  incident: z.object({ id: Text.min(1, 'must not be empty'), html_url: Text.nullish() }),
  content: Text.nullish(),
  message: Text.nullish(),
});

const WithIncident = z.object({ event: z.object({ data: Incident }) });
const WithAbout = z.object({ event: z.object({ data: About }) });

export const source = defineAlertSource({
  name: 'pagerduty',
  summary: "PagerDuty's V3 webhooks, signed with PAGERDUTY_WEBHOOK_SECRET.",
  proof: 'body',
  refuse: refuseUnsigned,
  parse({ body, at }) {
    const read = readJson(Payload, body);
    if ('why' in read) return read;
    const { event } = read.value;
    if (!event.event_type.startsWith('incident.')) return { items: [] };
    if (at - Date.parse(event.occurred_at) > STALE_MS)
      return {
        status: 400,
        why: 'event.occurred_at: it happened more than a day ago; such an event is not taken again.',
      };
    const item = event.data?.['type'] === 'incident' ? readIncident(body, event, at) : readAbout(body, event, at);
    return 'why' in item ? item : { items: [{ item, id: `pagerduty/${cleanId(event.id)}` }] };
  },
});

type Event = z.infer<typeof Payload>['event'];
type Refused = { status: 400 | 401; why: string };

function readIncident(body: Buffer, event: Event, at: number): Received | Refused {
  const read = readJson(WithIncident, body);
  if ('why' in read) return read;
  const { data } = read.value.event;
  const key = data.incident_key ?? undefined;
  const notice: PagerNotice = {
    ...noticeOf(event, data),
    ...(key === undefined ? nameIn(data.title ?? '') : { key: cleanId(key) }),
    status: data.status,
    assignees: namesOf(data.assignees ?? []),
  };
  // A page of ours tells of an incident that is here already.
  const own = key === undefined || !isPageKey(key);
  return { kind: 'pager', at, notice, ...(own ? { alert: cleanAlert(toAlert(data, event, at)) } : {}) };
}

/** What an event has made, as our second way of paging does, has no key. */
function nameIn(title: string): { named?: string } {
  const named = incidentInTitle(title);
  return named === undefined ? {} : { named };
}

function readAbout(body: Buffer, event: Event, at: number): Received | Refused {
  const read = readJson(WithAbout, body);
  if ('why' in read) return read;
  const { incident, content, message } = read.value.event.data;
  const note = content ?? message ?? undefined;
  const notice: PagerNotice = {
    ...noticeOf(event, incident),
    ...(note === undefined ? {} : { note: cleanText(note, 2_000) }),
  };
  return { kind: 'pager', at, notice };
}

function noticeOf(event: Event, incident: { id: string; html_url?: string | null | undefined }): PagerNotice {
  const by = event.agent?.type?.startsWith('user') === true ? event.agent.summary : undefined;
  const url = incident.html_url ? cleanLink(incident.html_url) : undefined;
  return {
    ...{ id: cleanId(event.id), type: cleanText(event.event_type, 100), occurredAt: Date.parse(event.occurred_at) },
    ...{ incident: cleanId(incident.id), assignees: [] },
    ...(url === undefined ? {} : { url }),
    ...(by ? { by: cleanText(by, 200) } : {}),
  };
}

/** One of PagerDuty's own incidents, as an alert that has paged already. */
function toAlert(incident: Incident, { event_type, occurred_at }: Event, at: number): Alert {
  const { id, title, status, created_at, urgency, service, priority, html_url } = incident;
  const name = title || 'PagerDuty incident';
  const url = html_url ? { url: html_url } : {};
  const labels = {
    severity: urgency === 'low' ? 'warning' : 'high',
    ...(urgency ? { urgency } : {}),
    ...(service?.summary ? { service: service.summary } : {}),
    ...(service?.id ? { service_id: service.id } : {}),
    ...(priority?.summary ? { priority: priority.summary } : {}),
  };
  return {
    ...{ source: 'pagerduty', fingerprint: id, name, summary: name, labels, ...url },
    ...(status === 'resolved' ? { status, endsAt: Date.parse(occurred_at) } : { status: 'firing' }),
    // What is opened again fails anew.
    startsAt: readMoment(event_type === 'incident.reopened' ? occurred_at : created_at) ?? at,
    pager: { id, ...url },
  };
}

function namesOf(assignees: readonly z.infer<typeof Named>[]): string[] {
  return assignees
    .slice(0, 20)
    .flatMap(({ summary, id }) => (summary || id ? [cleanText(summary || id || '', 200)] : []));
}
