import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SandboxSlack, startSlack } from '../../sandbox/slack/start-slack.ts';
import { createSlack, type Slack } from '../../src/adapters/slack.ts';
import { coerceError } from '../../src/errors.ts';
import { patient } from './slack-world.ts';

const NAME = 'incident-20261126-174158';
const silent = () => undefined;
let slack: SandboxSlack;
let muster: Slack;
const rooms = () => muster.rooms;

beforeEach(async () => {
  slack = await startSlack();
  muster = createSlack({
    botToken: slack.botToken,
    way: { signingSecret: slack.signingSecret },
    apiUrl: slack.url,
    answer: async () => ({ text: '', recorded: undefined }),
    log: { info: silent, warn: silent, error: silent },
  });
});
afterEach(async () => {
  await muster.close();
  await slack.close();
});

const open = () => rooms().create(NAME, false, patient());
const asked = (method: string) => slack.calls().filter((call) => call.method === method).length;
const failure = (call: Promise<unknown>) => call.then(() => undefined, coerceError);
const says = (method: string, error: string, times = 1) =>
  slack.faults.add({ kind: 'error', error, match: { method }, times });
const member = (channel: string, user: string) => slack.channel(channel).members.includes(user);

describe('a room', () => {
  test.each([true, false])('is made once, private: %s', async (isPrivate) => {
    const channel = await rooms().create(NAME, isPrivate, patient());
    expect(slack.channel(channel)).toMatchObject({ name: NAME, kind: isPrivate ? 'private' : 'public' });
    expect(await failure(open())).toMatchObject({ code: 'CHAT_NAME_TAKEN', retryable: false });
  });

  test.each<[string, string, boolean]>([
    ['invalid_name_specials', 'CHAT_REFUSED', false],
    ['restricted_action', 'CHAT_REFUSED', false],
    ['missing_scope', 'CHAT_FORBIDDEN', true],
    ['ratelimited', 'CHAT_UNREACHABLE', true],
    ['internal_error', 'CHAT_UNANSWERED', true],
  ])('is not made: %s', async (word, code, retryable) => {
    says('conversations.create', word);
    expect(await failure(open())).toMatchObject({ code, retryable });
  });

  test('is found again by whoever made it, on whatever page', async () => {
    const before = Date.now();
    const find = (since: number) => rooms().find(NAME, since, patient());
    for (let count = 0; count < 1_100; count += 1) slack.people.createChannel({ user: 'lead', name: `c${count}` });
    expect(await find(before)).toBeUndefined();
    const channel = await open();
    expect(await find(before)).toBe(channel);
    expect(await find(before + 3_600_000)).toBeUndefined();
  });

  test("is not found where it is somebody else's, or archived", async () => {
    slack.people.createChannel({ user: 'lead', name: NAME });
    expect(await rooms().find(NAME, 0, patient())).toBeUndefined();
    const ours = await rooms().create(`${NAME}-2`, false, patient());
    await rooms().invite(ours, slack.users.lead, patient());
    slack.people.archive({ user: 'lead', channel: ours });
    expect(await rooms().find(`${NAME}-2`, 0, patient())).toBeUndefined();
  });
});

describe('what stands above a room', () => {
  test.each(['setTopic', 'setPurpose'] as const)('%s says it once, and what is too long is cut', async (set) => {
    const channel = await open();
    const part = set === 'setTopic' ? 'topic' : 'purpose';
    for (let round = 0; round < 2; round += 1) await rooms()[set](channel, 'SEV1 & db <down>', patient());
    expect(slack.channel(channel)[part]).toBe('SEV1 & db <down>');
    expect(asked(`conversations.${set}`)).toBe(1);
    for (let round = 0; round < 2; round += 1) await rooms()[set](channel, '🔥'.repeat(251), patient());
    expect([...slack.channel(channel)[part]]).toHaveLength(250);
    expect(asked(`conversations.${set}`)).toBe(2);
    for (let round = 0; round < 2; round += 1) await rooms()[set](channel, 'a &lt;b&gt; <@U1>', patient());
    expect(asked(`conversations.${set}`)).toBe(3);
  });

  test('the first time, Slack is not asked what it says', async () => {
    const channel = await open();
    await rooms().setTopic(channel, 't', patient(), true);
    await rooms().setPurpose(channel, 'p', patient(), true);
    await rooms().addBookmark(channel, { title: 'Page', url: 'https://pager.example' }, patient(), true);
    const { topic, purpose, bookmarks } = slack.channel(channel);
    expect({ topic, purpose, bookmarks: bookmarks.length }).toEqual({ topic: 't', purpose: 'p', bookmarks: 1 });
    expect([asked('conversations.info'), asked('bookmarks.list')]).toEqual([0, 0]);
  });

  test('a bookmark is set once', async () => {
    const channel = await open();
    const alert = { title: 'Alert', url: 'https://alerts.example/?a=1&b=2' };
    for (let round = 0; round < 2; round += 1) await rooms().addBookmark(channel, alert, patient());
    await rooms().addBookmark(channel, { title: 'Page', url: 'https://pager.example' }, patient());
    expect(slack.channel(channel).bookmarks.map(({ link }) => link)).toEqual([alert.url, 'https://pager.example']);
    expect(await failure(rooms().addBookmark(channel, { title: 'x', url: 'nowhere' }, patient()))).toMatchObject({
      code: 'CHAT_REFUSED',
      message: expect.stringContaining('invalid_link'),
    });
  });

  test('a pin is set once; what is not there cannot be pinned', async () => {
    const channel = await open();
    const message = { text: 'the card', blocks: [] };
    const { ts } = await muster.chat.post({ channel, key: 'k', message }, patient());
    for (let round = 0; round < 2; round += 1) await rooms().pin(channel, ts, patient());
    expect(slack.channel(channel).pins).toEqual([ts]);
    expect(await failure(rooms().pin(channel, '1.1', patient()))).toMatchObject({ code: 'CHAT_REFUSED' });
  });

  test.each([
    ['is_archived', 'the channel is archived'],
    ['not_in_channel', 'the bot is not in the channel'],
    ['channel_not_found', 'there is no such channel'],
  ])('%s is an answer for good, and says what it means', async (word, meaning) => {
    const channel = await open();
    const calls: [string, () => Promise<unknown>][] = [
      ['conversations.setTopic', () => rooms().setTopic(channel, 't', patient())],
      ['conversations.setPurpose', () => rooms().setPurpose(channel, 'p', patient())],
      ['conversations.info', () => rooms().setTopic(channel, 'u', patient())],
      ['bookmarks.list', () => rooms().addBookmark(channel, { title: 'x', url: 'https://x' }, patient())],
      ['bookmarks.add', () => rooms().addBookmark(channel, { title: 'x', url: 'https://x' }, patient())],
      ['pins.add', () => rooms().pin(channel, '1.1', patient())],
      ['conversations.invite', () => rooms().invite(channel, slack.users.dba, patient())],
      ['conversations.invite', () => rooms().invite(channel, slack.groups['dr-leads'], patient())],
    ];
    for (const [method, call] of calls) {
      says(method, word);
      expect(await failure(call())).toMatchObject({
        code: 'CHAT_REFUSED',
        retryable: false,
        message: expect.stringContaining(meaning),
      });
    }
  });
});

describe('calling people in', () => {
  test('one person, who may be in already', async () => {
    const channel = await open();
    for (let round = 0; round < 2; round += 1)
      expect(await rooms().invite(channel, slack.users.dba, patient())).toEqual([]);
    expect(member(channel, slack.users.dba)).toBe(true);
    expect(await rooms().invite(channel, slack.botUser, patient())).toEqual([]);
  });

  test.each([
    ['user_not_found', /no such member \(user_not_found\)/],
    ['user_is_restricted', /a guest \(user_is_restricted\)/],
    ['cant_invite', /Slack does not let us/],
    ['ura_max_channels', /a guest of one channel/],
    ['something_new', /Slack refuses \(something_new\)/],
  ])('a person who cannot be is named, with why: %s', async (word, why) => {
    const channel = await open();
    says('conversations.invite', word);
    expect(await rooms().invite(channel, slack.users.dba, patient())).toEqual([expect.stringMatching(why)]);
  });

  test.each(['ratelimited', 'fatal_error', 'token_revoked'])('is tried again after %s', async (word) => {
    const channel = await open();
    says('conversations.invite', word);
    expect(await failure(rooms().invite(channel, slack.users.dba, patient()))).toMatchObject({ retryable: true });
  });

  test('everybody of a group at once; one who cannot be keeps nobody else out', async () => {
    const channel = await open();
    slack.people.setGroup('dr-leads', ['lead', 'dba', 'stranger', 'oncall', 'muster']);
    slack.people.deactivate({ user: 'stranger' });
    await rooms().invite(channel, slack.users.oncall, patient());
    const refused = await rooms().invite(channel, slack.groups['dr-leads'], patient());
    expect(refused).toEqual([
      `${slack.users.stranger} could not be called in: Slack has no such member (user_not_found)`,
    ]);
    expect(['lead', 'dba', 'oncall'].map((it) => member(channel, slack.users[it as 'lead']))).toEqual([
      true,
      true,
      true,
    ]);
    expect(asked('conversations.invite')).toBe(2);
  });

  test('one by one where Slack takes nobody of a batch', async () => {
    const channel = await open();
    slack.people.setGroup('dr-leads', ['lead', 'dba', 'oncall']);
    says('conversations.invite', 'failed_for_some_users');
    says('conversations.invite', 'user_is_restricted');
    const refused = await rooms().invite(channel, slack.groups['dr-leads'], patient());
    expect(refused).toEqual([`${slack.users.lead} could not be called in: a guest (user_is_restricted)`]);
    expect(member(channel, slack.users.dba)).toBe(true);
    expect(asked('conversations.invite')).toBe(4);
  });

  test('a group that is not there, or has nobody in it', async () => {
    const channel = await open();
    expect(await rooms().invite(channel, 'S0NOWHERE', patient())).toEqual([expect.stringContaining('S0NOWHERE')]);
    slack.people.setGroup('dr-leads', []);
    expect(await rooms().invite(channel, slack.groups['dr-leads'], patient())).toEqual([]);
    says('usergroups.users.list', 'missing_scope');
    expect(await failure(rooms().invite(channel, slack.groups['dr-leads'], patient()))).toMatchObject({
      code: 'CHAT_FORBIDDEN',
    });
  });
});

describe('who is who', () => {
  test('by e-mail address, asked once', async () => {
    for (const email of ['dba@sandbox.example', ' DBA@Sandbox.example'])
      expect(await rooms().memberOf(email, patient())).toBe(slack.users.dba);
    expect(asked('users.lookupByEmail')).toBe(1);
    expect(await rooms().memberOf('nobody@sandbox.example', patient())).toBeUndefined();
  });

  test('by id', async () => {
    expect(await rooms().emailOf(slack.users.lead, patient())).toBe('lead@sandbox.example');
    expect(await rooms().emailOf('U0NOBODY', patient())).toBeUndefined();
    slack.people.deactivate({ user: 'dba' });
    expect(await rooms().emailOf(slack.users.dba, patient())).toBeUndefined();
  });

  test('an answer that did not come is not taken for nobody', async () => {
    says('users.lookupByEmail', 'fatal_error');
    says('users.info', 'missing_scope');
    expect(await failure(rooms().memberOf('dba@sandbox.example', patient()))).toMatchObject({ retryable: true });
    expect(await failure(rooms().emailOf(slack.users.dba, patient()))).toMatchObject({ code: 'CHAT_FORBIDDEN' });
    expect(await rooms().memberOf('dba@sandbox.example', patient())).toBe(slack.users.dba);
  });
});
