import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, connect, outcome, startBench } from './client.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

async function create(name = 'incident-1', hidden = false): Promise<string> {
  const { channel } = await bench.client.conversations.create({ name, is_private: hidden });
  return channel?.id ?? '';
}

describe('conversations.create', () => {
  test('makes a channel with the bot in it', async () => {
    const id = await create();
    expect(bench.slack.channel(id)).toMatchObject({ name: 'incident-1', kind: 'public', archived: false });
    expect(bench.slack.channel('#incident-1').members).toEqual([bench.slack.botUser]);
    expect((await bench.client.conversations.info({ channel: id, include_num_members: true })).channel).toMatchObject({
      name: 'incident-1',
      is_member: true,
      num_members: 1,
    });
  });

  test('anybody can join a public one, and nobody a private one uninvited', async () => {
    await create();
    await create('incident-2', true);
    const { people, channel, users } = bench.slack;
    people.join({ user: 'dba', channel: 'incident-1' });
    people.join({ user: 'dba', channel: 'incident-1' });
    expect(channel('incident-1').members).toEqual([bench.slack.botUser, users.dba]);
    expect(() => people.join({ user: 'dba', channel: 'incident-2' })).toThrow('nobody can join incident-2 uninvited');
  });

  test.each([
    ['name_taken', 'incidents'],
    ['invalid_name_required', ''],
    ['invalid_name_specials', 'Incident'],
    ['invalid_name_specials', 'a b'],
    ['invalid_name_punctuation', '--'],
    ['invalid_name_maxlength', 'a'.repeat(81)],
    ['ok', 'a'.repeat(80)],
  ])('%s: %s', async (error, name) => {
    expect(await outcome(bench.client.conversations.create({ name }))).toBe(error);
  });

  test('an archived channel keeps its name', async () => {
    await bench.client.conversations.archive({ channel: await create() });
    expect(await outcome(bench.client.conversations.create({ name: 'incident-1' }))).toBe('name_taken');
  });
});

describe('conversations.invite, kick, join, leave', () => {
  test('all or nobody, unless forced', async () => {
    const { client, slack } = bench;
    const channel = await create();
    const { oncall, lead, dba } = slack.users;
    await client.conversations.invite({ channel, users: oncall });
    const again = client.conversations.invite({ channel, users: `${oncall},${lead}` });
    await expect(again).rejects.toMatchObject({
      data: { error: 'already_in_channel', errors: [{ user: oncall, ok: false, error: 'already_in_channel' }] },
    });
    expect(slack.channel(channel).members).not.toContain(lead);
    await client.conversations.invite({ channel, users: `${oncall},${lead},${dba}`, force: true });
    expect(slack.channel(channel).members).toEqual([slack.botUser, oncall, lead, dba]);
  });

  test.each([
    ['user_not_found', 'U0NOBODY001'],
    ['cant_invite_self', 'U0MUSTER001'],
    ['no_user', ''],
  ])('%s', async (error, users) => {
    const channel = await create();
    expect(await outcome(bench.client.conversations.invite({ channel, users }))).toBe(error);
  });

  test('join and leave', async () => {
    const { client, slack } = bench;
    const { random } = slack.channels;
    expect(await outcome(client.conversations.invite({ channel: random, users: slack.users.dba }))).toBe(
      'not_in_channel',
    );
    expect(await client.conversations.join({ channel: random })).not.toHaveProperty('warning');
    expect(await client.conversations.join({ channel: random })).toMatchObject({ warning: 'already_in_channel' });
    expect(await outcome(client.chat.postMessage({ channel: random, text: 'hi' }))).toBe('ok');
    await client.conversations.leave({ channel: random });
    expect(await client.conversations.leave({ channel: random })).toMatchObject({ ok: true, not_in_channel: true });
  });

  test('kick', async () => {
    const { client, slack } = bench;
    const channel = slack.channels.incidents;
    await client.conversations.kick({ channel, user: slack.users.dba });
    expect(await outcome(client.conversations.kick({ channel, user: slack.users.dba }))).toBe('not_in_channel');
    expect(await outcome(client.conversations.kick({ channel, user: slack.botUser }))).toBe('cant_kick_self');
  });
});

describe('topic, purpose, name, archive', () => {
  test('are set, and Slack leaves a notice', async () => {
    const { client, slack } = bench;
    const channel = await create();
    await client.conversations.setTopic({ channel, topic: 'sev1' });
    await client.conversations.setPurpose({ channel, purpose: 'data is gone' });
    await client.conversations.rename({ channel, name: 'incident-2' });
    expect(slack.channel('incident-2')).toMatchObject({ topic: 'sev1', purpose: 'data is gone' });
    expect(
      slack
        .channel(channel)
        .messages()
        .map(({ subtype }) => subtype),
    ).toEqual(['channel_join', 'channel_topic', 'channel_purpose', 'channel_name']);
    expect(await outcome(client.conversations.setTopic({ channel, topic: 'a'.repeat(251) }))).toBe('too_long');
    const foreign = client.conversations.rename({ channel: slack.channels.incidents, name: 'mine' });
    expect(await outcome(foreign)).toBe('not_authorized');
  });

  test('a bot can archive, but only people can undo it', async () => {
    const { client, slack } = bench;
    const channel = await create();
    expect(await outcome(client.conversations.unarchive({ channel }))).toBe('not_archived');
    await client.conversations.archive({ channel });
    expect(await outcome(client.conversations.archive({ channel }))).toBe('already_archived');
    expect(await outcome(client.conversations.setTopic({ channel, topic: 'a' }))).toBe('is_archived');
    expect(await outcome(client.conversations.unarchive({ channel }))).toBe('not_in_channel');
    slack.people.unarchive({ user: 'lead', channel });
    expect(await outcome(client.conversations.setTopic({ channel, topic: 'a' }))).toBe('ok');
  });
});

describe('lists', () => {
  test('channels by kind, without archived ones, in pages', async () => {
    const { client } = bench;
    const secret = await create('secret', true);
    await client.conversations.archive({ channel: await create('old') });
    const names = async (args: object) => {
      const seen: (string | undefined)[] = [];
      for await (const page of client.paginate('conversations.list', { limit: 2, ...args }))
        seen.push(...((page as { channels?: { name?: string }[] }).channels ?? []).map(({ name }) => name));
      return seen;
    };
    expect(await names({})).toEqual(['incidents', 'data-platform', 'random', 'old']);
    expect(await names({ exclude_archived: true, types: 'public_channel,private_channel' })).not.toContain('old');
    expect(await names({ types: 'private_channel' })).toEqual(['secret']);
    await client.conversations.leave({ channel: secret });
    expect(await names({ types: 'private_channel' })).toEqual([]);
    expect(await outcome(client.conversations.info({ channel: secret }))).toBe('channel_not_found');
    expect(await outcome(client.conversations.list({ types: 'secret' }))).toBe('invalid_types');
    expect(await outcome(client.conversations.list({ cursor: 'nonsense' }))).toBe('invalid_cursor');
    expect(await outcome(client.conversations.list({ limit: 1_001 }))).toBe('invalid_limit');
  });

  test('members in pages', async () => {
    const { client, slack } = bench;
    const first = await client.conversations.members({ channel: slack.channels.incidents, limit: 3 });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const rest = await client.conversations.members({ channel: slack.channels.incidents, limit: 3, cursor });
    expect([...(first.members ?? []), ...(rest.members ?? [])]).toEqual(slack.channel('incidents').members);
  });

  test('history: newest first, by time, in pages, metadata only when asked for', async () => {
    const { client, slack } = bench;
    const channel = slack.channels.incidents;
    const metadata = { event_type: 'muster.card', event_payload: { id: '1' } };
    const stamps: string[] = [];
    for (const text of ['a', 'b', 'c', 'd'])
      stamps.push((await client.chat.postMessage({ channel, text, metadata })).ts ?? '');
    const [, b = '', c = ''] = stamps;
    const texts = async (args: object) =>
      (await client.conversations.history({ channel, ...args })).messages?.map(({ text }) => text);
    expect(await texts({})).toEqual(['d', 'c', 'b', 'a']);
    expect(await texts({ oldest: b })).toEqual(['d', 'c']);
    expect(await texts({ oldest: b, latest: c, inclusive: true })).toEqual(['c', 'b']);
    const page = await client.conversations.history({ channel, limit: 3 });
    expect(page).toMatchObject({ has_more: true });
    expect(await texts({ limit: 3, cursor: page.response_metadata?.next_cursor })).toEqual(['a']);
    expect((await client.conversations.history({ channel })).messages?.[0]).not.toHaveProperty('metadata');
    const full = await client.conversations.history({ channel, include_all_metadata: true, limit: 1 });
    expect(full.messages).toMatchObject([{ text: 'd', metadata }]);
    expect(await outcome(client.conversations.history({ channel: slack.channels.random }))).toBe('not_in_channel');
    expect(await outcome(client.conversations.replies({ channel, ts: '1.000001' }))).toBe('thread_not_found');
  });
});

test('conversations.open: one direct message for the same people', async () => {
  const { client, slack } = bench;
  const first = await client.conversations.open({ users: slack.users.dba });
  const again = await client.conversations.open({ users: slack.users.dba });
  expect(again).toMatchObject({ already_open: true, channel: { id: first.channel?.id } });
  const group = await client.conversations.open({ users: `${slack.users.dba},${slack.users.lead}`, return_im: true });
  expect(group.channel).toMatchObject({ is_mpim: true });
  expect(await outcome(client.conversations.open({ users: 'U0NOBODY001' }))).toBe('user_not_found');
  await client.chat.postMessage({ channel: first.channel?.id ?? '', text: 'psst' });
  expect(slack.renderChannel('@dba')).toContain('psst');
});

test('a missing scope is named, with what there is; the kind of channel decides which one it is', async () => {
  const narrow = await startBench({ scopes: ['channels:history', 'channels:read'] });
  const { client, slack } = narrow;
  const secret = slack.people.createChannel({ user: 'lead', name: 'secret', private: true });
  slack.people.invite({ by: 'lead', channel: secret, user: 'muster' });
  expect(await outcome(client.conversations.history({ channel: slack.channels.incidents }))).toBe('ok');
  await expect(client.conversations.history({ channel: secret })).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'groups:history', provided: 'channels:history,channels:read' },
  });
  await expect(client.chat.postMessage({ channel: secret, text: 'a' })).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'chat:write' },
  });
  expect(await outcome(connect(slack).conversations.create({ name: 'a', is_private: true }))).toBe('missing_scope');
  await narrow.close();
});
