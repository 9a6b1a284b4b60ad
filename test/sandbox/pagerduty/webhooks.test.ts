import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SandboxPagerDuty, startPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { ask, open, payload, put, type Receiver, send, startReceiver } from './bench.ts';

let bot: Receiver;
let pagerDuty: SandboxPagerDuty;
beforeEach(async () => {
  bot = await startReceiver();
  pagerDuty = await startPagerDuty({ webhookUrl: bot.url, retryDelaysMs: [10] });
});
afterEach(async () => {
  await pagerDuty.close();
  await bot.close();
});

const eventOf = (index: number) => JSON.parse(bot.received[index]?.body ?? '{}').event;
const sign = (secret: string, body: string) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('what is sent', () => {
  test('every change of an incident, in order', async () => {
    const id = await open(pagerDuty);
    await put(pagerDuty, id, { status: 'acknowledged' });
    pagerDuty.people.escalate('oncall', id);
    pagerDuty.people.reassign('lead', id, 'dba');
    pagerDuty.people.note('dba', id, 'Looking');
    pagerDuty.people.resolve('dba', id);
    pagerDuty.people.reopen('lead', id);
    pagerDuty.people.acknowledge('lead', id);
    pagerDuty.people.snooze('lead', id, 60);
    pagerDuty.clock.advance(60_000);
    await put(pagerDuty, id, { priority: 'P1' });
    await pagerDuty.webhooks.settled();
    expect(bot.types().map((type) => type.replace('incident.', ''))).toEqual(
      'triggered acknowledged escalated reassigned annotated resolved reopened acknowledged unacknowledged priority_updated'.split(
        ' ',
      ),
    );
  });

  test('as PagerDuty writes it: number, agent, time, resource', async () => {
    const id = await open(pagerDuty, { incident_key: 'a' });
    pagerDuty.people.acknowledge('oncall', id);
    pagerDuty.people.note('oncall', id, 'Looking');
    await pagerDuty.webhooks.settled();
    expect(eventOf(1)).toMatchObject({
      id: expect.stringMatching(/^01[0-9A-Z]{24}$/),
      event_type: 'incident.acknowledged',
      resource_type: 'incident',
      occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      agent: { id: pagerDuty.users.oncall, type: 'user_reference', summary: 'Olive On-call' },
      client: null,
      data: { id, type: 'incident', number: 1, status: 'acknowledged', incident_key: 'a', priority: null },
    });
    expect(eventOf(1).data.assignees).toMatchObject([{ id: pagerDuty.users.oncall }]);
    expect(eventOf(1).data).not.toHaveProperty('incident_number');
    expect(eventOf(2).data).toMatchObject({ type: 'incident_note', content: 'Looking', incident: { id } });
  });

  test('of an event: the integration, the client, and no key', async () => {
    await send(pagerDuty, { event_action: 'trigger', dedup_key: 'a', payload, client: 'Muster' });
    await pagerDuty.webhooks.settled();
    expect(eventOf(0)).toMatchObject({
      agent: { type: 'inbound_integration_reference' },
      client: { name: 'Muster' },
      data: { incident_key: null },
    });
  });

  test('by itself: nobody did it', async () => {
    await open(pagerDuty);
    pagerDuty.clock.advance(5 * 60_000);
    await pagerDuty.webhooks.settled();
    expect(eventOf(1)).toMatchObject({ event_type: 'incident.escalated', agent: null });
  });

  test('a ping', async () => {
    await pagerDuty.webhooks.ping();
    expect(eventOf(0)).toMatchObject({ event_type: 'pagey.ping', resource_type: 'pagey', data: { type: 'ping' } });
  });
});

describe('signatures', () => {
  test('over the very bytes, one for each secret that is good', async () => {
    const second = pagerDuty.webhooks.addSecret();
    await pagerDuty.webhooks.ping();
    pagerDuty.webhooks.dropSecret(pagerDuty.webhookSecret);
    await pagerDuty.webhooks.ping();
    const [both, last] = bot.received;
    const first = pagerDuty.webhookSecret;
    expect(both?.headers['x-pagerduty-signature']).toBe(
      `${sign(first, both?.body ?? '')},${sign(second, both?.body ?? '')}`,
    );
    expect(last?.headers).toMatchObject({
      'x-pagerduty-signature': sign(second, last?.body ?? ''),
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-webhook-subscription': expect.any(String),
    });
  });

  test('forged: another secret, none, other bytes', async () => {
    await pagerDuty.webhooks.ping();
    const [{ id } = { id: '' }] = pagerDuty.webhooks.log();
    await pagerDuty.webhooks.forge(id, { secrets: ['wrong'] });
    await pagerDuty.webhooks.forge(id, { secrets: [] });
    await pagerDuty.webhooks.forge(id, { secrets: [pagerDuty.webhookSecret], body: '{"event":{}}' });
    const [real, wrong, none, other] = bot.received;
    expect(wrong?.headers['x-pagerduty-signature']).toBe(sign('wrong', real?.body ?? ''));
    expect(none?.headers).not.toHaveProperty('x-pagerduty-signature');
    expect(other?.body).toBe('{"event":{}}');
  });
});

describe('delivery', () => {
  test('tried again after 5xx, 429 and silence, under the same id; later ones of that incident wait', async () => {
    const answers: (number | undefined)[] = [503, 429, undefined, 202];
    bot.answer = () => (answers.length > 0 ? answers.shift() : 202);
    const hasty = await startPagerDuty({ webhookUrl: bot.url, retryDelaysMs: [10], webhookTimeoutMs: 1_500 });
    const id = await open(hasty);
    hasty.people.acknowledge('oncall', id);
    await hasty.webhooks.settled();
    expect(bot.types()).toEqual([...Array(4).fill('incident.triggered'), 'incident.acknowledged']);
    expect(new Set(bot.received.slice(0, 4).map(({ headers }) => headers['x-webhook-id'])).size).toBe(1);
    const [first, second] = hasty.webhooks.log();
    expect(first?.attempts.map(({ status }) => status)).toEqual([503, 429, undefined, 202]);
    expect([first?.outcome, second?.outcome]).toEqual(['delivered', 'delivered']);
    await hasty.close();
  });

  test('another 4xx drops it at once', async () => {
    bot.answer = () => 400;
    await pagerDuty.webhooks.ping();
    expect(pagerDuty.webhooks.log()).toMatchObject([{ outcome: 'dropped', attempts: [{ status: 400 }] }]);
  });

  test('late, twice, out of order', async () => {
    pagerDuty.webhooks.hold();
    const id = await open(pagerDuty);
    pagerDuty.people.acknowledge('oncall', id);
    pagerDuty.people.resolve('oncall', id);
    expect(bot.received).toEqual([]);
    expect(pagerDuty.webhooks.log().map(({ outcome }) => outcome)).toEqual(['held', 'held', 'held']);
    await pagerDuty.webhooks.release({ order: 'reversed', twice: true });
    expect(bot.types().map((type) => type.replace('incident.', ''))).toEqual(
      'resolved resolved acknowledged acknowledged triggered triggered'.split(' '),
    );
    pagerDuty.people.reopen('lead', id);
    await pagerDuty.webhooks.settled();
    expect(bot.types().at(-1)).toBe('incident.reopened');
  });

  test('in any order that a test thinks of', async () => {
    pagerDuty.webhooks.hold();
    const id = await open(pagerDuty);
    pagerDuty.people.note('lead', id, 'a');
    pagerDuty.people.resolve('lead', id);
    await pagerDuty.webhooks.release({
      order: (held) => held.filter(({ event }) => event.type !== 'incident.annotated'),
    });
    expect(bot.types()).toEqual(['incident.triggered', 'incident.resolved']);
  });

  test('not at all, and again by hand', async () => {
    pagerDuty.webhooks.lose();
    const id = await open(pagerDuty);
    await pagerDuty.webhooks.settled();
    pagerDuty.webhooks.resume();
    pagerDuty.people.resolve('lead', id);
    await pagerDuty.webhooks.settled();
    expect(bot.types()).toEqual(['incident.resolved']);
    const [lost] = pagerDuty.webhooks.log();
    expect(await pagerDuty.webhooks.redeliver(lost?.id ?? '')).toMatchObject({ status: 202 });
    expect(bot.types()).toEqual(['incident.resolved', 'incident.triggered']);
  });

  test('what the bot does while a webhook waits is still taken', async () => {
    bot.answer = () => undefined;
    const id = await open(pagerDuty);
    expect((await ask(pagerDuty, `GET /incidents/${id}`)).status).toBe(200);
  });
});
