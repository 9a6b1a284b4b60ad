import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { untilReady } from '../slack/act.ts';
import { PATIENCE_MS, TIMEOUT } from '../slack/patience.ts';
import { canTravel, eventually } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';
import { declared, expectOnce, pagersOf, rangFor, untilCard, untilDone } from './see-incident.ts';
import { send } from './send-alerts.ts';

describe.skipIf(!canTravel)('somebody or something is in the way of the room', TIMEOUT, () => {
  let world: IncidentWorld;
  beforeAll(async () => {
    world = await openIncidentWorld();
    await world.inside.startBot();
    await untilReady(world);
  });
  afterEach(() => world.slack.faults.clear());
  afterAll(() => world.close());

  async function opened(namespace: string): Promise<string> {
    await send(world, { namespace });
    const incident = await declared(world, namespace);
    await expectOnce(world, incident);
    return incident;
  }

  async function type(...words: string[]): Promise<string> {
    const { code, text } = await world.inside.type(words);
    expect(code, text).toBe(0);
    return text;
  }

  /** The announcement is edited, PagerDuty changed, and nothing is called again and again. */
  async function expectToGoOn(incident: string, namespace: string): Promise<void> {
    await type('severity', 'sev2', '--incident', incident);
    const says = `SEV2 OPEN: ${namespace} does not answer`;
    const announcement = () => world.slack.renderChannel('incidents').includes(says) || undefined;
    await eventually('the announcement', announcement, PATIENCE_MS);
    await type('ack', incident);
    const [pager = ''] = await pagersOf(world, incident);
    const isTaken = () => world.pagerDuty.incident(pager)['status'] === 'acknowledged' || undefined;
    await eventually('PagerDuty is told', isTaken, PATIENCE_MS);
    await untilDone(world, incident);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
  }

  test('it is archived: that is noted, and the rest goes on', async () => {
    const incident = await opened('room-archived');
    const channel = `incident-${incident}`;
    world.slack.people.archive({ user: 'oncall', channel });
    const isNoted = async () => (await type('timeline', incident)).includes('The room was archived') || undefined;
    await eventually('that is noted', isNoted, PATIENCE_MS);
    await expectToGoOn(incident, 'room-archived');
    world.clock.move(16 * 60_000);
    const isTold = async () =>
      /NOT POSSIBLE: reminder of a status update 1: .*is_archived/.test(await type('status', incident)) || undefined;
    await eventually('what cannot be said there is told', isTold, PATIENCE_MS);
    world.slack.people.unarchive({ user: 'oncall', channel });
    world.slack.people.invite({ by: 'oncall', channel, user: 'muster' });
    await type('severity', 'sev1', '--incident', incident);
    const card = await untilCard(world, incident, /NOT POSSIBLE: reminder/);
    expect(card).toMatch(/== SEV1 OPEN.*acknowledged by/s);
  });

  test('the bot is put out of it: the rest goes on, and once it is back the card is right again', async () => {
    const incident = await opened('room-kicked');
    const channel = `incident-${incident}`;
    world.slack.people.leave({ user: 'muster', channel });
    await expectToGoOn(incident, 'room-kicked');
    world.slack.people.invite({ by: 'oncall', channel, user: 'muster' });
    await type('severity', 'sev3', '--incident', incident);
    expect(await untilCard(world, incident, /== SEV3 OPEN/)).toMatch(/acknowledged by/);
  });

  test('it is renamed: it is the same room', async () => {
    const incident = await opened('room-renamed');
    world.slack.people.rename({ user: 'oncall', channel: `incident-${incident}`, name: 'the-big-one' });
    await expectToGoOn(incident, 'room-renamed');
    await eventually(
      'the card is edited',
      () => world.slack.renderChannel('the-big-one').includes('== SEV2 OPEN') || undefined,
      PATIENCE_MS,
    );
    expect(world.slack.channelNames()).not.toContain(`incident-${incident}`);
  });

  test('a right is missing: the card says which, nothing waits for it, and it is done once it is there', async () => {
    world.slack.faults.add({ kind: 'error', error: 'missing_scope', match: { method: 'conversations.setTopic' } });
    await send(world, { namespace: 'room-topicless' });
    const incident = await declared(world, 'room-topicless');
    await untilCard(
      world,
      incident,
      /LATE, Muster keeps trying: topic: Slack answered conversations.setTopic with missing_scope/,
    );
    const card = await untilCard(world, incident, /@lead has joined the channel/);
    expect(card).toMatch(/\(edited\) \(pinned\)/);
    expect(card).toMatch(/set the channel description/);
    await eventually(
      'the bookmark',
      () => /^Bookmark: PagerDuty incident/m.test(world.slack.renderChannel(`incident-${incident}`)) || undefined,
      PATIENCE_MS,
    );
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
    world.slack.faults.clear();
    await expectOnce(world, incident);
    await untilCard(world, incident, /^Topic: SEV1 OPEN/m);
    await eventually(
      'the trouble is gone',
      () => !world.slack.renderChannel(`incident-${incident}`).includes('LATE') || undefined,
      PATIENCE_MS,
    );
  });

  test('what Slack refuses for good is named, and not tried on', async () => {
    world.slack.faults.add({ kind: 'error', error: 'restricted_action', match: { method: 'pins.add' } });
    const incident = await opened('room-pinless');
    await untilCard(world, incident, /NOT POSSIBLE: pin of the card: Slack answered pins.add with restricted_action/);
    const asked = () =>
      world.slack.calls().filter(({ method, answer }) => method === 'pins.add' && answer !== 'ok').length;
    expect(asked()).toBe(1);
  });
});
