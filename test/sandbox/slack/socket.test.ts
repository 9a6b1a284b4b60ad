import { once } from 'node:events';
import { App } from '@slack/bolt';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type SandboxSlack, type SlackOptions, startSlack } from '../../../sandbox/slack/start-slack.ts';
import { connect, outcome, silent } from './client.ts';

let slack: SandboxSlack;
const open = async (options: SlackOptions = {}) => {
  slack = await startSlack({ socketMode: true, ...options });
};
afterEach(() => slack.close());

type Message = Record<string, unknown> & { type: string; envelope_id?: string };

interface Line {
  socket: WebSocket;
  got: Message[];
}

/** The simplest app there is: it acknowledges each envelope, or none. */
async function join({ acks = true, payload = {} as object } = {}): Promise<Line> {
  const { url = '' } = await connect(slack, slack.appToken).apps.connections.open();
  const socket = new WebSocket(url);
  const got: Message[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    got.push(message);
    const { envelope_id } = message;
    if (acks && envelope_id !== undefined) socket.send(JSON.stringify({ envelope_id, payload }));
  });
  await once(socket, 'message');
  return { socket, got };
}

const type = () => slack.deliver.command('oncall', 'incidents', '/dr', 'status');
const envelopes = ({ got }: Line) => got.filter(({ envelope_id }) => envelope_id !== undefined);

test('the real Bolt takes commands, buttons and events over it', async () => {
  await open({ events: ['app_mention'] });
  const app = new App({
    ...{ token: slack.botToken, appToken: slack.appToken, socketMode: true, logger: silent },
    clientOptions: { slackApiUrl: slack.url },
  });
  const heard: string[] = [];
  app.command('/dr', async ({ ack, command }) => {
    heard.push(command.text);
    await ack({ text: 'done', response_type: 'ephemeral' });
  });
  app.event('app_mention', async ({ event }) => void heard.push(event.text));
  await app.start();
  expect(await type()).toMatchObject({ status: 200, body: { text: 'done' } });
  expect(slack.ephemerals('oncall')).toMatchObject([{ how: 'ack', message: { text: 'done' } }]);
  slack.people.say({ user: 'oncall', channel: 'incidents', text: '@muster hello' });
  await slack.deliver.settled();
  expect(heard).toEqual(['status', `<@${slack.botUser}> hello`]);
  await app.stop();
  expect(slack.violations()).toEqual([]);
});

test('only the app-level token opens it, with its scope, and each address works once', async () => {
  await open();
  const ask = (token: string) => connect(slack, token).apps.connections.open();
  expect(await outcome(ask(slack.botToken))).toBe('not_allowed_token_type');
  expect(await outcome(ask('xapp-another'))).toBe('invalid_auth');
  expect(await outcome(connect(slack, slack.appToken).auth.test())).toBe('not_allowed_token_type');
  const { url = '' } = await ask(slack.appToken);
  const first = new WebSocket(url);
  expect(JSON.parse(String((await once(first, 'message'))[0]))).toMatchObject({ type: 'hello', num_connections: 1 });
  const [error] = await once(new WebSocket(url), 'error');
  expect(String(error)).toContain('401');
  await slack.close();
  await open({ appScopes: [] });
  expect(await outcome(ask(slack.appToken))).toBe('missing_scope');
});

test('an envelope says what it is; events that are not acknowledged come again', async () => {
  await open({ retryDelaysMs: [10], ackMs: 300 });
  const line = await join({ acks: false });
  expect(await type()).toMatchObject({ status: undefined, error: 'operation_timeout' });
  const attempts = await slack.deliver.event({ type: 'app_mention', text: 'hi' });
  expect(attempts).toHaveLength(2);
  expect(envelopes(line)).toMatchObject([
    { type: 'slash_commands', accepts_response_payload: true, payload: { command: '/dr', text: 'status' } },
    { type: 'events_api', accepts_response_payload: false, retry_attempt: 0, retry_reason: '' },
    { type: 'events_api', retry_attempt: 1, retry_reason: 'http_timeout' },
  ]);
  expect(new Set(envelopes(line).map(({ envelope_id }) => envelope_id)).size).toBe(3);
});

test('what a web socket did not acknowledge when it ended goes to another; with none at all a command fails at once', async () => {
  await open();
  const alone = await type();
  expect(alone).toMatchObject({ error: 'dispatch_failed' });
  expect(alone.tookMs).toBeLessThan(1_000);
  const lines = [await join({ acks: false }), await join({ acks: false })];
  const command = type();
  await expect.poll(() => lines.flatMap(envelopes).length).toBe(1);
  lines.find((line) => envelopes(line).length === 1)?.socket.terminate();
  await expect.poll(() => lines.flatMap(envelopes).length).toBe(2);
  const [one, two] = lines.flatMap(envelopes);
  expect(two?.['payload']).toEqual(one?.['payload']);
  expect(two?.envelope_id).not.toBe(one?.envelope_id);
  lines.map(({ socket }) => socket.terminate());
  await join();
  expect(await command).toMatchObject({ status: 200 });
});

test('web sockets take turns, and one that is to end gets nothing new while there is another', async () => {
  await open();
  const [one, two] = [await join(), await join()];
  await Promise.all(Array.from({ length: 6 }, type));
  expect([envelopes(one).length, envelopes(two).length]).toEqual([3, 3]);
  slack.sockets.disconnect('warning', 200);
  const three = await join();
  await Promise.all(Array.from({ length: 4 }, type));
  expect([envelopes(one).length, envelopes(two).length, envelopes(three).length]).toEqual([3, 3, 4]);
  expect(one.got.at(-1)).toMatchObject({ type: 'disconnect', reason: 'warning' });
  await expect.poll(() => slack.sockets.open()).toBe(1);
});

test('a payload where none is taken, and an answer to nothing, are held against the app', async () => {
  await open();
  const { socket } = await join({ payload: { text: 'hi' } });
  await slack.deliver.event({ type: 'app_mention', text: 'hi' });
  socket.send('{"envelope_id":"none"}');
  await expect
    .poll(() => slack.violations())
    .toEqual([
      'the acknowledgement of an event takes no payload',
      'what came over the web socket acknowledges no envelope',
    ]);
});

test('nobody but Slack sends over it', async () => {
  await open();
  await join();
  const { deliveryId } = await type();
  await expect(slack.deliver.forge(deliveryId, { unsigned: true })).rejects.toThrow('nobody but Slack');
});
