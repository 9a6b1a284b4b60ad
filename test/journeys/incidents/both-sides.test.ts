import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../../sandbox/pagerduty/faults.ts';
import { untilReady } from '../slack/act.ts';
import { PATIENCE_MS, TIMEOUT } from '../slack/patience.ts';
import { canTravel, eventually } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';
import { declared, pagersOf, rangFor, read, until, untilCard, untilDone } from './see-incident.ts';
import { send } from './send-alerts.ts';

const MINUTE_MS = 60_000;
/** Long enough for PagerDuty to page the next level. */
const ESCALATION_MS = 6 * MINUTE_MS;

const AWAY: Record<string, FaultKind | 'refused'> = {
  'connections refused': 'refused',
  'HTTP 500': { kind: 'status', code: 500 },
  'HTTP 429': { kind: 'ratelimited', reset: 20 },
  'no answer': { kind: 'hang' },
  'a connection that is cut once the call was taken': { kind: 'reset-after' },
  'HTTP 401': { kind: 'error', status: 401, code: 2006, message: 'Invalid token' },
};

describe.skipIf(!canTravel)('a page that is changed on either side', TIMEOUT, () => {
  let world: IncidentWorld;
  let count = 0;
  beforeAll(async () => {
    world = await openIncidentWorld();
    await world.inside.startBot();
    await untilReady(world);
  });
  afterEach(async () => {
    await mend();
    world.slack.faults.clear();
    world.pagerDuty.webhooks.resume();
    await world.pagerDuty.webhooks.release();
  });
  afterAll(() => world.close());

  /** An incident whose page oncall has got, its room open; answers it and PagerDuty's id. */
  async function paged(): Promise<{ incident: string; pager: string }> {
    count += 1;
    const namespace = `sides-${count}`;
    await send(world, { namespace });
    const incident = await declared(world, namespace);
    await untilDone(world, incident);
    await world.pagerDuty.webhooks.settled();
    const [pager] = await pagersOf(world, incident);
    if (pager === undefined) throw new Error(`nobody was paged for ${incident}`);
    return { incident, pager };
  }

  async function breakRest(fault: FaultKind | 'refused'): Promise<void> {
    if (fault === 'refused') await world.pagerDuty.faults.down('rest');
    else world.pagerDuty.faults.add({ ...fault, match: { api: 'rest' } });
  }

  async function mend(): Promise<void> {
    world.pagerDuty.faults.clear();
    await world.pagerDuty.faults.up();
  }

  const statusOf = (pager: string) => world.pagerDuty.incident(pager)['status'];

  async function untilStatus(pager: string, status: string, limitMs = PATIENCE_MS): Promise<void> {
    await eventually(`PagerDuty says ${status}`, () => statusOf(pager) === status || undefined, limitMs);
  }

  async function press(incident: string, user: string, label: string): Promise<void> {
    const channel = `incident-${incident}`;
    const find = () => world.slack.pressable(channel).findLast((button) => button.label === label);
    const { ts } = await eventually(`a button ${label}`, find, PATIENCE_MS);
    const delivery = await world.slack.deliver.click({ user, channel, ts, button: label, confirm: true });
    expect(delivery?.status).toBe(200);
  }

  /** Nobody but oncall was called, and nobody will be. */
  async function expectQuiet(incident: string): Promise<void> {
    world.clock.move(ESCALATION_MS);
    world.pagerDuty.clock.advance(0);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
    await untilDone(world, incident);
  }

  test('acknowledged by the button in Slack: PagerDuty pages nobody else', async () => {
    const { incident, pager } = await paged();
    await press(incident, 'oncall', 'Acknowledge');
    await untilStatus(pager, 'acknowledged');
    const [change] = world.pagerDuty
      .calls()
      .filter(({ operation }) => operation.startsWith('PUT'))
      .slice(-1);
    expect(change?.headers.from).toBe('oncall@sandbox.example');
    await untilCard(world, incident, /acknowledged by @oncall at/);
    await expectQuiet(incident);
  });

  test('acknowledged in Slack while Slack does not say who it was: PagerDuty does not wait for that', async () => {
    const { incident, pager } = await paged();
    world.slack.faults.add({ kind: 'hang', match: { method: 'users.info' } });
    await press(incident, 'lead', 'Acknowledge');
    await untilStatus(pager, 'acknowledged', 4_000);
    expect(
      world.slack
        .calls()
        .filter(({ method }) => method === 'users.info')
        .at(-1)?.answer,
    ).toBe('hung');
    await expectQuiet(incident);
  });

  test('acknowledged in PagerDuty: the card says by whom, within one webhook', async () => {
    const { incident, pager } = await paged();
    const before = world.pagerDuty.webhooks.log().length;
    world.pagerDuty.people.acknowledge('oncall', pager);
    await untilCard(world, incident, /acknowledged by Olive On-call at/);
    expect(world.pagerDuty.webhooks.log()).toHaveLength(before + 1);
    expect(
      world.pagerDuty.calls().filter(({ operation, path }) => operation.startsWith('PUT') && path.endsWith(pager)),
    ).toEqual([]);
    await expectQuiet(incident);
  });

  test.each(Object.entries(AWAY))('acknowledged in Slack while REST has trouble: %s', async (_name, fault) => {
    const { incident, pager } = await paged();
    await breakRest(fault);
    expect((await world.inside.type(['ack', incident])).code).toBe(0);
    await untilStatus(pager, 'acknowledged');
    world.clock.move(ESCALATION_MS);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
    await mend();
    await expectQuiet(incident);
    expect((await read(world, incident)).state.effects.get('change-page:1')?.doneAt).toBeDefined();
  });

  test.each(Object.entries(AWAY))('resolved in Slack while REST has trouble: %s', async (_name, fault) => {
    const { incident, pager } = await paged();
    await breakRest(fault);
    expect((await world.inside.type(['resolve', 'it is back', '--incident', incident])).code).toBe(0);
    const isLate = async () => (await read(world, incident)).state.effects.get('change-page:resolve-1')?.delayed.length;
    await eventually(
      'the trouble is met',
      async () => ((await isLate()) ?? 0) > 0 || statusOf(pager) === 'resolved' || undefined,
      PATIENCE_MS,
    );
    await mend();
    await untilDone(world, incident);
    await untilStatus(pager, 'resolved');
    await until(world, incident, 'it is over', ({ state }) => state.over);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
  });

  test('webhooks out of order and twice: what happened last counts', async () => {
    const { incident, pager } = await paged();
    world.pagerDuty.webhooks.hold();
    world.pagerDuty.people.acknowledge('lead', pager);
    world.clock.move(1_000);
    world.pagerDuty.people.note('lead', pager, 'looking');
    world.clock.move(1_000);
    world.pagerDuty.people.resolve('lead', pager);
    await world.pagerDuty.webhooks.release({ order: 'reversed', twice: true });
    const card = await untilCard(world, incident, /acknowledged by Lee Lead at .*, resolved at/);
    expect(card).not.toContain('[1: Acknowledge]');
    const notices = (await read(world, incident)).entries.flatMap(({ event }) =>
      event.type === 'incident.pager-noticed' ? [event.notice.id] : [],
    );
    expect(new Set(notices).size).toBe(notices.length);
    expect((await read(world, incident)).state.resolvedAt, 'that it is over, a person says here').toBeUndefined();
  });

  test('webhooks that come late do not undo what was done since', async () => {
    const { incident, pager } = await paged();
    world.pagerDuty.webhooks.hold();
    world.pagerDuty.people.escalate('oncall', pager);
    world.clock.move(1_000);
    await press(incident, 'lead', 'Acknowledge');
    await untilStatus(pager, 'acknowledged');
    await world.pagerDuty.webhooks.release();
    await world.pagerDuty.webhooks.settled();
    await untilDone(world, incident);
    await untilCard(world, incident, /acknowledged by @lead at/);
    expect((await read(world, incident)).state.pages.get('page:1')?.status).toBe('acknowledged');
  });

  test('webhooks that are lost for ever: what PagerDuty knows is found out within a minute', async () => {
    const { incident, pager } = await paged();
    world.pagerDuty.webhooks.lose();
    world.pagerDuty.people.acknowledge('lead', pager);
    world.clock.move(MINUTE_MS);
    await untilCard(world, incident, /acknowledged by Lee Lead at/);
    world.pagerDuty.people.resolve('lead', pager);
    world.clock.move(ESCALATION_MS);
    await untilCard(world, incident, /acknowledged by Lee Lead at .*, resolved at/);
    const reads = () =>
      world.pagerDuty.calls().filter(({ operation, path }) => operation.startsWith('GET') && path.endsWith(pager))
        .length;
    const before = reads();
    world.clock.move(ESCALATION_MS);
    await untilDone(world, incident);
    expect(reads(), 'what is resolved is not asked about').toBe(before);
  });

  test('escalated, given away and noted in PagerDuty', async () => {
    const { incident, pager } = await paged();
    world.pagerDuty.people.escalate('oncall', pager);
    await untilCard(world, incident, /NOT acknowledged yet; it is with Lee Lead/);
    world.pagerDuty.people.reassign('lead', pager, 'dba');
    await untilCard(world, incident, /NOT acknowledged yet; it is with Dana Database/);
    world.pagerDuty.people.note('dba', pager, 'the disk is full');
    const isNoted = async () =>
      (await world.inside.type(['timeline', incident])).text.includes('the disk is full') || undefined;
    await eventually('the note is in the timeline', isNoted, PATIENCE_MS);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered', 'lead escalated', 'dba reassigned']);
  });

  test('acknowledged, then escalated: whoever is called next can take it in Slack', async () => {
    const { incident, pager } = await paged();
    await press(incident, 'oncall', 'Acknowledge');
    await untilCard(world, incident, /acknowledged by @oncall at/);
    await untilStatus(pager, 'acknowledged');
    await press(incident, 'oncall', 'Escalate');
    await untilCard(world, incident, /NOT acknowledged yet; it is with Lee Lead/);
    await press(incident, 'lead', 'Acknowledge');
    await untilStatus(pager, 'acknowledged');
    await untilCard(world, incident, /acknowledged by @lead at/);
    world.clock.move(ESCALATION_MS);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered', 'lead escalated']);
  });

  test('escalated, noted and resolved in Slack', async () => {
    const { incident, pager } = await paged();
    await press(incident, 'oncall', 'Escalate');
    const isEscalated = async () => (await rangFor(world, incident)).includes('lead escalated') || undefined;
    await eventually('lead is paged', isEscalated, PATIENCE_MS);
    await untilCard(world, incident, /it is with Lee Lead/);
    expect((await world.inside.type(['note', 'the disk is full', '--incident', incident])).code).toBe(0);
    const isNoted = () =>
      world.pagerDuty
        .calls()
        .some(
          ({ operation, request }) =>
            operation.endsWith('/notes') && JSON.stringify(request).includes('the disk is full'),
        ) || undefined;
    await eventually('PagerDuty has the note', isNoted, PATIENCE_MS);
    expect((await world.inside.type(['resolve', '--incident', incident])).code).toBe(0);
    await untilStatus(pager, 'resolved');
    await until(world, incident, 'it is over', ({ state }) => state.over);
  });
});
