import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { untilReady } from '../slack/act.ts';
import { PATIENCE_MS, TIMEOUT } from '../slack/patience.ts';
import { type Bot, canTravel, eventually } from '../world.ts';
import { type IncidentWorld, inRealTime, openIncidentWorld } from './open-incidents.ts';
import { declared, expectOnce, rangFor, until } from './see-incident.ts';
import { post, send } from './send-alerts.ts';

describe.skipIf(!canTravel)('what Muster stands on goes away while alerts come', TIMEOUT, () => {
  let world: IncidentWorld;
  let bot: Bot;
  beforeAll(async () => {
    world = inRealTime(await openIncidentWorld());
    bot = world.startBot();
    await untilReady(world);
  });
  afterEach(() => world.slack.faults.clear());
  afterAll(() => world.close());

  async function expectPagedOnce(namespace: string): Promise<void> {
    const incident = await declared(world, namespace);
    await expectOnce(world, incident);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
  }

  test('it is stopped in the middle, and started again', async () => {
    world.slack.faults.add({ kind: 'slow', ms: 300 });
    await send(world, { namespace: 'restarted' });
    const incident = await declared(world, 'restarted');
    await until(world, incident, 'the room', ({ state }) => state.effects.get('open-room')?.doneAt !== undefined);
    expect(await bot.terminate()).toMatchObject({ code: 0 });
    world.slack.faults.clear();
    bot = world.startBot();
    await expectPagedOnce('restarted');
  });

  test('of two at once, one dies', async () => {
    const other = world.startBot({ PORT: '0' });
    const port = new URL(await other.url()).port;
    const namespaces = Array.from({ length: 6 }, (_, index) => `replica-${index}`);
    // Both get every alert, as from two Alertmanagers.
    const alerts = namespaces.map((namespace) => ({ namespace, startsAt: world.clock.now() }));
    await Promise.all(alerts.flatMap((alert) => [send(world, alert), post(world, [alert], port)]));
    await declared(world, 'replica-0');
    other.process.kill('SIGKILL');
    for (const namespace of namespaces) await expectPagedOnce(namespace);
    expect(other.alive()).toBe(false);
  });

  test('Redis is down: the sender is told to come again, and nothing is lost', async () => {
    await world.redis.kill();
    const namespaces = Array.from({ length: 5 }, (_, index) => `redis-${index}`);
    const first = await Promise.all(namespaces.map((namespace) => post(world, [{ namespace }])));
    expect(first).toEqual(
      namespaces.map(() => expect.objectContaining({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) })),
    );
    const sending = namespaces.map((namespace) => send(world, { namespace }));
    await world.redis.restart();
    await Promise.all(sending);
    for (const namespace of namespaces) await expectPagedOnce(namespace);
    await eventually(
      'the inbox is empty',
      async () => (await world.ledger.countReceived()) === 0 || undefined,
      PATIENCE_MS,
    );
  });
});
