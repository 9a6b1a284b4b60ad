import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, outcome, startBench } from './client.ts';

let bench: Bench;
let channel: string;
let ts: string;
beforeEach(async () => {
  bench = await startBench();
  channel = bench.slack.channels.incidents;
  ts = (await bench.client.chat.postMessage({ channel, text: 'a card' })).ts ?? '';
});
afterEach(() => bench.close());

test('pins', async () => {
  const { client, slack } = bench;
  await client.pins.add({ channel, timestamp: ts });
  expect(await outcome(client.pins.add({ channel, timestamp: ts }))).toBe('already_pinned');
  expect(await outcome(client.pins.add({ channel, timestamp: '1.000001' }))).toBe('message_not_found');
  const pinned = [{ type: 'message', channel, created_by: slack.botUser, message: { ts, pinned_to: [channel] } }];
  expect((await client.pins.list({ channel })).items).toMatchObject(pinned);
  expect(slack.channel('incidents').pins).toEqual([ts]);
  await client.pins.remove({ channel, timestamp: ts });
  expect(await outcome(client.pins.remove({ channel, timestamp: ts }))).toBe('no_pin');
  expect(await outcome(client.pins.list({ channel: slack.channels.random }))).toBe('not_in_channel');
});

test('bookmarks', async () => {
  const { client, slack } = bench;
  const link = 'https://example.com/runbook';
  const added = await client.bookmarks.add({
    channel_id: channel,
    title: 'Runbook',
    type: 'link',
    link,
    emoji: ':book:',
  });
  const id = added.bookmark?.id ?? '';
  expect(added.bookmark).toMatchObject({ title: 'Runbook', link, emoji: ':book:', channel_id: channel });
  await client.bookmarks.edit({ channel_id: channel, bookmark_id: id, title: 'The runbook' });
  expect(slack.channel('incidents').bookmarks).toEqual([{ title: 'The runbook', link }]);
  const add = (args: object) => outcome(client.apiCall('bookmarks.add', { channel_id: channel, title: 'a', ...args }));
  expect(await add({ type: 'link', link: 'runbook' })).toBe('invalid_link');
  expect(await add({ type: 'folder', link })).toBe('invalid_bookmark_type');
  expect(await add({ link })).toBe('invalid_arguments');
  expect((await client.bookmarks.list({ channel_id: channel })).bookmarks).toMatchObject([{ id }]);
  await client.bookmarks.remove({ channel_id: channel, bookmark_id: id });
  expect(await outcome(client.bookmarks.remove({ channel_id: channel, bookmark_id: id }))).toBe('not_found');
});

test('reactions', async () => {
  const { client, slack } = bench;
  await client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
  expect(await outcome(client.reactions.add({ channel, timestamp: ts, name: 'eyes' }))).toBe('already_reacted');
  expect(await outcome(client.reactions.add({ channel, timestamp: ts, name: ':eyes:' }))).toBe('invalid_name');
  expect(await outcome(client.reactions.add({ channel, timestamp: '1.000001', name: 'eyes' }))).toBe(
    'message_not_found',
  );
  slack.people.react({ user: 'lead', channel: 'incidents', ts, name: 'eyes' });
  expect(slack.channel('incidents').messages()[0]?.reactions).toEqual([
    { name: 'eyes', users: [slack.botUser, slack.users.lead], count: 2 },
  ]);
});

test('people and groups', async () => {
  const { client, slack } = bench;
  const { lead } = slack.users;
  const { user } = await client.users.info({ user: lead });
  expect(user).toMatchObject({ id: lead, name: 'lead', is_bot: false, profile: { email: 'lead@sandbox.example' } });
  expect(await outcome(client.users.info({ user: 'U0NOBODY001' }))).toBe('user_not_found');
  expect((await client.users.lookupByEmail({ email: 'LEAD@sandbox.example' })).user?.id).toBe(lead);
  expect(await outcome(client.users.lookupByEmail({ email: 'x@y.example' }))).toBe('users_not_found');
  expect((await client.users.list({})).members).toHaveLength(5);
  const groups = await client.usergroups.list({ include_users: true });
  expect(groups.usergroups).toMatchObject([{ id: slack.groups['dr-leads'], handle: 'dr-leads', users: [lead] }]);
  expect((await client.usergroups.users.list({ usergroup: slack.groups['dr-leads'] })).users).toEqual([lead]);
  expect(await outcome(client.usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam');
  for (const id of Object.values(slack.users)) expect(id).toMatch(/^[UW][A-Z0-9]{2,}$/);
});

test('api.test answers with what it was asked', async () => {
  expect(await bench.client.apiCall('api.test', { foo: 'bar' })).toMatchObject({ args: { foo: 'bar' } });
  expect(await outcome(bench.client.api.test({ error: 'my_error' }))).toBe('my_error');
});
