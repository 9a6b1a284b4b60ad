import type { IncomingMessage, ServerResponse } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPager } from '../../src/adapters/pagerduty.ts';
import { createPagerEvents } from '../../src/adapters/pagerduty-events.ts';
import { type FaultServer, startFaultServer } from '../cluster/fault-server.ts';
import { never, order } from './pagerduty-bench.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answer: Answer;
let asked: number;
let server: FaultServer;
const trusted = getCACertificates('default');

beforeEach(async () => {
  asked = 0;
  server = await startFaultServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
});
afterEach(async () => {
  setDefaultCACertificates(trusted);
  await server.close();
});

const pageBoth = () => {
  const pager = createPager({ token: 't', serviceId: 'P1', from: 'a@b.example', apiUrl: server.url });
  const events = createPagerEvents({ routingKey: 'k'.repeat(32), eventsUrl: server.url });
  return [() => pager.trigger(order(), never), () => events.send('trigger', order(), never)];
};

describe('over TLS, as PagerDuty is', () => {
  test('a certificate that nobody vouches for: nothing was sent', async () => {
    answer = (_request, response) => response.end();
    for (const page of pageBoth()) await expect(page()).rejects.toMatchObject({ code: 'PAGER_UNREACHABLE' });
    expect(asked).toBe(0);
  });

  test('a connection that breaks once the request is there: it may have been taken', async () => {
    setDefaultCACertificates([...trusted, server.caPem]);
    answer = (request) => request.resume().once('end', () => request.socket.destroy());
    for (const page of pageBoth()) await expect(page()).rejects.toMatchObject({ code: 'PAGER_UNANSWERED' });
    expect(asked).toBe(2);
  });

  test.each([
    ['ratelimit-reset', { 'ratelimit-reset': '12', 'retry-after': '60' }, 12_000],
    ['Retry-After', { 'retry-after': '3' }, 3_000],
    ['a date, which it does not understand', { 'retry-after': 'Thu, 26 Nov 2026 18:00:00 GMT' }, undefined],
    ['nonsense', { 'ratelimit-reset': '-1e9' }, undefined],
  ])('429 with %s: asked once, not taken', async (_what, headers, retryAfterMs) => {
    setDefaultCACertificates([...trusted, server.caPem]);
    answer = (request, response) => {
      request.resume().once('end', () => response.writeHead(429, headers).end('{}'));
    };
    for (const page of pageBoth())
      await expect(page()).rejects.toMatchObject({ code: 'PAGER_UNREACHABLE', retryable: true, retryAfterMs });
    expect(asked).toBe(2);
  });

  test('an incident', async () => {
    setDefaultCACertificates([...trusted, server.caPem]);
    answer = (_request, response) => {
      const incident = { id: 'Q1', status: 'triggered', html_url: 'https://acme.pagerduty.com/incidents/Q1' };
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ incident }));
    };
    expect(await pageBoth()[0]?.()).toEqual({
      ...{ id: 'Q1', status: 'triggered', url: 'https://acme.pagerduty.com/incidents/Q1' },
    });
  });
});
