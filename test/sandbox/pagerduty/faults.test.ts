import { api, event } from '@pagerduty/pdjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../../sandbox/pagerduty/faults.ts';
import { type SandboxPagerDuty, startPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { validatePagerDutyCalls } from '../../pagerduty-calls.ts';
import { ask, newIncident, open, payload, rang, send } from './bench.ts';

let pagerDuty: SandboxPagerDuty;
beforeEach(async () => {
  pagerDuty = await startPagerDuty();
});
afterEach(() => pagerDuty.close());

const create = () => ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty, { incident_key: 'a' }));
const outcome = (call: Promise<{ status: number }>) =>
  call.then(
    ({ status }) => status,
    (error: Error) => error.name,
  );
const answers = () => pagerDuty.calls().map(({ answer }) => answer);

describe('faults', () => {
  test.each<[Fault, number | string, string, number]>([
    [{ kind: 'status', code: 502 }, 'SyntaxError', 'http 502', 0],
    [{ kind: 'status-after', code: 502 }, 'SyntaxError', 'http 502', 1],
    [{ kind: 'error', status: 403, code: 2010, message: 'Access Denied' }, 403, 'Access Denied', 0],
    [{ kind: 'garbage' }, 'SyntaxError', 'garbage', 0],
    [{ kind: 'garbage-after' }, 'SyntaxError', 'garbage after', 1],
    [{ kind: 'reset' }, 'TypeError', 'dropped', 0],
    [{ kind: 'reset-after' }, 'TypeError', 'dropped after', 1],
  ])('$kind', async (fault, seen, answer, incidents) => {
    pagerDuty.faults.add({ ...fault, times: 1, match: { operation: 'POST /incidents' } });
    expect(await outcome(create())).toBe(seen);
    expect(answers()).toEqual([answer]);
    expect(pagerDuty.incidents()).toHaveLength(incidents);
    expect(pagerDuty.pages()).toHaveLength(incidents);
    // What was taken though its answer got lost is found by its key.
    expect(await outcome(create())).toBe(incidents === 0 ? 201 : 400);
    expect(pagerDuty.pages()).toHaveLength(1);
  });

  test.each<[Fault, number]>([
    [{ kind: 'hang' }, 0],
    [{ kind: 'hang-after' }, 1],
  ])('%j: the client gives up', async (fault, incidents) => {
    pagerDuty.faults.add(fault);
    const patience = new AbortController();
    const call = fetch(`${pagerDuty.eventsUrl}/v2/enqueue`, {
      method: 'POST',
      signal: patience.signal,
      body: JSON.stringify({ routing_key: pagerDuty.routingKey, event_action: 'trigger', payload }),
    });
    const given = outcome(call);
    await expect.poll(() => pagerDuty.calls()[0]?.answer, { timeout: 10_000 }).toMatch(/^hung/);
    patience.abort();
    expect(await given).toBe('AbortError');
    expect(pagerDuty.incidents()).toHaveLength(incidents);
    expect(pagerDuty.calls()).toMatchObject([{ status: undefined, answer: incidents === 0 ? 'hung' : 'hung after' }]);
  });

  test('429 with and without its headers, on either API', async () => {
    pagerDuty.faults.add({ kind: 'ratelimited', reset: 7, times: 1 });
    const limited = await create();
    expect([limited.status, limited.body, limited.headers.get('ratelimit-reset')]).toEqual([
      429,
      { error: { message: 'Rate Limit Exceeded', code: 2020 } },
      '7',
    ]);
    pagerDuty.faults.add({ kind: 'ratelimited', reset: 7, bare: true, times: 1 });
    expect((await create()).headers.has('ratelimit-reset')).toBe(false);
    pagerDuty.faults.add({ kind: 'ratelimited', reset: 7, times: 1 });
    expect(await send(pagerDuty, { event_action: 'trigger', payload })).toMatchObject({ status: 429 });
    expect(pagerDuty.pages()).toEqual([]);
  });

  test('slow', async () => {
    pagerDuty.faults.add({ kind: 'slow', ms: 120 });
    const started = performance.now();
    await create();
    expect(performance.now() - started).toBeGreaterThan(110);
  });

  test('each API down on its own, and up again on its port with all that was there', async () => {
    await open(pagerDuty);
    await pagerDuty.faults.down('rest');
    expect(await outcome(create())).toBe('TypeError');
    expect((await send(pagerDuty, { event_action: 'trigger', dedup_key: 'b', payload })).status).toBe(202);
    await pagerDuty.faults.up('rest');
    await pagerDuty.faults.down('events');
    expect(await outcome(send(pagerDuty, { event_action: 'trigger', payload }))).toBe('TypeError');
    expect(await outcome(create())).toBe(201);
    await pagerDuty.faults.down();
    expect(await outcome(create())).toBe('TypeError');
    await pagerDuty.faults.up();
    expect(pagerDuty.incidents()).toHaveLength(3);
    expect(await outcome(ask(pagerDuty, 'GET /incidents'))).toBe(200);
  });

  test('for one API, for what a body says, for a time, until removed', async () => {
    const { faults } = pagerDuty;
    const remove = faults.add({ kind: 'status', code: 500, match: { api: 'events' } });
    expect(await outcome(create())).toBe(201);
    expect(await outcome(send(pagerDuty, { event_action: 'trigger', payload }))).toBe('SyntaxError');
    remove();
    faults.add({ kind: 'status', code: 500, match: { operation: /^POST/, body: /"bad"/ } });
    expect(await outcome(send(pagerDuty, { event_action: 'trigger', payload }))).toBe(202);
    expect(await outcome(send(pagerDuty, { event_action: 'resolve', dedup_key: 'bad' }))).toBe('SyntaxError');
    faults.clear();
    faults.add({ kind: 'status', code: 500, forMs: 1 });
    await expect.poll(() => outcome(ask(pagerDuty, 'GET /users')), { timeout: 10_000 }).toBe(200);
  });
});

test('rate limits count down, and hold where they are on', async () => {
  expect((await ask(pagerDuty, 'GET /users')).headers.get('ratelimit-remaining')).toBe('959');
  pagerDuty.rateLimits.on(2);
  const codes = [];
  for (let index = 0; index < 3; index += 1) codes.push((await ask(pagerDuty, 'GET /users')).status);
  expect(codes).toEqual([200, 200, 429]);
  pagerDuty.rateLimits.off();
  expect((await ask(pagerDuty, 'GET /users')).status).toBe(200);
});

test('what happens around a call can be watched, and the call waits for the watcher', async () => {
  const seen: string[] = [];
  const stop = pagerDuty.onCall(async ({ operation, phase, status }) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    seen.push(`${phase} ${operation} ${pagerDuty.incidents().length} ${status}`);
  });
  await create();
  await send(pagerDuty, { event_action: 'resolve', dedup_key: 'a' });
  stop();
  await create();
  expect(seen).toEqual([
    'before POST /incidents 0 undefined',
    'after POST /incidents 1 201',
    'before POST /v2/enqueue 1 undefined',
    'after POST /v2/enqueue 1 202',
  ]);
});

test('calls are remembered, taken or not, without the token', async () => {
  pagerDuty.faults.add({ kind: 'reset-after', times: 1 });
  await outcome(create());
  await ask(pagerDuty, 'GET /users?query=lead&include[]=teams');
  expect(pagerDuty.calls()).toMatchObject([
    { api: 'rest', status: undefined, request: { incident: { incident_key: 'a' } }, done: { status: 201 } },
    { path: '/users', query: { query: ['lead'], 'include[]': ['teams'] }, status: 200, answer: 'ok' },
  ]);
  expect(JSON.stringify(pagerDuty.calls())).not.toContain(pagerDuty.token);
});

describe('the real client', () => {
  const client = () => api({ token: pagerDuty.token, retryTimeout: 50, requestTimeout: 0 });
  const headers = () => ({ From: pagerDuty.fromEmail });

  test('opens, acknowledges, annotates, asks who is on call', async () => {
    const pd = client();
    const created = await pd({
      url: `${pagerDuty.url}/incidents`,
      method: 'POST',
      headers: headers(),
      data: newIncident(pagerDuty, { incident_key: 'a' }),
    });
    const { id } = created.data.incident;
    const url = `${pagerDuty.url}/incidents/${id}`;
    const incident = { type: 'incident_reference', status: 'acknowledged' };
    const acknowledged = await pd({ url, method: 'PUT', headers: headers(), data: { incident } });
    const data = { note: { content: 'a' } };
    const noted = await pd({ url: `${url}/notes`, method: 'POST', headers: headers(), data });
    const filter = {
      'escalation_policy_ids[]': [pagerDuty.policies.production],
      'include[]': ['users'],
      earliest: 'true',
    };
    const turns = await pd({ url: `${pagerDuty.url}/oncalls`, method: 'GET', data: filter });
    expect([created, acknowledged, noted, turns].map(({ status }) => status)).toEqual([201, 200, 200, 200]);
    expect(turns.data.oncalls).toHaveLength(3);
    expect(rang(pagerDuty)).toEqual(['oncall triggered']);
    expect(validatePagerDutyCalls(pagerDuty.calls())).toEqual([]);
  });

  test('sees refusals, waits after 429, and rejects what is no JSON', async () => {
    const list = { url: `${pagerDuty.url}/incidents`, method: 'GET' };
    expect(await api({ token: 'wrong', ...list, requestTimeout: 0 })).toMatchObject({ status: 401 });
    pagerDuty.faults.add({ kind: 'ratelimited', reset: 1, times: 1 });
    expect(await client()(list)).toMatchObject({ status: 200 });
    pagerDuty.faults.add({ kind: 'status', code: 503, times: 1 });
    await expect(client()(list)).rejects.toMatchObject({ status: 503 });
  });

  test('its events go to an address of https only', async () => {
    const data = {
      routing_key: pagerDuty.routingKey,
      event_action: 'trigger' as const,
      payload: { ...payload, severity: 'critical' as const },
    };
    const server = new URL(pagerDuty.eventsUrl).host;
    await expect(event({ server, data, requestTimeout: 0 })).rejects.toThrow();
    expect(pagerDuty.calls()).toEqual([]);
  });
});
