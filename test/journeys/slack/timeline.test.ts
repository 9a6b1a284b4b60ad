import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IncidentView } from '../../../src/domain/incident.ts';
import { incidentStream, type Opening } from '../../../src/domain/incident-events.ts';
import { changeIncident, readIncident, recordDeclared } from '../../../src/engine/record-incident.ts';
import { canTravel, eventually } from '../world.ts';
import { told, untilReady } from './act.ts';
import { openSlackWorld, type SlackWorld } from './open-slack.ts';
import { PATIENCE_MS, TIMEOUT } from './patience.ts';

const EVENTS = [
  ...['message', 'pin_added', 'pin_removed', 'reaction_added', 'reaction_removed', 'channel_archive', 'group_archive'],
];
const INCIDENT = '20261126-174158';

describe.skipIf(!canTravel)('what people mark in a room goes into its timeline', TIMEOUT, () => {
  let world: SlackWorld;
  let room = '';
  let bot: ReturnType<SlackWorld['startBot']>;
  const stream = incidentStream(INCIDENT);
  const view = (): Promise<IncidentView> => readIncident(world.ledger, stream);
  const deps = () => ({ ledger: world.ledger, clock: world.inside.clock });
  const say = (text: string, user = 'oncall') => world.slack.people.say({ user, channel: room, text });
  const pinned = async () => [...(await view()).state.pinned.values()];
  const isIn = async (ts: string) => (await view()).state.pinned.has(ts);
  const until = (what: string, ts: string, wanted: boolean) =>
    eventually(what, async () => (await isIn(ts)) === wanted || undefined, PATIENCE_MS);

  beforeAll(async () => {
    world = await openSlackWorld({ slack: { events: EVENTS, retryDelaysMs: [500, 1_000, 60_000] } });
    bot = world.startBot();
    await untilReady(world);
    room = world.slack.people.createChannel({
      ...{ user: 'lead', name: `incident-${INCIDENT}`, private: true },
      members: ['muster', 'oncall', 'dba', 'stranger'],
    });
    const opening: Opening = {
      ...{ incident: INCIDENT, installation: await world.ledger.installation(), title: 'the shop is down' },
      ...{ severity: 'sev3', private: true, domain: 'by-hand/test', invite: [], tell: [] },
      by: { kind: 'slack', user: world.slack.users.oncall },
    };
    await recordDeclared(deps(), { type: 'incident.declared', opening }, undefined);
    const effects = [{ key: 'open-room', attempt: 1 }];
    await changeIncident(deps(), stream, () => ({ type: 'effects.begun', effects, worker: 'test' }) as const);
    const result = { channel: room, name: `incident-${INCIDENT}` };
    await changeIncident(deps(), stream, () => ({ type: 'effect.done', key: 'open-room', result }) as const);
  });
  afterAll(() => world.close());

  test('a pin, with who said it, who marked it, and where it is', async () => {
    const ts = say('disk of db-0 is full & <!channel> is not to be called', 'dba');
    world.slack.people.pin({ user: 'lead', channel: room, ts });
    await until('the pin', ts, true);
    expect((await pinned()).find((message) => message.ts === ts)).toMatchObject({
      ...{ channel: room, author: world.slack.users.dba },
      text: 'disk of db-0 is full & <!channel> is not to be called',
      link: expect.stringContaining(ts.replace('.', '')),
    });
    const event = (await view()).entries.map((entry) => entry.event).find(({ type }) => type === 'message.pinned');
    expect(event).toMatchObject({ by: world.slack.users.lead });
    world.slack.people.unpin({ user: 'oncall', channel: room, ts });
    await until('the un-pinning', ts, false);
    world.slack.people.pin({ user: 'lead', channel: room, ts });
    await until('the pin again', ts, true);
  });

  test('an emoji, for as long as somebody has it on the message', async () => {
    const ts = say('failed over to replica 2');
    const mark = (user: string, name = 'pushpin') => ({ user, channel: room, ts, name });
    world.slack.people.react(mark('dba', 'eyes'));
    await world.slack.deliver.settled();
    expect(await isIn(ts)).toBe(false);
    world.slack.people.react(mark('dba'));
    await until('the emoji', ts, true);
    expect((await pinned()).at(-1)).toMatchObject({
      text: 'failed over to replica 2',
      author: world.slack.users.oncall,
    });
    world.slack.people.react(mark('lead'));
    world.slack.people.unreact(mark('dba'));
    await world.slack.deliver.settled();
    expect(await isIn(ts)).toBe(true);
    world.slack.people.unreact(mark('lead'));
    await until('the emoji taken off', ts, false);
  });

  test('the shortcut of a message, which answers', async () => {
    const thread = say('who is on the database?');
    const ts = world.slack.people.say({ user: 'dba', channel: room, text: 'I am', threadTs: thread });
    const use = (channel = room, at = ts) =>
      world.slack.deliver.shortcut({ user: 'oncall', callbackId: 'dr-timeline', on: { channel, ts: at } });
    expect(await told(world, 'oncall', () => use())).toContain(
      `The message is in the timeline of incident ${INCIDENT}`,
    );
    expect((await pinned()).at(-1)).toMatchObject({ ts, text: 'I am', author: world.slack.users.dba });
    expect(await told(world, 'oncall', () => use())).toContain('in already');
    const elsewhere = world.slack.people.say({ user: 'oncall', channel: 'incidents', text: 'hello' });
    expect(await told(world, 'oncall', () => use('incidents', elsewhere))).toContain('no room of an incident');
    const foreign = { user: 'oncall', callbackId: 'another', on: { channel: room, ts } };
    expect(await told(world, 'oncall', () => world.slack.deliver.shortcut(foreign))).toContain('no such shortcut');
  });

  test('nobody whom the policy does not know changes anything', async () => {
    const ts = say('look here');
    world.slack.people.pin({ user: 'stranger', channel: room, ts });
    world.slack.people.react({ user: 'stranger', channel: room, ts, name: 'pushpin' });
    await world.slack.deliver.settled();
    const used = { user: 'stranger', callbackId: 'dr-timeline', on: { channel: room, ts } };
    expect(await told(world, 'stranger', () => world.slack.deliver.shortcut(used))).toContain('No group of the policy');
    expect(await isIn(ts)).toBe(false);
    expect(bot.lines().some(({ msg }) => msg.includes('whom the policy does not know'))).toBe(true);
  });

  test('what is delivered again late does not undo what came after it', async () => {
    const ts = say('rolled back');
    const sent = await world.slack.deliver.event(pinEvent('pin_added', ts));
    await until('the pin', ts, true);
    await world.slack.deliver.event(pinEvent('pin_removed', ts));
    await until('the un-pinning', ts, false);
    const again = await world.slack.deliver.redeliver(sent[0]?.deliveryId ?? '');
    expect(again.status).toBe(200);
    expect(await isIn(ts)).toBe(false);
  });

  test('a pin of our own card is no note', async () => {
    const { ts } = { ts: say('pretend that this is the card') };
    const done = { type: 'effect.done', key: 'post-card', result: { channel: room, ts } } as const;
    const effects = [{ key: 'post-card', attempt: 1 }];
    const begun = { type: 'effects.begun' as const, effects, worker: 'test' };
    const known = (await view()).state.effects.get('post-card')?.result?.ts;
    if (known === undefined) for (const draft of [begun, done]) await changeIncident(deps(), stream, () => draft);
    await world.slack.deliver.event(pinEvent('pin_added', known ?? ts));
    expect(await isIn(known ?? ts)).toBe(false);
  });

  test('with Redis away Slack sends it again, until it is in', async () => {
    const ts = say('restarted the queue');
    const missed = () => bot.lines().filter(({ msg }) => msg.includes('could not be answered')).length;
    const before = missed();
    await world.redis.kill();
    const sending = world.slack.deliver.event(pinEvent('pin_added', ts));
    await eventually('Redis is missed', () => missed() > before || undefined, PATIENCE_MS);
    await world.redis.restart();
    const attempts = await sending;
    expect(attempts[0]?.status).toBe(503);
    await until('the pin', ts, true);
  });

  test('that the room was archived is noted once', async () => {
    world.slack.people.archive({ user: 'stranger', channel: room });
    const notes = async () => (await view()).state.notes.map(({ text, by }) => ({ text, by }));
    await eventually('the note', async () => (await notes()).length > 0 || undefined, PATIENCE_MS);
    await world.slack.deliver.event({ type: 'group_archive', channel: room, user: world.slack.users.stranger });
    expect(await notes()).toEqual([
      { text: 'The room was archived in Slack.', by: expect.objectContaining({ user: world.slack.users.stranger }) },
    ]);
  });

  const pinEvent = (type: string, ts: string) => {
    const message = { type: 'message', user: world.slack.users.oncall, text: 'restarted the queue', ts };
    const item = { type: 'message', channel: room, created: 1, created_by: world.slack.users.lead, message };
    return { type, user: world.slack.users.lead, channel_id: room, item };
  };
});
