import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type HttpServer, startHttp } from '../../src/adapters/http.ts';
import { createSlack, type Slack } from '../../src/adapters/slack.ts';
import type { AnswerDelivery, Delivery } from '../../src/domain/delivery.ts';
import { type SlackBench, startSlackBench } from './slack-bench.ts';

export const SECRET = 'signing-secret';
const TOKEN = 'xoxb-very-secret-token';

export interface LogLine {
  level: string;
  message: string;
  [fact: string]: unknown;
}

export interface SlackWorld {
  bench: SlackBench;
  slack: Slack;
  http: HttpServer;
  log: LogLine[];
  deliveries: Delivery[];
  /** What the callback does from now on. */
  answer: AnswerDelivery;
}

/** Muster's side of Slack on a real port, a programmable Slack on the other; no line of its log may hold a token. */
export function useSlackWorld(): SlackWorld {
  const world = {} as SlackWorld;
  beforeEach(async () => {
    world.bench = await startSlackBench();
    world.log = [];
    world.deliveries = [];
    world.answer = async () => ({ text: 'Recorded.', recorded: true });
    Object.assign(world, await openSlack(world, world.bench.url));
  });
  afterEach(async () => {
    await closeSlack(world);
    await world.bench.close();
    expect(JSON.stringify(world.log)).not.toMatch(new RegExp(`${TOKEN}|${SECRET}|/actions/secret`));
  });
  return world;
}

export async function openSlack(world: SlackWorld, apiUrl: string): Promise<Pick<SlackWorld, 'slack' | 'http'>> {
  const write = (level: string) => (facts: object, message: string) =>
    void world.log.push({ level, message, ...facts });
  const slack = createSlack({
    botToken: TOKEN,
    way: { signingSecret: SECRET },
    apiUrl,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    answer: (delivery, signal) => {
      world.deliveries.push(delivery);
      return world.answer(delivery, signal);
    },
  });
  const http = await startHttp('127.0.0.1', 0, slack.routes, (error) => void write('error')({ error }, 'HTTP'));
  return { slack, http };
}

export async function closeSlack({ slack, http }: SlackWorld): Promise<void> {
  await slack.close();
  await http.close();
}

export const patient = () => AbortSignal.timeout(15_000);

/** The moment that Slack has told who we are. */
export async function awaitIdentity({ log }: SlackWorld): Promise<void> {
  await vi.waitFor(() => expect(log.map(({ message }) => message)).toContain('Slack answers'), 5_000);
}

const FORM = 'application/x-www-form-urlencoded';

export function sign(body: string, at = Math.floor(Date.now() / 1_000), secret = SECRET): Record<string, string> {
  const mac = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${mac}` };
}

interface Sent {
  status: number;
  body: string;
  /** How long the answer took, ms. */
  ms: number;
}

export async function send({ http }: SlackWorld, body: string, headers: Record<string, string> = {}): Promise<Sent> {
  const began = performance.now();
  const type = body.startsWith('{') ? 'application/json' : FORM;
  const response = await fetch(`http://127.0.0.1:${http.port}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': type, ...sign(body), ...headers },
    body,
  });
  return { status: response.status, body: await response.text(), ms: performance.now() - began };
}

export function commandBody({ bench }: SlackWorld, text: string, fields: Record<string, string> = {}): string {
  return new URLSearchParams({
    ...{
      command: '/dr',
      text,
      trigger_id: '1.2.abc',
      team_id: 'T1',
      user_id: 'U1',
      user_name: 'ann',
      channel_id: 'C1',
    },
    ...{ api_app_id: 'A1', response_url: `http://127.0.0.1:${bench.port}/actions/secret` },
    ...fields,
  }).toString();
}

export function interactiveBody(payload: Record<string, unknown>): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

export function buttonPayload({ bench }: SlackWorld, value: string): Record<string, unknown> {
  return {
    type: 'block_actions',
    ...{
      trigger_id: '1.2.def',
      team: { id: 'T1', domain: 'acme' },
      user: { id: 'U1', username: 'ann', team_id: 'T1' },
    },
    container: { type: 'message', message_ts: '17.1', channel_id: 'C1', is_ephemeral: false },
    channel: { id: 'C1', name: 'ops' },
    response_url: `http://127.0.0.1:${bench.port}/actions/secret`,
    actions: [{ type: 'button', action_id: 'dr.approve', block_id: 'b', value, action_ts: '18.1' }],
  };
}

export function eventBody(event: Record<string, unknown>, id = 'Ev1'): string {
  return JSON.stringify({
    type: 'event_callback',
    team_id: 'T1',
    api_app_id: 'A1',
    event_id: id,
    event_time: 1,
    event,
  });
}
