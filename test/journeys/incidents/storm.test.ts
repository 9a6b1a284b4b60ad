import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilReady } from '../slack/act.ts';
import { TIMEOUT } from '../slack/patience.ts';
import { canTravel } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';
import { declared, expectOnce, incidentsOf, pagersOf, rangFor, read, until, untilCard } from './see-incident.ts';
import { post, type SentAlert } from './send-alerts.ts';

const ALERTS = 1_000;
const WEBHOOKS = 50;
const SERVICES = ['storage', 'queue', 'web'];

describe.skipIf(!canTravel)('a storm of alerts', TIMEOUT, () => {
  let world: IncidentWorld;
  let storm: SentAlert[];
  beforeAll(async () => {
    world = await openIncidentWorld();
    await world.inside.startBot();
    await untilReady(world);
    const startsAt = world.clock.now();
    storm = Array.from({ length: ALERTS }, (_, index) => ({
      ...{ namespace: 'stormy', name: `Alert${index}`, service: SERVICES[index % SERVICES.length] ?? '', startsAt },
    }));
  });
  afterAll(() => world.close());

  /** All at once, as so many Alertmanagers; another namespace in the midst of it. */
  async function sendAll(status: 'firing' | 'resolved', more: readonly SentAlert[] = []): Promise<void> {
    const size = ALERTS / WEBHOOKS;
    const parts = Array.from({ length: WEBHOOKS }, (_, index) => storm.slice(index * size, (index + 1) * size));
    const posted = [...parts, more].filter((part) => part.length > 0);
    const answers = await Promise.all(
      posted.map((part) =>
        post(
          world,
          part.map((it) => ({ ...it, status })),
        ),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(posted.map(() => 202));
  }

  test('of three services is one incident and one page; another namespace is a second one', async () => {
    await sendAll('firing', [{ namespace: 'calm' }]);
    const incident = await declared(world, 'stormy');
    await until(world, incident, 'every alert is in it', ({ state }) => state.failures.size === ALERTS);
    await untilCard(world, incident, /Alerts: 1,000 firing.*storage 334 firing.*queue 333 firing.*web 333 firing/);
    const other = await declared(world, 'calm');
    for (const id of [incident, other]) {
      await expectOnce(world, id);
      expect(await rangFor(world, id)).toEqual(['oncall triggered']);
    }
    expect((await read(world, other)).state.failures.size).toBe(1);
  });

  test('that is over: the card proposes to resolve it, and nothing does so', async () => {
    const incident = await declared(world, 'stormy');
    await sendAll('resolved');
    await sendAll('firing');
    await untilCard(world, incident, /Alerts: .*1,000 resolved/);
    await untilCard(world, incident, /All alerts are resolved. If it is over, resolve the incident; nothing does that/);
    expect((await read(world, incident)).state.resolvedAt).toBeUndefined();
    const [pager = ''] = await pagersOf(world, incident);
    expect(world.pagerDuty.incident(pager)['status']).toBe('triggered');
    expect(await incidentsOf(world, 'stormy')).toHaveLength(1);
  });
});
