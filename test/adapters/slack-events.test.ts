import { describe, expect, test } from 'vitest';
import { coerceError } from '../../src/errors.ts';
import { eventBody, patient, send, useSlackWorld } from './slack-world.ts';

const world = useSlackWorld();
const THERE = { channel: 'C1', ts: '17.1' };

describe('what happens to a message, as it is handed on', () => {
  const pinned = (message: object) => ({
    ...{ type: 'pin_added', user: 'U2', channel_id: 'C1', pin_count: 1, event_ts: '18.1' },
    item: { type: 'message', channel: 'C1', created: 1, created_by: 'U2', message },
  });

  test.each<[string, object, object]>([
    [
      'a pin, with the message',
      pinned({ type: 'message', user: 'U1', text: 'disk &amp; co', ts: '17.1', permalink: 'https://x' }),
      { actionId: 'pin_added', user: 'U2', author: 'U1', text: 'disk &amp; co', message: THERE },
    ],
    [
      "a pin of a bot's message without a user",
      pinned({ type: 'message', bot_id: 'B1', ts: '17.1' }),
      { actionId: 'pin_added', user: 'U2', text: '', message: THERE },
    ],
    [
      'an emoji',
      {
        ...{ type: 'reaction_removed', user: 'U2', reaction: 'pushpin', item_user: 'U1' },
        item: { type: 'message', ...THERE },
      },
      { actionId: 'reaction_removed', user: 'U2', emoji: 'pushpin', text: '', message: THERE },
    ],
    [
      'an emoji on a file, which is in no channel',
      { type: 'reaction_added', user: 'U2', reaction: '+1', item: { type: 'file', file: 'F1' } },
      { actionId: 'reaction_added', user: 'U2', emoji: '+1', text: '' },
    ],
    [
      'a channel that was archived',
      { type: 'channel_archive', user: 'U2', channel: 'C1' },
      { actionId: 'channel_archive', user: 'U2', channel: 'C1', text: '' },
    ],
  ])('%s', async (_name, event, wanted) => {
    expect(await send(world, eventBody(event as Record<string, unknown>))).toMatchObject({ status: 200 });
    const { channel = 'C1' } = wanted as { channel?: string };
    const isSomewhere = 'message' in wanted || 'channel' in wanted;
    expect(world.deliveries).toEqual([
      { kind: 'event', id: 'Ev1', team: 'T1', ...(isSomewhere ? { channel } : {}), ...wanted },
    ]);
  });

  test.each([
    { item: 'message' },
    { item: { message: { ts: 1 } } },
    { item: null },
    { reaction: 7 },
    { reaction: '<x>' },
  ])('what is not as Slack sends it names no message: %j', async (odd) => {
    await send(world, eventBody({ type: 'pin_added', user: 'U2', ...odd }));
    expect(world.deliveries.filter((delivery) => delivery.message !== undefined)).toEqual([]);
  });

  test('what nobody has anything to do with is in no log', async () => {
    world.answer = async () => ({ text: '', recorded: undefined });
    await send(world, eventBody({ type: 'message', user: 'U2', channel: 'C1', text: 'hi', ts: '1.1' }));
    expect(world.log.map(({ message }) => message)).not.toContain('a delivery was answered');
    world.answer = async () => ({ text: '', recorded: true });
    await send(world, eventBody({ type: 'pin_added', user: 'U2' }, 'Ev2'));
    expect(world.log.map(({ message }) => message)).toContain('a delivery was answered');
  });
});

describe('reading one message', () => {
  const read = () => world.slack.chat.read(THERE, patient());
  const replies = (...messages: object[]) => world.bench.on('conversations.replies', { ok: true, messages });

  test('in a thread too, with its files and what is on it', async () => {
    replies(
      { ts: '16.1', text: 'the thread' },
      {
        ...{ ts: '17.1', user: 'U1', text: 'see', files: [{ name: 'graph.png' }, {}], pinned_to: ['C9', 'C1'] },
        reactions: [
          { name: 'pushpin', count: 2 },
          { name: 'eyes', count: 0 },
        ],
      },
    );
    expect(await read()).toEqual({
      author: 'U1',
      text: 'see [file: graph.png] [file: without a name]',
      emoji: ['pushpin'],
      pinned: true,
    });
    expect(world.bench.callsOf('conversations.replies')[0]?.fields).toMatchObject({ channel: 'C1', oldest: '17.1' });
  });

  test('that is gone', async () => {
    replies({ ts: '16.1', text: 'the thread' });
    expect(await read()).toBeUndefined();
    world.bench.on('conversations.replies', { ok: false, error: 'thread_not_found' });
    expect(await read()).toBeUndefined();
  });

  test.each([
    ['not_in_channel', 'CHAT_REFUSED'],
    ['channel_not_found', 'CHAT_REFUSED'],
    ['missing_scope', 'CHAT_FORBIDDEN'],
    ['internal_error', 'CHAT_UNANSWERED'],
    ['ratelimited', 'CHAT_UNREACHABLE'],
  ])('that Slack does not show: %s', async (error, code) => {
    world.bench.on('conversations.replies', { ok: false, error });
    expect(await read().catch(coerceError)).toMatchObject({ code });
  });
});
