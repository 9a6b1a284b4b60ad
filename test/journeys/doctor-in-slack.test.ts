import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { canTravel, eventually, openWorld, type World } from './world.ts';

describe.skipIf(!canTravel)('/dr doctor', () => {
  let world: World;
  let slack: SandboxSlack;
  beforeAll(async () => {
    world = await openWorld({ slack: true });
    if (world.sandbox.slack === undefined) throw new Error('no Slack');
    slack = world.sandbox.slack;
    world.startBot();
    await world.sandbox.awaitBot();
    // Its first sweep loads what talks to Kubernetes, which takes a while.
    await eventually('it has asked the cluster', () => world.sandbox.cluster.api.requests()[0]);
  });
  afterAll(() => world.close());

  /** Types it, and waits for the last answer, which may come late. */
  async function type(user: string, text: string): Promise<string> {
    const before = slack.ephemerals(user).length;
    await slack.deliver.command(user, 'incidents', '/dr', text);
    return eventually(`${user} is answered`, () =>
      slack
        .ephemerals(user)
        .slice(before)
        .map(({ message }) => message.text ?? '')
        .find((it) => !it.startsWith('Working on it')),
    );
  }

  test('with everything well', async () => {
    const said = await type('oncall', 'doctor');
    expect(said).toMatch(/^In order: 1 to read, 2 not set up/);
    expect(said).toContain('ok   sandbox: velero: Velero v1.18.1 answers.');
    expect(slack.violations()).toEqual([]);
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
