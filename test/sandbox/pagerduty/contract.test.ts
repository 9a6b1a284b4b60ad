import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../../sandbox/pagerduty/call-log.ts';
import { type SandboxPagerDuty, startPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { announceSkip } from '../../announce-skip.ts';
import { hasPagerDutyOpenApi, validatePagerDutyAnswers, validatePagerDutyCalls } from '../../pagerduty-calls.ts';
import { ask, newIncident, open, payload, put, send } from './bench.ts';

if (!hasPagerDutyOpenApi)
  announceSkip("test/sandbox/pagerduty/contract (PagerDuty's OpenAPI)", 'PAGERDUTY_OPENAPI is not set');

let pagerDuty: SandboxPagerDuty;
beforeEach(async () => {
  pagerDuty = await startPagerDuty({ acknowledgementTimeout: 600 });
});
afterEach(() => pagerDuty.close());

const statuses = () => pagerDuty.calls().map(({ operation, status }) => `${status} ${operation}`);

describe.skipIf(!hasPagerDutyOpenApi)('by PagerDuty’s own documents', () => {
  test('every kind of request that is taken, and its answer', async () => {
    const { users, policies, serviceId, priorities } = pagerDuty;
    const id = await open(pagerDuty, {
      incident_key: 'muster-1',
      urgency: 'high',
      body: { type: 'incident_body', details: 'Namespace data-processing was deleted' },
      priority: { id: priorities.P1, type: 'priority_reference' },
      conference_bridge: { conference_number: '+1 202-555-0100', conference_url: 'https://meet.example/1' },
      escalation_policy: { id: policies.production, type: 'escalation_policy_reference' },
    });
    const assignments = [{ assignee: { id: users.dba, type: 'user_reference' } }];
    const other = await open(pagerDuty, { assignments });
    await put(pagerDuty, id, { status: 'acknowledged' });
    await ask(pagerDuty, `POST /incidents/${id}/snooze`, { duration: 3_600 });
    await put(pagerDuty, id, { escalation_level: 2 });
    await put(pagerDuty, id, { assignments, title: 'Worse', urgency: 'low' });
    await put(pagerDuty, id, { escalation_policy: { id: policies.databases, type: 'escalation_policy_reference' } });
    await ask(pagerDuty, `POST /incidents/${id}/notes`, { note: { content: 'Restoring' } });
    await ask(pagerDuty, `GET /incidents/${id}/notes`);
    await put(pagerDuty, id, { status: 'resolved', resolution: 'Restored' });
    await ask(pagerDuty, 'PUT /incidents', {
      incidents: [{ id: other, type: 'incident_reference', status: 'acknowledged' }],
    });
    await send(pagerDuty, { event_action: 'trigger', dedup_key: 'muster-2', payload });
    await send(pagerDuty, { event_action: 'acknowledge', dedup_key: 'muster-2' });
    const links = [{ href: 'https://example.com', text: 'Room' }];
    const custom_details = { namespace: 'data-processing' };
    const event = { event_action: 'trigger', client: 'Muster', client_url: 'https://example.com', links };
    await send(pagerDuty, { ...event, payload: { ...payload, custom_details, timestamp: '2026-11-26T10:00:00Z' } });
    await ask(pagerDuty, `GET /incidents/${id}`);
    const filter = `incident_key=muster-2&statuses[]=triggered&statuses[]=acknowledged&service_ids[]=${serviceId}`;
    await ask(pagerDuty, `GET /incidents?${filter}&limit=1&offset=0&total=true&date_range=all`);
    await ask(pagerDuty, 'GET /incidents');
    await ask(pagerDuty, `GET /services/${serviceId}`);
    await ask(pagerDuty, `GET /services/${serviceId}?include[]=escalation_policies`);
    await ask(pagerDuty, `GET /oncalls?escalation_policy_ids[]=${policies.production}&earliest=true&include[]=users`);
    await ask(pagerDuty, `GET /oncalls?user_ids[]=${users.lead}&include[]=escalation_policies`);
    await ask(pagerDuty, 'GET /users?query=lead&include[]=contact_methods');
    await ask(pagerDuty, `GET /users/${users.night}?include[]=contact_methods`);
    await ask(pagerDuty, `GET /users/${users.night}`);
    await ask(pagerDuty, 'GET /escalation_policies?query=prod&include[]=targets');
    await ask(pagerDuty, `GET /escalation_policies/${policies.databases}`);
    expect(statuses().filter((line) => !line.startsWith('2'))).toEqual([]);
    expect(validatePagerDutyCalls(pagerDuty.calls())).toEqual([]);
  });

  test('every kind of refusal', async () => {
    const id = await open(pagerDuty, { incident_key: 'muster-1' });
    await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty, { incident_key: 'muster-1' }));
    await ask(pagerDuty, 'POST /incidents', { incident: { type: 'incident' } });
    await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty), { from: undefined });
    await ask(pagerDuty, 'GET /incidents/Q1');
    await ask(pagerDuty, 'GET /incidents', undefined, { authorization: 'Token token=wrong' });
    await put(pagerDuty, id, { status: 'finished' });
    pagerDuty.faults.add({ kind: 'ratelimited', reset: 1, times: 2 });
    await ask(pagerDuty, 'GET /oncalls');
    await send(pagerDuty, { event_action: 'trigger', payload });
    pagerDuty.faults.add({ kind: 'error', status: 403, code: 2010, message: 'Access Denied', times: 1 });
    await ask(pagerDuty, 'GET /oncalls');
    await send(pagerDuty, { event_action: 'trigger' });
    await send(pagerDuty, 'no JSON');
    expect(
      statuses()
        .slice(1)
        .map((line) => line.slice(0, 3)),
    ).toEqual('400 400 400 404 401 400 429 429 403 400 400'.split(' '));
    expect(validatePagerDutyAnswers(pagerDuty.calls())).toEqual([]);
  });

  test.each<[string, string, unknown, RegExp]>([
    [
      'a missing field',
      'POST /incidents',
      { incident: { type: 'incident', title: 'a' } },
      /required property 'service'/,
    ],
    ['a misspelt field', 'POST /incidents', 'misspelt', /\/incident\/incidentKey is no field of it/],
    ['an unknown filter', 'GET /incidents?incidentKey=a', undefined, /incidentKey is unknown/],
    ['a wrong value of a filter', 'GET /incidents?statuses[]=open', undefined, /statuses\[\]: must be equal to one of/],
    ['what is no number', 'GET /users?limit=many', undefined, /limit: must be integer/],
    ['an unknown operation', 'GET /schedules_of_mine', undefined, /no such operation/],
  ])('a request with %s is found out', async (_name, operation, body, problem) => {
    const wrong = body === 'misspelt' ? newIncident(pagerDuty, { incidentKey: 'a' }) : body;
    await ask(pagerDuty, operation, wrong);
    expect(validatePagerDutyCalls(pagerDuty.calls()).join('\n')).toMatch(problem);
  });

  test('a missing header and a wrong answer are found out', async () => {
    await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty), { from: undefined });
    await ask(pagerDuty, 'GET /users');
    const [refused, listed] = pagerDuty.calls() as [Call, Call];
    expect(validatePagerDutyCalls([refused]).join('\n')).toMatch(/the header From is missing/);
    const lying: Call = { ...listed, done: { status: 200, body: { users: [{ id: 'P1', type: 'user' }] } } };
    expect(validatePagerDutyCalls([lying]).join('\n')).toMatch(
      /answer to GET \/users \(200\): \/users\/0 must have required/,
    );
  });
});
