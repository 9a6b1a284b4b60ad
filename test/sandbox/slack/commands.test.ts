import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, outcome, type Receiver, startBench, startReceiver } from './client.ts';

let bench: Bench;
let app: Receiver;
beforeEach(async () => {
  app = await startReceiver();
  bench = await startBench({ botUrl: app.url, ackMs: 1_000, triggerMs: 1_500 });
});
afterEach(async () => {
  await bench.close();
  await app.close();
});

const run = (text = 'status', user = 'oncall') => bench.slack.deliver.command(user, 'incidents', '/dr', text);
const fields = (index = 0) => Object.fromEntries(new URLSearchParams(app.received[index]?.body ?? ''));
const seen = (user = 'oncall') => bench.slack.ephemerals(user).map(({ message }) => message.text);

function isSigned(index = 0): boolean {
  const { headers, body } = app.received[index] ?? { headers: {}, body: '' };
  const base = `v0:${String(headers['x-slack-request-timestamp'])}:${body}`;
  const expected = createHmac('sha256', bench.slack.signingSecret).update(base).digest('hex');
  return headers['x-slack-signature'] === `v0=${expected}`;
}

describe('a slash command', () => {
  test('arrives as Slack sends it', async () => {
    const { slack } = bench;
    const delivery = await run('role commander @lead & @dr-leads in #random https://a.example/x <b>');
    expect(delivery).toMatchObject({ status: 200, body: '', error: undefined });
    expect(isSigned()).toBe(true);
    expect(app.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(fields()).toEqual({
      token: expect.stringMatching(/^\w{32}$/),
      team_id: slack.team.id,
      team_domain: 'sandbox',
      channel_id: slack.channels.incidents,
      channel_name: 'incidents',
      user_id: slack.users.oncall,
      user_name: 'oncall',
      command: '/dr',
      text: 'role commander <@U0LEAD00001|lead> &amp; <!subteam^S0DRLEADS01|@dr-leads> in <#C0RANDOM001|random> <https://a.example/x> &lt;b&gt;',
      api_app_id: slack.appId,
      is_enterprise_install: 'false',
      response_url: expect.stringContaining('/commands/'),
      trigger_id: delivery.triggerId,
    });
    expect(seen()).toEqual([]);
  });

  test.each<[string, { json?: unknown; text?: string }, string]>([
    ['text', { text: 'Looking.' }, 'Looking.'],
    ['JSON', { json: { text: 'Looking.' } }, 'Looking.'],
    ['blocks', { json: { text: 'Looking.', blocks: [{ type: 'divider' }] } }, 'Looking.'],
  ])('is acknowledged with %s, which only that person sees', async (_name, ack, text) => {
    app.answer = () => ack;
    await run();
    expect(seen()).toEqual([text]);
    expect(seen('lead')).toEqual([]);
    expect(bench.slack.posted()).toMatchObject([{ how: 'ack', message: { text } }]);
    expect(bench.slack.violations()).toEqual([]);
  });

  test('an acknowledgement for the channel shows the command too', async () => {
    app.answer = () => ({ json: { response_type: 'in_channel', text: 'Here.' } });
    await run('help');
    const texts = bench.slack
      .channel('incidents')
      .messages()
      .map(({ text }) => text);
    expect(texts).toEqual(['/dr help', 'Here.']);
  });

  test('an acknowledgement that Slack would refuse is a violation', async () => {
    app.answer = () => ({ json: { text: 'a', blocks: [{ type: 'nonsense' }] } });
    await run();
    expect(bench.slack.violations()).toEqual(['ack of /dr: invalid_blocks']);
    expect(seen()).toEqual(['/dr failed with the error "invalid_command_response"']);
  });

  test('no answer within the time, a refusal, nobody there', async () => {
    app.answer = undefined;
    const late = await run();
    expect(late).toMatchObject({ status: undefined, error: 'operation_timeout' });
    expect(late.tookMs).toBeGreaterThanOrEqual(990);
    app.answer = () => ({ status: 500 });
    expect(await run()).toMatchObject({ status: 500, error: 'dispatch_failed' });
    await app.close();
    expect(await run()).toMatchObject({ status: undefined, error: 'dispatch_failed' });
    expect(seen()).toEqual([
      '/dr failed with the error "operation_timeout"',
      '/dr failed with the error "dispatch_failed"',
      '/dr failed with the error "dispatch_failed"',
    ]);
  });

  test('is typed by somebody who is in that channel', async () => {
    bench.slack.people.leave({ user: 'dba', channel: 'incidents' });
    await expect(run('status', 'dba')).rejects.toThrow('dba is not in incidents');
    await expect(run('status', 'nobody')).rejects.toThrow('there is no user nobody');
  });

  test('again: the same body, signed afresh; and forged', async () => {
    const { deliver } = bench.slack;
    const { deliveryId } = await run();
    await deliver.redeliver(deliveryId);
    expect(app.received[1]?.body).toBe(app.received[0]?.body);
    expect(app.received[1]?.headers).not.toHaveProperty('x-slack-retry-num');
    expect(isSigned(1)).toBe(true);
    await deliver.forge(deliveryId, { secret: 'guessed' });
    expect(isSigned(2)).toBe(false);
    await deliver.forge(deliveryId, { unsigned: true });
    expect(app.received[3]?.headers).not.toHaveProperty('x-slack-signature');
    await deliver.forge(deliveryId, { ageSeconds: 600 });
    expect(isSigned(4)).toBe(true);
    expect(Number(app.received[4]?.headers['x-slack-request-timestamp'])).toBeLessThan(Date.now() / 1_000 - 590);
    await expect(deliver.redeliver('delivery-none')).rejects.toThrow('there was no delivery');
  });
});

describe('a trigger', () => {
  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Why' }, blocks: [] };

  test('opens one modal, within its time', async () => {
    const { client } = bench;
    const open = (trigger = '') => outcome(client.views.open({ trigger_id: trigger, view }));
    const { triggerId } = await run();
    expect(await open('1.2.none')).toBe('invalid_trigger_id');
    expect(await open(triggerId)).toBe('ok');
    expect(await open(triggerId)).toBe('exchanged_trigger_id');
    const late = await run();
    await new Promise((resolve) => setTimeout(resolve, 1_520));
    expect(await open(late.triggerId)).toBe('expired_trigger_id');
  });
});

describe('a response URL', () => {
  const respond = async (url: string, body: object) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return `${response.status} ${await response.text()}`;
  };

  test('takes five answers', async () => {
    await run();
    const url = fields()['response_url'] ?? '';
    expect(await respond(url, { text: 'a', blocks: [{ type: 'nonsense' }] })).toBe('400 invalid_blocks');
    expect(await respond(url, { text: 'one' })).toBe('200 ok');
    expect(await respond(url, { text: 'two', response_type: 'in_channel' })).toBe('200 ok');
    for (let index = 0; index < 3; index += 1) await respond(url, { text: 'more' });
    expect(await respond(url, { text: 'six' })).toBe('404 used_url');
    expect(seen()).toEqual(['one', 'more', 'more', 'more']);
    expect(bench.slack.channel('incidents').messages()).toMatchObject([{ text: 'two' }]);
    expect(bench.slack.violations()).toEqual(['response_url: invalid_blocks']);
    expect(bench.slack.calls().map(({ method }) => method)).toEqual(Array(7).fill('response_url'));
  });

  test('lives half an hour', async () => {
    let shift = 0;
    const moved = await startBench({ botUrl: app.url, now: () => Date.now() + shift });
    await moved.slack.deliver.command('oncall', 'incidents', '/dr', 'status');
    const url = fields()['response_url'] ?? '';
    shift = 30 * 60_000 + 1_000;
    expect(await respond(url, { text: 'late' })).toBe('404 expired_url');
    expect(await respond(`${url}x`, { text: 'guessed' })).toBe('404 no_team');
    await moved.close();
  });
});

describe('events', () => {
  test('arrive in their envelope, once', async () => {
    const attempts = await bench.slack.deliver.event({ type: 'app_home_opened', user: 'U0DBA000001' });
    expect(attempts).toHaveLength(1);
    expect(isSigned()).toBe(true);
    await bench.slack.deliver.redeliver(attempts[0]?.deliveryId ?? '');
    expect(app.received[1]).toMatchObject({ body: app.received[0]?.body, headers: { 'x-slack-retry-num': '1' } });
    expect(JSON.parse(app.received[0]?.body ?? '')).toMatchObject({
      type: 'event_callback',
      api_app_id: bench.slack.appId,
      event_id: expect.stringMatching(/^Ev/),
      event: { type: 'app_home_opened', user: 'U0DBA000001' },
      authorizations: [{ user_id: bench.slack.botUser, is_bot: true }],
    });
  });

  test('are sent three times more until there is a 2xx', async () => {
    const eager = await startBench({ botUrl: app.url, ackMs: 700, retryDelaysMs: [0, 5, 5] });
    const answers = [{ status: 500 }, undefined, { status: 200 }];
    app.answer = () => answers[app.received.length - 1];
    expect((await eager.slack.deliver.event({ type: 'x' })).map(({ error }) => error)).toEqual([
      'dispatch_failed',
      'operation_timeout',
      undefined,
    ]);
    const retries = app.received.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);
    expect(retries).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_timeout'],
    ]);
    expect(new Set(app.received.map(({ body }) => body)).size).toBe(1);
    app.answer = () => ({ status: 503 });
    expect(await eager.slack.deliver.event({ type: 'y' })).toHaveLength(4);
    await eager.close();
  });

  test('come from what people do, where the app is and has subscribed', async () => {
    const { slack, close } = await startBench({ botUrl: app.url, events: ['app_mention', 'reaction_added'] });
    const ts = slack.people.say({ user: 'dba', channel: 'incidents', text: 'hey @muster help' });
    slack.people.say({ user: 'dba', channel: 'random', text: 'hey @muster help' });
    slack.people.react({ user: 'lead', channel: 'incidents', ts, name: 'eyes' });
    await slack.deliver.settled();
    const events = app.received.map(({ body }) => (JSON.parse(body) as { event: object }).event);
    expect(events).toHaveLength(2);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'app_mention', text: `hey <@${slack.botUser}> help` }),
    );
    expect(events).toContainEqual(expect.objectContaining({ type: 'reaction_added', reaction: 'eyes' }));
    await close();
  });

  test('come from what people mark, and take the mark away', async () => {
    const subscribed = ['reaction_removed', 'pin_added', 'pin_removed', 'group_archive'];
    const { slack, close } = await startBench({ botUrl: app.url, events: subscribed });
    const ts = slack.people.say({ user: 'dba', channel: 'incidents', text: 'the disk is full' });
    const there = { user: 'lead', channel: 'incidents', ts };
    slack.people.react({ ...there, name: 'pushpin' });
    slack.people.unreact({ ...there, name: 'pushpin' });
    slack.people.pin(there);
    expect(() => slack.people.pin(there)).toThrow('pinned already');
    slack.people.unpin(there);
    const room = slack.people.createChannel({ user: 'lead', name: 'hidden', private: true, members: ['muster'] });
    slack.people.archive({ user: 'lead', channel: room });
    await slack.deliver.settled();
    const events = app.received.map(({ body }) => (JSON.parse(body) as { event: { type: string } }).event);
    const item = {
      channel: slack.channels.incidents,
      message: { ts, user: slack.users.dba, text: 'the disk is full' },
    };
    for (const wanted of [
      { type: 'reaction_removed', reaction: 'pushpin', user: slack.users.lead, item: { ts } },
      { type: 'pin_added', user: slack.users.lead, channel_id: slack.channels.incidents, item },
      { type: 'pin_removed', user: slack.users.lead, item, has_pins: false },
      { type: 'group_archive', channel: room, user: slack.users.lead },
    ])
      expect(events.find(({ type }) => type === wanted.type)).toMatchObject(wanted);
    expect(events).toHaveLength(4);
    expect(slack.channel('incidents').messages()[0]?.reactions).toBeUndefined();
    await close();
  });

  test('the challenge', async () => {
    app.answer = ({ body }) => ({ json: { challenge: (JSON.parse(body) as { challenge: string }).challenge } });
    const { body } = await bench.slack.deliver.verifyUrl();
    expect(body).toEqual({ challenge: expect.stringMatching(/^challenge-/) });
  });
});
