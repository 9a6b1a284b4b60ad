import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../../sandbox/pagerduty/faults.ts';
import type { IncidentState } from '../../../src/domain/incident.ts';
import { untilReady } from '../slack/act.ts';
import { PATIENCE_MS, TIMEOUT } from '../slack/patience.ts';
import { canTravel, eventually } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';
import { declared, expectOnce, pagersOf, rangFor, read, saidOf, until, untilCard, untilDone } from './see-incident.ts';
import { send } from './send-alerts.ts';

/** Long enough for PagerDuty to page the next level, ms. */
const ESCALATION_MS = 360_000;

type Away = FaultKind | 'refused';

const FAULTS: Record<string, Away> = {
  'connections refused': 'refused',
  'HTTP 500': { kind: 'status', code: 500 },
  'HTTP 429': { kind: 'ratelimited', reset: 20 },
  'no answer': { kind: 'hang' },
  'a connection that is cut': { kind: 'reset' },
  'a connection that is cut once the call was taken': { kind: 'reset-after' },
  'no answer though the call was taken': { kind: 'hang-after' },
  'HTTP 401': { kind: 'error', status: 401, code: 2006, message: 'Invalid token' },
};
const ROWS = Object.entries(FAULTS).map(([name, fault], row) => ({ name, fault, row }));
/** Nothing is taken by either API; the Events API knows no tokens. */
const LOST = ROWS.filter(({ name }) => !/taken|401/.test(name));

describe.skipIf(!canTravel)('PagerDuty has trouble', TIMEOUT, () => {
  let world: IncidentWorld;
  beforeAll(async () => {
    world = await openIncidentWorld();
    await world.inside.startBot();
    await untilReady(world);
  });
  afterEach(async () => {
    world.pagerDuty.faults.clear();
    world.slack.faults.clear();
    world.pagerDuty.webhooks.resume();
    await world.pagerDuty.faults.up();
  });
  afterAll(() => world.close());

  async function breakIt(fault: Away, api?: 'rest' | 'events'): Promise<void> {
    if (fault === 'refused') return world.pagerDuty.faults.down(api);
    world.pagerDuty.faults.add({ ...fault, ...(api === undefined ? {} : { match: { api } }) });
  }

  async function mend(): Promise<void> {
    world.pagerDuty.faults.clear();
    await world.pagerDuty.faults.up();
  }

  async function declare(namespace: string): Promise<string> {
    await send(world, { namespace });
    return declared(world, namespace);
  }

  async function isPaged(incident: string, namespace: string): Promise<void> {
    const rings = () => world.pagerDuty.pages().some(({ title }) => title.includes(namespace)) || undefined;
    await eventually(`a telephone rings for ${incident}`, rings, PATIENCE_MS);
  }

  test.each(ROWS)(
    'REST: $name: the second path pages, once; later the card has the link',
    async ({ name, fault, row }) => {
      const namespace = `rest-${row}`;
      const before = (await world.ledger.incidents(500)).length;
      await breakIt(fault, 'rest');
      const incident = await declare(namespace);
      await isPaged(incident, namespace);
      // Of what was taken PagerDuty's own webhook may tell first: then nothing more is needed.
      await untilCard(world, incident, /taken/.test(name) ? /: paged by PagerDuty/ : /second path \(Events API\)/);
      await mend();
      await expectOnce(world, incident);
      const [pager] = await pagersOf(world, incident);
      await untilCard(world, incident, new RegExp(`PagerDuty \\(https://[^)]*/incidents/${pager}\\)`));
      expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
      expect(saidOf(world, incident).map(({ key }) => key)).not.toContain('page-aloud:1');
      await world.pagerDuty.webhooks.settled();
      expect((await world.ledger.incidents(500)).length, 'its own page declares nothing').toBe(before + 1);
    },
  );

  test.each(LOST)('both ways: $name: everybody is called, until PagerDuty pages', async ({ fault, row }) => {
    const namespace = `both-${row}`;
    await breakIt(fault);
    const incident = await declare(namespace);
    const aloud = () => saidOf(world, incident).find(({ key }) => key === 'page-aloud:1');
    const { message, channel } = await eventually('everybody is called', aloud, PATIENCE_MS);
    expect(JSON.stringify(message)).toContain('<!here>');
    // Whom to call into the room only PagerDuty could say.
    expect(channel).toBe('incidents');
    expect(JSON.stringify(message)).toMatch(/REST API: PagerDuty.*Events API: PagerDuty/);
    await untilCard(world, incident, /NOT PAGED YET, Muster keeps trying: REST API: PagerDuty/);
    await mend();
    await expectOnce(world, incident);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
    await eventually(
      'the call is taken back',
      () => !JSON.stringify(aloud()?.message).includes('<!here>') || undefined,
    );
  });

  test('both ways: acknowledged in Slack meanwhile, nobody is paged any more', async () => {
    await breakIt('refused');
    const incident = await declare('both-acknowledged');
    await untilCard(world, incident, /NOT PAGED YET/);
    const nobody = await world.inside.type(['page', 'dba']);
    expect(nobody).toMatchObject({ code: 1, text: expect.stringContaining('Nobody was paged: call them.') });
    const { code } = await world.inside.type(['ack', incident]);
    expect(code).toBe(0);
    // Nobody would ever be told of it.
    const escalated = await world.inside.type(['escalate', incident]);
    expect(escalated).toMatchObject({ code: 1, text: expect.stringContaining('PagerDuty knows nothing of it') });
    expect(escalated.text).toContain('Next: Call them by phone; where PagerDuty answers');
    expect(world.slack.pressable(`incident-${incident}`).map(({ label }) => label)).not.toContain('Escalate');
    await mend();
    await untilDone(world, incident);
    world.clock.move(60_000);
    await untilDone(world, incident);
    expect(await pagersOf(world, incident)).toEqual([]);
    expect((await read(world, incident)).state.pages.get('page:1')?.acknowledged).toBeDefined();
  });

  test('both ways and no room: everybody in the incidents channel is called', async () => {
    await breakIt('refused');
    world.slack.faults.add({ kind: 'error', error: 'internal_error', match: { method: 'conversations.create' } });
    const incident = await declare('both-roomless');
    const aloud = () => saidOf(world, incident).find(({ key }) => key === 'page-aloud:1');
    const { channel, message } = await eventually('everybody is called', aloud, PATIENCE_MS);
    expect(channel).toBe('incidents');
    expect(JSON.stringify(message)).toContain('<!here>');
    world.slack.faults.clear();
    await mend();
    await expectOnce(world, incident);
  });

  test('both ways: a private incident calls those in its room, and nobody elsewhere', async () => {
    await breakIt('refused');
    world.slack.faults.add({ kind: 'error', error: 'internal_error', match: { method: 'conversations.create' } });
    const { text } = await world.inside.type(['declare', 'customer data is exposed', '--private']);
    const incident = /Incident (\S+) is declared/.exec(text)?.[1] ?? text;
    const isTried = ({ effects }: IncidentState) => effects.get('page-by-event:1')?.delayed.length;
    await until(world, incident, 'both ways are tried', ({ state }) => (isTried(state) ?? 0) > 0);
    world.slack.faults.clear();
    const aloud = () => saidOf(world, incident).find(({ key }) => key === 'page-aloud:1');
    const { channel } = await eventually('those in the room are called', aloud, PATIENCE_MS);
    expect(channel).toBe(`incident-${incident}`);
    await mend();
    await untilDone(world, incident);
    expect(saidOf(world, incident).filter((it) => it.channel === 'incidents')).toEqual([]);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
  });

  test('REST: acknowledged in PagerDuty meanwhile: the card says by whom, and nobody else is paged', async () => {
    await breakIt('refused', 'rest');
    const incident = await declare('rest-acknowledged');
    await isPaged(incident, 'rest-acknowledged');
    const [pager = ''] = await pagersOf(world, incident);
    world.pagerDuty.people.acknowledge('oncall', pager);
    await untilCard(world, incident, /acknowledged by Olive On-call at/);
    world.clock.move(ESCALATION_MS);
    await mend();
    await expectOnce(world, incident);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
  });

  test('REST: escalated in Slack meanwhile, webhooks lost: the next level is paged once it is back', async () => {
    world.pagerDuty.webhooks.lose();
    await breakIt('refused', 'rest');
    const incident = await declare('rest-escalated');
    await isPaged(incident, 'rest-escalated');
    await untilCard(world, incident, /second path \(Events API\)/);
    expect((await world.inside.type(['escalate', incident])).code).toBe(0);
    await untilCard(world, incident, /LATE, Muster keeps trying: change in PagerDuty 1: PagerDuty does not answer/);
    await mend();
    await expectOnce(world, incident);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered', 'lead escalated']);
  });

  test('REST, and Slack too: the second path pages all the same', async () => {
    await breakIt('refused', 'rest');
    await world.slack.faults.down();
    const incident = await declare('rest-and-slack');
    await isPaged(incident, 'rest-and-slack');
    await world.slack.faults.up();
    await mend();
    await expectOnce(world, incident);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
  });
});
