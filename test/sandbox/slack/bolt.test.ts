import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { validateMessage } from '../../../sandbox/slack/blocks/check-message.ts';
import { type SandboxSlack, startSlack } from '../../../sandbox/slack/start-slack.ts';
import { silent } from './client.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const view = {
  type: 'modal' as const,
  callback_id: 'why',
  title: plain('Why'),
  submit: plain('Send'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
  ],
};
const buttons = [
  {
    type: 'actions' as const,
    elements: [{ type: 'button' as const, action_id: 'go', text: plain('Go'), value: 'r1' }],
  },
];

let slack: SandboxSlack;
let app: App;
let receiver: HTTPReceiver;
let heard: string[];

function listenTo(each: App): void {
  each.command('/dr', async ({ ack, command, client, respond }) => {
    await ack({ text: `You said ${command.text}`, response_type: 'ephemeral' });
    await client.chat.postMessage({ channel: command.channel_id, text: 'a card', blocks: buttons });
    await respond({ text: 'and by URL' });
  });
  each.action('go', async ({ ack, body, client, action }) => {
    await ack();
    heard.push(`go ${'value' in action ? action.value : ''} by ${body.user.id}`);
    if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view });
  });
  each.view('why', async ({ ack, view: sent }) => {
    await ack();
    heard.push(`why ${sent.state.values['why']?.['text']?.value}`);
  });
  each.shortcut('note', async ({ ack, shortcut }) => {
    await ack();
    heard.push(`note ${'message' in shortcut ? shortcut.message.text : ''}`);
  });
  each.event('app_mention', async ({ event, say }) => {
    heard.push('mention');
    await say({ text: 'yes?', thread_ts: event.ts });
  });
}

beforeEach(async () => {
  heard = [];
  slack = await startSlack({ events: ['app_mention'] });
  receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: silent });
  app = new App({
    token: slack.botToken,
    receiver,
    logger: silent,
    clientOptions: { slackApiUrl: slack.url, retryConfig: { retries: 0 } },
  });
  listenTo(app);
  const server = (await app.start(0)) as Server;
  slack.pointAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

test('a command, a button, a modal, a shortcut and a mention pass through the real Bolt', async () => {
  const { deliver, people } = slack;
  expect(await deliver.command('oncall', 'incidents', '/dr', 'status')).toMatchObject({ status: 200 });
  await expect
    .poll(() => slack.ephemerals('oncall').map(({ message }) => message.text))
    .toEqual(['You said status', 'and by URL']);
  await deliver.click({ user: 'lead', channel: 'incidents', button: 'Go' });
  await expect.poll(() => slack.views('lead')).toHaveLength(1);
  await deliver.submitView({ user: 'lead', values: { text: 'because' } });
  expect(slack.views('lead')).toEqual([]);
  const ts = people.say({ user: 'dba', channel: 'incidents', text: 'hm @muster' });
  await deliver.settled();
  await expect.poll(() => slack.channel('incidents').messages().at(-1)).toMatchObject({ text: 'yes?', thread_ts: ts });
  await deliver.shortcut({ user: 'dba', callbackId: 'note', on: { channel: 'incidents', ts } });
  expect(heard).toEqual([`go r1 by ${slack.users.lead}`, 'why because', 'mention', `note hm <@${slack.botUser}>`]);
  expect(slack.posted().flatMap(({ draft }) => validateMessage(draft))).toEqual([]);
  expect(slack.violations()).toEqual([]);
});

test('the real Bolt refuses what is forged', async () => {
  const { deliver } = slack;
  const { deliveryId } = await deliver.command('oncall', 'incidents', '/dr', 'status');
  expect(await deliver.forge(deliveryId, { secret: 'guessed' })).toMatchObject({ status: 401 });
  expect(await deliver.forge(deliveryId, { ageSeconds: 600 })).toMatchObject({ status: 401 });
  expect(await deliver.redeliver(deliveryId)).toMatchObject({ status: 200 });
});
