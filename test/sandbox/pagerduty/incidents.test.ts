import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SandboxPagerDuty, startPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { ask, newIncident, open, payload, put, rang, send, still } from './bench.ts';

let pagerDuty: SandboxPagerDuty;
beforeEach(async () => {
  pagerDuty = await startPagerDuty(still);
});
afterEach(() => pagerDuty.close());

const DUPLICATE = {
  message: 'Arguments Caused Error',
  code: 2002,
  errors: ['Open incident with matching dedup key already exists on this service'],
};

describe('opening', () => {
  test('an incident, its urgency and number, and who has it', async () => {
    const { status, body } = await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty, { incident_key: 'a' }));
    expect(status).toBe(201);
    expect(body['incident']).toMatchObject({
      type: 'incident',
      incident_number: 1,
      incident_key: 'a',
      status: 'triggered',
      urgency: 'high',
      assigned_via: 'escalation_policy',
      assignments: [{ assignee: { id: pagerDuty.users.oncall } }],
      pending_actions: [{ type: 'escalate', at: '2026-11-26T10:05:00Z' }],
    });
    expect(rang(pagerDuty)).toEqual(['oncall triggered']);
  });

  test('an open one with the same key is refused in PagerDuty’s words; once it is resolved, not', async () => {
    const id = await open(pagerDuty, { incident_key: 'a' });
    const again = await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty, { incident_key: 'a' }));
    expect([again.status, again.body]).toEqual([400, { error: DUPLICATE }]);
    await put(pagerDuty, id, { status: 'resolved' });
    expect(await open(pagerDuty, { incident_key: 'a' })).not.toBe(id);
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'oncall triggered']);
    expect((await put(pagerDuty, id, { status: 'acknowledged' })).body.error).toEqual(DUPLICATE);
  });

  test.each<[string, object, Record<string, string | undefined>, number, number]>([
    ['no token', {}, { authorization: undefined }, 401, 2006],
    ['a bearer token', {}, { authorization: 'Bearer a' }, 401, 2006],
    ['no From', {}, { from: undefined }, 400, 2016],
    ['From that is no address', {}, { from: 'muster' }, 400, 1028],
    ['From that is nobody', {}, { from: 'nobody@sandbox.example' }, 400, 1008],
    ['no Accept', {}, { accept: 'text/html' }, 400, 2001],
    ['a form', {}, { 'content-type': 'application/x-www-form-urlencoded' }, 400, 2001],
    ['no title', { title: ' ' }, {}, 400, 2001],
    ['a wrong type', { type: 'incident_reference' }, {}, 400, 2001],
    ['a service that is no reference', { service: { id: 'PSVC001', type: 'service' } }, {}, 400, 2001],
    ['an unknown service', { service: { id: 'PNONE', type: 'service_reference' } }, {}, 404, 2100],
    ['an unknown urgency', { urgency: 'middling' }, {}, 400, 2001],
    ['an unknown priority', { priority: { id: 'PNONE', type: 'priority_reference' } }, {}, 400, 1020],
    ['details without a type', { body: { details: 'a' } }, {}, 400, 2001],
    ['an unknown policy', { escalation_policy: { id: 'PNONE', type: 'escalation_policy_reference' } }, {}, 400, 1014],
    ['an unknown person', { assignments: [{ assignee: { id: 'PNONE', type: 'user_reference' } }] }, {}, 400, 1007],
  ])('%s is refused, and nobody is paged', async (_name, more, headers, status, code) => {
    const answer = await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty, { ...more }), headers);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    expect(pagerDuty.incidents()).toEqual([]);
    expect(pagerDuty.pages()).toEqual([]);
  });

  test('no JSON, nothing at all, and a service that takes none', async () => {
    const codeOf = async (body: unknown) => (await ask(pagerDuty, 'POST /incidents', body)).body.error?.code;
    expect(await codeOf('{')).toBe(2001);
    expect(await codeOf({})).toBe(2003);
    pagerDuty.people.setService(pagerDuty.serviceId, 'disabled');
    expect(await codeOf(newIncident(pagerDuty))).toBe(2001);
    pagerDuty.revokeToken();
    expect(await codeOf(newIncident(pagerDuty))).toBe(2006);
  });
});

describe('listing', () => {
  const numbers = async (query: string) => {
    const { body } = await ask(pagerDuty, `GET /incidents?${query}`);
    return (body['incidents'] as { incident_number: number }[]).map((each) => each.incident_number);
  };

  test('by key, status, service, in pages and in either order', async () => {
    const first = await open(pagerDuty, { incident_key: 'a' });
    await open(pagerDuty, { incident_key: 'b', urgency: 'low' });
    await open(pagerDuty, { incident_key: 'c' });
    await put(pagerDuty, first, { status: 'acknowledged' });
    expect(await numbers('incident_key=b')).toEqual([2]);
    expect(await numbers('statuses[]=acknowledged&statuses[]=resolved')).toEqual([1]);
    expect(await numbers(`service_ids[]=${pagerDuty.serviceId}&urgencies[]=low`)).toEqual([2]);
    expect(await numbers('service_ids[]=PNONE')).toEqual([]);
    expect(await numbers('limit=2')).toEqual([1, 2]);
    expect(await numbers('limit=2&offset=2')).toEqual([3]);
    expect(await numbers('sort_by=created_at:desc')).toEqual([3, 2, 1]);
    const { body } = await ask(pagerDuty, 'GET /incidents?limit=2&total=true');
    expect(body).toMatchObject({ limit: 2, offset: 0, more: true, total: 3 });
    expect((await ask(pagerDuty, 'GET /incidents?limit=101')).status).toBe(400);
    expect((await ask(pagerDuty, 'GET /incidents?statuses[]=open')).body.error?.errors).toEqual([
      'Status must be a list of triggered, acknowledged, or resolved.',
    ]);
  });

  test('of the last month, unless all are asked for', async () => {
    await open(pagerDuty, { urgency: 'low' });
    pagerDuty.clock.advance(31 * 86_400_000);
    expect(await numbers('')).toEqual([]);
    expect(await numbers('date_range=all')).toEqual([1]);
    expect(await numbers('since=2026-11-26T00:00:00Z')).toEqual([1]);
  });
});

describe('changing', () => {
  test('acknowledged by whoever says so, then resolved; a second time is refused', async () => {
    const id = await open(pagerDuty);
    const { body } = await put(pagerDuty, id, { status: 'acknowledged' });
    expect(body['incident']).toMatchObject({
      status: 'acknowledged',
      acknowledgements: [{ acknowledger: { id: pagerDuty.users.muster } }],
      assignments: [{ assignee: { id: pagerDuty.users.muster } }],
    });
    const resolved = await put(pagerDuty, id, { status: 'resolved' });
    expect(resolved.body['incident']).toMatchObject({ status: 'resolved', assignments: [], acknowledgements: [] });
    expect((await put(pagerDuty, id, { status: 'resolved' })).body).toEqual({
      error: { message: 'Incident Already Resolved', code: 1001 },
    });
    expect((await put(pagerDuty, 'QNONE', { status: 'resolved' })).body).toEqual({
      error: { message: 'Not Found', code: 2100 },
    });
  });

  test('opened again: by `triggered` somebody is paged, by `acknowledged` nobody is', async () => {
    const id = await open(pagerDuty);
    await put(pagerDuty, id, { status: 'resolved' });
    await put(pagerDuty, id, { status: 'triggered' });
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'oncall reopened']);
    await put(pagerDuty, id, { status: 'resolved' });
    await put(pagerDuty, id, { status: 'acknowledged' });
    expect(pagerDuty.incident(id)).toMatchObject({ status: 'acknowledged' });
    expect(pagerDuty.pages()).toHaveLength(2);
  });

  test('many at once, or none of them', async () => {
    const [one, other] = [await open(pagerDuty), await open(pagerDuty)];
    const change = (id: string) => ({ id, type: 'incident_reference', status: 'resolved' });
    expect((await ask(pagerDuty, 'PUT /incidents', { incidents: [change(one), change('QNONE')] })).status).toBe(404);
    expect(pagerDuty.incident(one)).toMatchObject({ status: 'triggered' });
    const { body } = await ask(pagerDuty, 'PUT /incidents', { incidents: [change(one), change(other)] });
    expect(body).toMatchObject({ incidents: [{ status: 'resolved' }, { status: 'resolved' }] });
  });

  test('notes answer 200, newest first, in the name of From', async () => {
    const id = await open(pagerDuty);
    const note = (content: string) => ask(pagerDuty, `POST /incidents/${id}/notes`, { note: { content } });
    expect((await note('one')).status).toBe(200);
    await note('two');
    expect((await note(' ')).status).toBe(400);
    const { body } = await ask(pagerDuty, `GET /incidents/${id}/notes`);
    expect(body['notes']).toMatchObject([
      { content: 'two', user: { id: pagerDuty.users.muster } },
      { content: 'one', channel: { summary: 'The PagerDuty website or APIs' } },
    ]);
  });
});

describe('events', () => {
  const trigger = (key: string, more: object = {}) =>
    send(pagerDuty, { event_action: 'trigger', dedup_key: key, payload: { ...payload, ...more } });

  test('trigger, acknowledge and resolve by key; an unknown key is taken and means nothing', async () => {
    expect(await trigger('a')).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'a' },
    });
    await trigger('a');
    expect(rang(pagerDuty)).toEqual(['oncall triggered']);
    expect((await send(pagerDuty, { event_action: 'resolve', dedup_key: 'nobody' })).status).toBe(202);
    await send(pagerDuty, { event_action: 'acknowledge', dedup_key: 'a' });
    expect(pagerDuty.incident('a')).toMatchObject({ status: 'acknowledged', alert_counts: { all: 1, triggered: 1 } });
    await send(pagerDuty, { event_action: 'resolve', dedup_key: 'a' });
    expect(pagerDuty.incident('a')).toMatchObject({ status: 'resolved' });
    await trigger('a');
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'oncall triggered']);
  });

  test('both ways find each other by the key: nobody is paged twice', async () => {
    const id = await open(pagerDuty, { incident_key: 'rest first' });
    await trigger('rest first');
    expect(pagerDuty.incidents()).toHaveLength(1);
    await trigger('event first');
    const again = await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty, { incident_key: 'event first' }));
    expect(again.body.error).toEqual(DUPLICATE);
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'oncall triggered']);
    await send(pagerDuty, { event_action: 'resolve', dedup_key: 'rest first' });
    expect(pagerDuty.incident(id)).toMatchObject({ status: 'resolved' });
  });

  test('an incident that an event made has no key of its own, but is found by it', async () => {
    await trigger('a');
    const { body } = await ask(pagerDuty, 'GET /incidents?incident_key=a');
    const [incident] = body['incidents'] as object[];
    expect(incident).toMatchObject({ title: payload.summary });
    expect(incident).not.toHaveProperty('incident_key');
  });

  test('a warning is of low urgency; without a key it gets one', async () => {
    const { body } = await send(pagerDuty, { event_action: 'trigger', payload: { ...payload, severity: 'warning' } });
    expect(body.dedup_key).toMatch(/^[0-9a-z]{32}$/);
    expect(pagerDuty.incident(body.dedup_key ?? '')).toMatchObject({ urgency: 'low' });
  });

  test.each<[string, Record<string, unknown> | string, string[]]>([
    ['no JSON', 'a', ['JSON parse error']],
    [
      'a short key, and no action',
      { routing_key: 'a' },
      ["Length of 'routing_key' is incorrect (should be 32 characters)", "'event_action' is missing or blank"],
    ],
    ['an unknown key', { routing_key: 'a'.repeat(32), event_action: 'trigger', payload }, ['invalid routing key']],
    ['no payload', { event_action: 'trigger' }, ["'payload' is missing or blank"]],
    ['no dedup key', { event_action: 'resolve' }, ["'dedup_key' is missing or blank"]],
    [
      'an unknown severity',
      { event_action: 'trigger', payload: { ...payload, severity: 'bad' } },
      ["'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"],
    ],
    [
      'a long key',
      { event_action: 'resolve', dedup_key: 'a'.repeat(256) },
      ["Length of 'dedup_key' is incorrect (should be at most 255 characters)"],
    ],
  ])('%s is refused', async (_name, event, errors) => {
    const answer = await send(pagerDuty, event);
    expect([answer.status, answer.body.errors]).toEqual([400, errors]);
    expect(pagerDuty.pages()).toEqual([]);
  });
});
