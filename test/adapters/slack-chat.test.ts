import { describe, expect, test, vi } from 'vitest';
import type { ChatMessage } from '../../src/domain/chat-message.ts';
import { isDrError } from '../../src/errors.ts';
import { BOT, fault, type SlackReply } from './slack-bench.ts';
import { patient, useSlackWorld } from './slack-world.ts';

const world = useSlackWorld();
const chat = () => world.slack.chat;
const message: ChatMessage = {
  text: 'Restored.',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*Restored.*' } }],
};
const post = (channel = 'C1', signal = patient()) => chat().post({ channel, key: 'run-1/done', message }, signal);
const sent = (method: string) => world.bench.callsOf(method).map(({ fields }) => fields);
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe('posting', () => {
  test('marks the message with its key, and shows no previews', async () => {
    world.bench.on('chat.postMessage', { ok: true, channel: 'C1', ts: '17.1' });
    expect(await post()).toEqual({ channel: 'C1', ts: '17.1' });
    const [fields] = sent('chat.postMessage');
    expect(fields).toMatchObject({ channel: 'C1', text: 'Restored.', unfurl_links: 'false', unfurl_media: 'false' });
    expect(JSON.parse(fields?.['metadata'] ?? '')).toEqual({
      event_type: 'muster_post',
      event_payload: { key: 'run-1/done' },
    });
    expect(JSON.parse(fields?.['blocks'] ?? '')).toEqual(message.blocks);
    expect(world.bench.callsOf('chat.postMessage')[0]?.headers.authorization).toBe('Bearer xoxb-very-secret-token');
  });

  test.each(['ops', '#ops', '#OPS'])(
    'finds the channel %s by its name, on whatever page, and remembers it',
    async (name) => {
      world.bench.on(
        'conversations.list',
        { ok: true, channels: [{ id: 'C8', name: 'other' }], response_metadata: { next_cursor: 'more' } },
        { ok: true, channels: [{ id: 'C9', name: 'ops' }], response_metadata: { next_cursor: '' } },
      );
      world.bench.on('chat.postMessage', { ok: true, channel: 'C9', ts: '1.1' });
      await post(name);
      await post(name);
      expect(sent('conversations.list').map(({ cursor }) => cursor)).toEqual([undefined, 'more']);
      expect(sent('chat.postMessage').map(({ channel }) => channel)).toEqual(['C9', 'C9']);
    },
  );

  test('refuses a name that nobody bears, and does not ask again at once', async () => {
    world.bench.on('conversations.list', { ok: true, channels: [] });
    for (let round = 0; round < 2; round += 1) {
      expect(await failure(post('#nowhere'))).toMatchObject({
        code: 'CHAT_REFUSED',
        message: expect.stringContaining('#nowhere'),
      });
    }
    expect(sent('conversations.list')).toHaveLength(1);
    expect(sent('chat.postMessage')).toEqual([]);
  });

  test('looks a name up anew when the channel is gone', async () => {
    world.bench.on(
      'conversations.list',
      { ok: true, channels: [{ id: 'C9', name: 'ops' }] },
      { ok: true, channels: [{ id: 'C10', name: 'ops' }] },
    );
    world.bench.on('chat.postMessage', { ok: false, error: 'channel_not_found' }, { ok: true, ts: '1.1' });
    expect(await failure(post('ops'))).toMatchObject({ code: 'CHAT_REFUSED' });
    expect(await post('ops')).toEqual({ channel: 'C10', ts: '1.1' });
  });

  test('opens a direct message to a member', async () => {
    world.bench.on('conversations.open', { ok: true, channel: { id: 'D7' } });
    world.bench.on('chat.postMessage', { ok: true, channel: 'D7', ts: '1.1' });
    expect(await post('U1')).toEqual({ channel: 'D7', ts: '1.1' });
    await post('U1');
    expect(sent('conversations.open')).toEqual([{ users: 'U1' }]);
  });

  test.each(['invalid_blocks', 'msg_too_long', 'msg_blocks_too_long'])(
    'goes out as text when Slack says %s',
    async (error) => {
      world.bench.on('chat.postMessage', { ok: false, error }, { ok: true, channel: 'C1', ts: '1.1' });
      await chat().post({ channel: 'C1', key: 'k', message: { ...message, text: 'ü'.repeat(5_000) } }, patient());
      const [, fields] = sent('chat.postMessage');
      expect(fields?.['text']).toHaveLength(3_900);
      expect(fields?.['blocks']).toBe('[]');
      expect(JSON.parse(fields?.['metadata'] ?? '{}').event_payload).toEqual({ key: 'k' });
      expect(world.log).toContainEqual(expect.objectContaining({ level: 'error', key: 'k', word: error }));
    },
  );

  test('as text, too, it is tried once only', async () => {
    world.bench.on('chat.postMessage', { ok: false, error: 'msg_too_long' });
    expect(await failure(post())).toMatchObject({ code: 'CHAT_REFUSED' });
    expect(sent('chat.postMessage')).toHaveLength(2);
  });
});

describe('what a failed call means', () => {
  test.each<[string, SlackReply, string, boolean, RegExp]>([
    ['429', fault.status(429, { 'retry-after': '7' }), 'CHAT_UNREACHABLE', true, /wait 7 s/],
    ['429 without a time', fault.status(429), 'CHAT_UNREACHABLE', true, /asks us to wait/],
    ['ratelimited', { ok: false, error: 'ratelimited' }, 'CHAT_UNREACHABLE', true, /asks us to wait/],
    ['a proxy in front', fault.status(403), 'CHAT_UNREACHABLE', true, /HTTP 403/],
    ['500', fault.status(500), 'CHAT_UNANSWERED', true, /HTTP 500/],
    ['503', fault.status(503), 'CHAT_UNANSWERED', true, /HTTP 503/],
    ['a reset', fault.reset, 'CHAT_UNANSWERED', true, /connection broke/],
    ['half an answer', fault.cut, 'CHAT_UNANSWERED', true, /connection broke/],
    ['a page that is not Slack', fault.page, 'CHAT_UNANSWERED', true, /not from Slack/],
    ['internal_error', { ok: false, error: 'internal_error' }, 'CHAT_UNANSWERED', true, /internal_error/],
    ['fatal_error', { ok: false, error: 'fatal_error' }, 'CHAT_UNANSWERED', true, /fatal_error/],
    ['channel_not_found', { ok: false, error: 'channel_not_found' }, 'CHAT_REFUSED', false, /channel_not_found/],
    ['not_in_channel', { ok: false, error: 'not_in_channel' }, 'CHAT_REFUSED', false, /not_in_channel/],
    ['is_archived', { ok: false, error: 'is_archived' }, 'CHAT_REFUSED', false, /is_archived/],
    ['restricted_action', { ok: false, error: 'restricted_action' }, 'CHAT_REFUSED', false, /restricted_action/],
    ['invalid_auth', { ok: false, error: 'invalid_auth' }, 'CHAT_FORBIDDEN', true, /invalid_auth/],
    ['token_revoked', { ok: false, error: 'token_revoked' }, 'CHAT_FORBIDDEN', true, /token_revoked/],
    ['account_inactive', { ok: false, error: 'account_inactive' }, 'CHAT_FORBIDDEN', true, /account_inactive/],
    [
      'missing_scope',
      { ok: false, error: 'missing_scope', needed: 'chat:write' },
      'CHAT_FORBIDDEN',
      true,
      /needs chat:write/,
    ],
  ])('%s', async (_name, reply, code, retryable, words) => {
    world.bench.on('chat.postMessage', reply);
    const error = await failure(post());
    expect(error).toMatchObject({ code, retryable, message: expect.stringMatching(words) });
    expect(isDrError(error) ? `${error.message} ${error.action}` : '').not.toMatch(/xoxb|<html>|Restored/);
    expect(sent('chat.postMessage')).toHaveLength(1);
  });

  test('Retry-After comes through in ms', async () => {
    world.bench.on('chat.postMessage', fault.status(429, { 'retry-after': '7' }));
    expect(await failure(post())).toMatchObject({ retryAfterMs: 7_000 });
  });

  test('no answer for 5 s', async () => {
    world.bench.on('chat.postMessage', fault.hang);
    const began = performance.now();
    expect(await failure(post())).toMatchObject({
      code: 'CHAT_UNANSWERED',
      message: expect.stringContaining('no answer in time'),
    });
    expect(performance.now() - began).toBeGreaterThan(4_500);
    expect(performance.now() - began).toBeLessThan(7_000);
  });

  test('called off: in flight it may have been taken, before it was not', async () => {
    world.bench.on('chat.postMessage', fault.hang);
    const calling = new AbortController();
    const posting = failure(post('C1', calling.signal));
    await vi.waitFor(() => expect(sent('chat.postMessage')).toHaveLength(1));
    calling.abort();
    expect(await posting).toMatchObject({ code: 'CHAT_UNANSWERED' });
    expect(await failure(post('C1', calling.signal))).toMatchObject({ code: 'CHAT_UNREACHABLE' });
    expect(sent('chat.postMessage')).toHaveLength(1);
  });

  test('nobody listens', async () => {
    await world.bench.close();
    const error = await failure(post());
    world.bench = { ...world.bench, close: async () => undefined };
    expect(error).toMatchObject({
      code: 'CHAT_UNREACHABLE',
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('updating', () => {
  const update = () => chat().update({ channel: 'C1', ts: '17.1' }, message, patient());

  test('replaces text and blocks', async () => {
    world.bench.on('chat.update', { ok: true, channel: 'C1', ts: '17.1' });
    await update();
    expect(sent('chat.update')).toMatchObject([{ channel: 'C1', ts: '17.1', text: 'Restored.' }]);
  });

  test.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])('is refused: %s', async (error) => {
    world.bench.on('chat.update', { ok: false, error });
    expect(await failure(update())).toMatchObject({ code: 'CHAT_REFUSED', message: expect.stringContaining(error) });
  });

  test('takes the blocks away that Slack does not want', async () => {
    world.bench.on('chat.update', { ok: false, error: 'invalid_blocks' }, { ok: true });
    await update();
    expect(sent('chat.update')[1]).toMatchObject({ text: 'Restored.', blocks: '[]' });
  });
});

describe('asking', () => {
  test('for a link', async () => {
    world.bench.on('chat.getPermalink', { ok: true, permalink: 'https://acme.slack.com/archives/C1/p171' });
    expect(await chat().link({ channel: 'C1', ts: '17.1' }, patient())).toBe('https://acme.slack.com/archives/C1/p171');
    expect(sent('chat.getPermalink')).toEqual([{ channel: 'C1', message_ts: '17.1' }]);
  });

  test('who we are', async () => {
    expect(await chat().whoAmI(patient())).toEqual({ team: BOT.team, user: BOT.user });
    world.bench.on('auth.test', { ok: true, team: 'Acme', user: 'ann', user_id: 'U1' });
    expect(await failure(chat().whoAmI(patient()))).toMatchObject({ code: 'CHAT_FORBIDDEN' });
  });

  test('which groups a member is in, as Slack says now', async () => {
    const members: Record<string, string[]> = { S1: ['U1', 'U2'], S2: ['U2'] };
    world.bench.on('usergroups.users.list', (response, { fields }) => {
      const users = members[fields['usergroup'] ?? ''];
      response.end(JSON.stringify(users === undefined ? { ok: false, error: 'no_such_subteam' } : { ok: true, users }));
    });
    expect(await chat().groupsOf('U1', ['S1', 'S2', 'S3', 'S1'], patient())).toEqual(['S1']);
    members['S2'] = ['U1'];
    expect(await chat().groupsOf('U1', ['S1', 'S2'], patient())).toEqual(['S1', 'S2']);
    expect(await chat().groupsOf('U1', [], patient())).toEqual([]);
    world.bench.on('usergroups.users.list', { ok: false, error: 'missing_scope', needed: 'usergroups:read' });
    expect(await failure(chat().groupsOf('U1', ['S1'], patient()))).toMatchObject({ code: 'CHAT_FORBIDDEN' });
  });
});
