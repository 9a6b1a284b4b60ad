import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, connect, outcome, startBench } from './client.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const incidents = () => bench.slack.channels.incidents;
const card = [{ type: 'section', block_id: 'card', text: { type: 'mrkdwn', text: 'a card' } }];
const metadata = { event_type: 'muster.card', event_payload: { run: 'r1', n: 1 } };

describe('chat.postMessage', () => {
  test('stores what was sent, and answers with it', async () => {
    const answer = await bench.client.chat.postMessage({
      channel: incidents(),
      text: 'hi & bye',
      blocks: card,
      metadata,
    });
    const { botId, botUser } = bench.slack;
    expect(answer).toMatchObject({ ok: true, channel: incidents(), message: { text: 'hi &amp; bye', bot_id: botId } });
    expect(bench.slack.channel('incidents').messages()).toEqual([
      expect.objectContaining({ ts: answer.ts, user: botUser, text: 'hi &amp; bye', blocks: card, metadata }),
    ]);
  });

  test('takes names of public channels and ids of people', async () => {
    expect(await outcome(bench.client.chat.postMessage({ channel: '#incidents', text: 'a' }))).toBe('ok');
    await bench.client.chat.postMessage({ channel: bench.slack.users.dba, text: 'psst' });
    expect(bench.slack.channel('@dba').messages()).toMatchObject([{ text: 'psst' }]);
  });

  test.each([
    ['channel_not_found', { channel: 'C0NOWHERE01', text: 'a' }],
    ['not_in_channel', { channel: '#random', text: 'a' }],
    ['no_text', { channel: '#incidents' }],
    ['no_text', { channel: '#incidents', text: ' ', blocks: [] }],
    ['msg_too_long', { channel: '#incidents', text: 'a'.repeat(40_001) }],
    ['thread_not_found', { channel: '#incidents', text: 'a', thread_ts: '1.000001' }],
    ['invalid_arguments', { text: 'a' }],
    ['invalid_blocks_format', { channel: '#incidents', text: 'a', blocks: 'no' }],
    ['invalid_metadata_format', { channel: '#incidents', text: 'a', metadata: { event_type: 'x' } }],
    [
      'metadata_too_large',
      { channel: '#incidents', text: 'a', metadata: { event_type: 'x', event_payload: { a: 'a'.repeat(16_000) } } },
    ],
  ])('%s', async (error, args) => {
    expect(await outcome(bench.client.apiCall('chat.postMessage', args))).toBe(error);
    expect(bench.slack.posted()).toEqual([]);
  });

  test('an archived channel and a private one without the bot', async () => {
    const archived = await bench.client.conversations.create({ name: 'old' });
    await bench.client.conversations.archive({ channel: archived.channel?.id ?? '' });
    const secret = bench.slack.people.createChannel({ user: 'lead', name: 'secret', private: true });
    expect(await outcome(bench.client.chat.postMessage({ channel: archived.channel?.id ?? '', text: 'a' }))).toBe(
      'is_archived',
    );
    expect(await outcome(bench.client.chat.postMessage({ channel: secret, text: 'a' }))).toBe('channel_not_found');
  });

  test('threads: replies go to the first message only', async () => {
    const first = await bench.client.chat.postMessage({ channel: incidents(), text: 'first' });
    const reply = await bench.client.chat.postMessage({
      channel: incidents(),
      text: 'reply',
      thread_ts: first.ts ?? '',
    });
    const nested = bench.client.chat.postMessage({ channel: incidents(), text: 'no', thread_ts: reply.ts ?? '' });
    expect(await outcome(nested)).toBe('cannot_reply_to_message');
    const history = await bench.client.conversations.history({ channel: incidents() });
    expect(history.messages).toMatchObject([{ text: 'first', reply_count: 1, latest_reply: reply.ts }]);
    const thread = await bench.client.conversations.replies({ channel: incidents(), ts: first.ts ?? '' });
    expect(thread.messages?.map(({ text }) => text)).toEqual(['first', 'reply']);
    const loud = { channel: incidents(), text: 'loud', thread_ts: first.ts ?? '', reply_broadcast: true };
    await bench.client.apiCall('chat.postMessage', loud);
    const both = await bench.client.conversations.history({ channel: incidents() });
    expect(both.messages).toMatchObject([{ text: 'loud', subtype: 'thread_broadcast' }, { text: 'first' }]);
  });

  test('chat:write.public lets it post where it is no member', async () => {
    const open = await startBench({ scopes: ['chat:write', 'chat:write.public'] });
    expect(await outcome(open.client.chat.postMessage({ channel: '#random', text: 'a' }))).toBe('ok');
    await open.close();
  });
});

describe('chat.update', () => {
  test('keeps what the call leaves out, and every version is remembered', async () => {
    const { ts = '' } = await bench.client.chat.postMessage({
      channel: incidents(),
      text: 'one',
      blocks: card,
      metadata,
    });
    await bench.client.chat.update({ channel: incidents(), ts, text: 'two' });
    const [kept] = bench.slack.channel('incidents').messages();
    expect(kept).toMatchObject({ text: 'two', blocks: card, metadata, edited: { user: bench.slack.botUser } });
    await bench.client.apiCall('chat.update', { channel: incidents(), ts, text: 'three', blocks: [], metadata: {} });
    const [bare] = bench.slack.channel('incidents').messages();
    expect(bare).not.toHaveProperty('blocks');
    expect(bare).not.toHaveProperty('metadata');
    expect(bench.slack.posted().map(({ version, message }) => [version, message.text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
  });

  test('refuses what is not there, not its own, or says nothing', async () => {
    const { client, slack } = bench;
    const theirs = slack.people.say({ user: 'lead', channel: 'incidents', text: 'mine' });
    const channel = incidents();
    expect(await outcome(client.chat.update({ channel, ts: '1.000001', text: 'a' }))).toBe('message_not_found');
    expect(await outcome(client.chat.update({ channel, ts: theirs, text: 'a' }))).toBe('cant_update_message');
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'a' });
    expect(await outcome(client.apiCall('chat.update', { channel, ts }))).toBe('no_text');
    // Shorter than what can be posted, and counted in bytes as Slack stores them.
    expect(await outcome(client.chat.update({ channel, ts, text: 'a'.repeat(4_000) }))).toBe('ok');
    for (const text of ['a'.repeat(4_001), 'é'.repeat(2_001), '&'.repeat(801), '<'.repeat(1_001)])
      expect(await outcome(client.chat.update({ channel, ts, text }))).toBe('msg_too_long');
  });
});

describe('chat.delete', () => {
  test('removes it, or leaves a tombstone above a thread', async () => {
    const { client, slack } = bench;
    const channel = incidents();
    const gone = await client.chat.postMessage({ channel, text: 'gone' });
    const parent = await client.chat.postMessage({ channel, text: 'parent' });
    await client.chat.postMessage({ channel, text: 'reply', thread_ts: parent.ts ?? '' });
    await client.chat.delete({ channel, ts: gone.ts ?? '' });
    await client.chat.delete({ channel, ts: parent.ts ?? '' });
    expect(slack.channel('incidents').messages()).toMatchObject([{ subtype: 'tombstone' }, { text: 'reply' }]);
    expect(await outcome(client.chat.delete({ channel, ts: gone.ts ?? '' }))).toBe('message_not_found');
    const theirs = slack.people.say({ user: 'lead', channel: 'incidents', text: 'mine' });
    expect(await outcome(client.chat.delete({ channel, ts: theirs }))).toBe('cant_delete_message');
  });
});

describe('chat.postEphemeral and chat.getPermalink', () => {
  test('only one person sees it, and no history has it', async () => {
    const { client, slack } = bench;
    await client.chat.postEphemeral({ channel: incidents(), user: slack.users.dba, text: 'for you' });
    expect(slack.ephemerals('dba')).toMatchObject([{ how: 'postEphemeral', message: { text: 'for you' } }]);
    expect(slack.ephemerals('lead')).toEqual([]);
    expect((await client.conversations.history({ channel: incidents() })).messages).toEqual([]);
    slack.people.leave({ user: 'dba', channel: 'incidents' });
    const late = client.chat.postEphemeral({ channel: incidents(), user: slack.users.dba, text: 'a' });
    expect(await outcome(late)).toBe('user_not_in_channel');
  });

  test('a link to the message', async () => {
    const { ts = '' } = await bench.client.chat.postMessage({ channel: incidents(), text: 'a' });
    const link = await bench.client.chat.getPermalink({ channel: incidents(), message_ts: ts });
    expect(link.permalink).toBe(`https://sandbox.slack.com/archives/${incidents()}/p${ts.replace('.', '')}`);
    const none = bench.client.chat.getPermalink({ channel: incidents(), message_ts: '1.000001' });
    expect(await outcome(none)).toBe('message_not_found');
  });
});

test('tokens', async () => {
  const { slack } = bench;
  expect(await outcome(connect(slack, 'xoxb-other').auth.test())).toBe('invalid_auth');
  expect(await outcome(connect(slack, '').auth.test())).toBe('not_authed');
  expect(await outcome(connect(slack, slack.appToken).auth.test())).toBe('not_allowed_token_type');
  expect(await bench.client.auth.test()).toMatchObject({ user_id: slack.botUser, bot_id: slack.botId });
  expect((await bench.client.auth.test()).response_metadata?.scopes).toContain('chat:write');
  expect(await outcome(bench.client.apiCall('chat.nonsense'))).toBe('unknown_method');
});
