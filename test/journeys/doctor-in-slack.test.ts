import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type as typeIn, untilReady } from './slack/act.ts';
import { openSlackWorld, type SlackWorld, WAYS } from './slack/open-slack.ts';
import { canTravel } from './world.ts';

describe.skipIf(!canTravel).each(WAYS)('/dr doctor, over %s', (way) => {
  let world: SlackWorld;
  beforeAll(async () => {
    world = await openSlackWorld({ way });
    world.startBot();
    await untilReady(world);
  });
  afterAll(() => world.close());

  const type = (user: string, text: string) => typeIn(world, user, text);

  test('with everything well', async () => {
    const said = await type('oncall', 'doctor');
    expect(said).toMatch(/^In order: 5 to read, 2 not set up/);
    expect(said).toContain('ok   sandbox: velero: Velero v1.18.1 answers.');
    expect(world.slack.violations()).toEqual([]);
  });

  test('what is red comes first, with its remedy', async () => {
    world.sandbox.cluster.velero.storage.setUnavailable('bucket not found');
    const said = await type('oncall', 'doctor --cluster sandbox');
    world.sandbox.cluster.velero.storage.setAvailable();
    expect(said).toMatch(/NOT in order: 1 red.*\nRED {2}sandbox: storage default: .*\n {5}Next: Check its bucket/);
  });

  test('whom the policy does not know is told nothing', async () => {
    const said = await type('stranger', 'doctor');
    expect(said).toContain('No group of the policy knows this actor.');
    expect(said).not.toContain('velero');
  });

  test('the cluster down: it is answered', async () => {
    await world.sandbox.cluster.api.faults.down();
    const said = await type('oncall', 'doctor');
    await world.sandbox.cluster.api.faults.up();
    expect(said).toMatch(/RED {2}sandbox: cluster: Cluster sandbox gave no answer/);
    expect(said).toContain('ok   redis: version');
  });

  test('Redis down: it is answered, while what needs the record is refused', async () => {
    await world.redis.kill();
    const said = await type('oncall', 'doctor');
    expect(said).toMatch(/NOT in order: 1 red/);
    expect(said).toMatch(/RED {2}redis: Redis does not answer .*ECONNREFUSED/);
    expect(said).toContain('ok   sandbox: velero');
    expect(await type('oncall', 'runs')).toContain('NOT recorded, nothing started');
    await world.redis.restart();
  });
});
