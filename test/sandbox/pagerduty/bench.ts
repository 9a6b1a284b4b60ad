import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type PagerDutyOptions,
  type SandboxPagerDuty,
  startPagerDuty,
} from '../../../sandbox/pagerduty/start-pagerduty.ts';

export interface Answered {
  status: number;
  body: Record<string, unknown> & { error?: { code: number; message: string; errors?: string[] } };
  headers: Headers;
}

/** Asks as a careful client does; `headers` replace its own, undefined takes one away. */
export async function ask(
  pagerDuty: SandboxPagerDuty,
  operation: string,
  body?: unknown,
  headers: Record<string, string | undefined> = {},
): Promise<Answered> {
  const [method = 'GET', path = '/'] = operation.split(' ');
  const all = {
    accept: 'application/vnd.pagerduty+json;version=2',
    'content-type': 'application/json',
    authorization: `Token token=${pagerDuty.token}`,
    ...(method === 'GET' ? {} : { from: pagerDuty.fromEmail }),
    ...headers,
  };
  const given = Object.entries(all).filter((each): each is [string, string] => each[1] !== undefined);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${pagerDuty.url}${path}`, {
    method,
    headers: given,
    // As bytes, so that fetch adds no content type of its own.
    ...(body === undefined ? {} : { body: new TextEncoder().encode(text) }),
  });
  return { status: response.status, body: (await response.json()) as Answered['body'], headers: response.headers };
}

export interface EventAnswer {
  status: number;
  body: { status: string; message: string; dedup_key?: string; errors?: string[] };
}

/** Sends an event; `routing_key` is there unless it is given. */
export async function send(pagerDuty: SandboxPagerDuty, event: Record<string, unknown> | string): Promise<EventAnswer> {
  const body = typeof event === 'string' ? event : JSON.stringify({ routing_key: pagerDuty.routingKey, ...event });
  const response = await fetch(`${pagerDuty.eventsUrl}/v2/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, body: (await response.json()) as EventAnswer['body'] };
}

export const payload = { summary: 'ClickHouse is gone', source: 'muster', severity: 'critical' };

/** The body of an incident's creation. */
export function newIncident(pagerDuty: SandboxPagerDuty, more: Record<string, unknown> = {}) {
  const service = { id: pagerDuty.serviceId, type: 'service_reference' };
  return { incident: { type: 'incident', title: 'ClickHouse is gone', service, ...more } };
}

/** Opens one; answers its id. */
export async function open(pagerDuty: SandboxPagerDuty, more: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await ask(pagerDuty, 'POST /incidents', newIncident(pagerDuty, more));
  if (status !== 201) throw new Error(JSON.stringify(body));
  return (body as { incident: { id: string } }).incident.id;
}

export const put = (pagerDuty: SandboxPagerDuty, id: string, changes: Record<string, unknown>) =>
  ask(pagerDuty, `PUT /incidents/${id}`, { incident: { type: 'incident_reference', ...changes } });

/** Who was paged, and why, oldest first. */
export const rang = (pagerDuty: SandboxPagerDuty): string[] =>
  pagerDuty.pages().map(({ user, why }) => `${user} ${why}`);

export interface Received {
  headers: IncomingMessage['headers'];
  body: string;
  type: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  types(): string[];
  /** How it answers from now on: a code; undefined: not at all. */
  answer: (received: Received) => number | undefined;
  close(): Promise<void>;
}

/** A bot that is nothing but an HTTP server: what arrives is kept, the answer is up to the test. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    received: [],
    types: () => receiver.received.map(({ type }) => type),
    answer: () => 202,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { event } = JSON.parse(body) as { event: { event_type: string } };
      const got = { headers: request.headers, body, type: event.event_type };
      receiver.received.push(got);
      const status = receiver.answer(got);
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/pagerduty`;
  return receiver;
}

/** A clock that stands still until PagerDuty's own is moved on. */
export const still: PagerDutyOptions = { now: () => Date.parse('2026-11-26T10:00:00Z') };
export { startPagerDuty };
