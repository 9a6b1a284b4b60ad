import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import {
  buttonPayload,
  commandBody,
  eventBody,
  interactiveBody,
  SECRET,
  send,
  sign,
  useSlackWorld,
} from './slack-world.ts';

const world = useSlackWorld();
const now = () => Math.floor(Date.now() / 1_000);

describe('who is let in', () => {
  test.each<[string, (body: string) => Record<string, string>]>([
    ['another secret', (body) => sign(body, now(), 'another')],
    ['another body', () => sign('command=%2Fdr')],
    ['a replay, six minutes old', (body) => sign(body, now() - 360)],
    ['a time to come', (body) => sign(body, now() + 360)],
    ['a time that is none', (body) => ({ ...sign(body), 'x-slack-request-timestamp': 'soon' })],
    [
      'a signature of another version',
      (body) => ({ 'x-slack-signature': `${sign(body)['x-slack-signature']}`.replace('v0', 'v1') }),
    ],
    ['a short signature', () => ({ 'x-slack-signature': 'v0=abcd' })],
    ['no signature', () => ({ 'x-slack-signature': '' })],
    ['no time', () => ({ 'x-slack-request-timestamp': '' })],
  ])('%s: 401 without a word, and nothing happens', async (_name, headers) => {
    const body = commandBody(world, 'status');
    expect(await send(world, body, headers(body))).toMatchObject({ status: 401, body: '' });
    expect(world.deliveries).toEqual([]);
  });

  test('a signature sent twice is none', async () => {
    const body = commandBody(world, 'status');
    const headers: Record<string, string> = { ...sign(body), 'content-type': 'application/x-www-form-urlencoded' };
    const twice = { ...headers, 'x-slack-signature': [headers['x-slack-signature'] ?? '', 'v0=00'] };
    expect(await sendRaw(body, twice)).toBe(401);
    expect(world.deliveries).toEqual([]);
  });

  test('a signed command is', async () => {
    expect(await send(world, commandBody(world, 'status'))).toMatchObject({ status: 200 });
    expect(world.deliveries).toHaveLength(1);
  });
});

describe('what is no delivery', () => {
  test('a body over the cap: 413, by its length or as it comes', async () => {
    const body = 'x'.repeat(1_048_577);
    expect(await send(world, body)).toMatchObject({ status: 413 });
    expect(await sendRaw(body, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' })).toBe(413);
    expect(world.deliveries).toEqual([]);
  });

  test('another type, or compressed: 415', async () => {
    const body = commandBody(world, 'status');
    expect(await send(world, body, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await send(world, body, { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
  });

  test('a body that does not come: 408', { timeout: 20_000 }, async () => {
    expect(await sendRaw('{', { 'content-type': 'application/json', 'content-length': '10' }, false)).toBe(408);
  });

  test.each([
    '{"type":',
    '{"type":"event_callback","team_id":"T1"}',
    '{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":"message"}',
    'payload=%7B',
    'a=b',
    'command=%2Fdr&text=status',
    interactiveBody({ type: 'view_submission', trigger_id: 'x', user: { id: 'U1', team_id: 'T1' } }),
    interactiveBody({ type: 'block_actions', trigger_id: 'x', user: { id: 'U1', team_id: 'T1' }, actions: [] }),
    interactiveBody({
      type: 'block_actions',
      user: { id: 'U1', team_id: 'T1' },
      actions: [{ type: 'button', action_id: 'a' }],
    }),
    interactiveBody({ type: 'shortcut', trigger_id: 'x', callback_id: 'a', user: { id: 'U1' } }),
  ])('signed, but not to be understood: 400: %s', async (body) => {
    expect(await send(world, body)).toMatchObject({ status: 400, body: '' });
    expect(world.deliveries).toEqual([]);
  });

  test('Slack asking whether this is the place', async () => {
    const asked = JSON.stringify({ type: 'url_verification', token: 't', challenge: '3eZbrw1aB' });
    expect(await send(world, asked)).toMatchObject({ status: 200, body: '3eZbrw1aB' });
    expect(await send(world, asked, sign(asked, now(), 'another'))).toMatchObject({ status: 401, body: '' });
    expect(await send(world, 'ssl_check=1&token=t', { 'x-slack-signature': '' })).toMatchObject({
      status: 200,
      body: '',
    });
    const withCommand = `ssl_check=1&${commandBody(world, 'approve x')}`;
    expect(await send(world, withCommand, { 'x-slack-signature': '' })).toMatchObject({ status: 200, body: '' });
    expect(world.deliveries).toEqual([]);
  });

  test('the secret is in no answer', async () => {
    expect((await send(world, 'a=b', { 'x-slack-signature': 'v0=1' })).body).not.toContain(SECRET);
  });
});

describe('what the callback is handed', () => {
  const answers = () => `http://127.0.0.1:${world.bench.port}/actions/secret`;

  test('a command', async () => {
    await send(world, commandBody(world, 'restore-namespace  “data processing” --yes &amp; ü'));
    expect(world.deliveries).toEqual([
      {
        ...{ kind: 'command', id: '1.2.abc', team: 'T1', user: 'U1', channel: 'C1', responseUrl: answers() },
        text: 'restore-namespace  “data processing” --yes &amp; ü',
      },
    ]);
  });

  test('a button', async () => {
    await send(world, interactiveBody(buttonPayload(world, 'approve run-1')));
    expect(world.deliveries).toEqual([
      {
        ...{ kind: 'button', id: '1.2.def', team: 'T1', user: 'U1', channel: 'C1', responseUrl: answers() },
        ...{ text: 'approve run-1', actionId: 'dr.approve', message: { channel: 'C1', ts: '17.1' } },
      },
    ]);
  });

  test('a shortcut on a message, where a whole organisation has the app', async () => {
    const { actions, ...payload } = buttonPayload(world, '');
    const shortcut = {
      ...payload,
      type: 'message_action',
      team: null,
      callback_id: 'dr.note',
      message: { ts: '19.1' },
    };
    await send(world, interactiveBody(shortcut));
    expect(actions).toHaveLength(1);
    expect(world.deliveries).toEqual([
      {
        ...{ kind: 'shortcut', id: '1.2.def', team: 'T1', user: 'U1', channel: 'C1', responseUrl: answers() },
        ...{ text: '', actionId: 'dr.note', message: { channel: 'C1', ts: '19.1' } },
      },
    ]);
  });

  test('events', async () => {
    await send(
      world,
      eventBody({ type: 'app_mention', user: 'U1', text: '<@UBOT1> status', ts: '20.1', channel: 'C1' }),
    );
    await send(world, eventBody({ type: 'channel_rename', channel: { id: 'C2', name: 'new' } }, 'Ev2'));
    expect(world.deliveries).toEqual([
      {
        ...{ kind: 'event', id: 'Ev1', team: 'T1', user: 'U1', channel: 'C1', text: '<@UBOT1> status' },
        ...{ actionId: 'app_mention', message: { channel: 'C1', ts: '20.1' } },
      },
      { kind: 'event', id: 'Ev2', team: 'T1', channel: 'C2', text: '', actionId: 'channel_rename' },
    ]);
  });
});

/** For what fetch will not send. */
async function sendRaw(body: string, headers: Record<string, string | string[]>, end = true): Promise<number> {
  const sending = request({ port: world.http.port, host: '127.0.0.1', path: '/slack/events', method: 'POST', headers });
  sending.on('error', () => undefined);
  if (end) sending.end(body);
  else sending.write(body);
  const [response] = await once(sending, 'response');
  response.resume();
  sending.destroy();
  return response.statusCode;
}
