import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { canTravel, eventually, openWorld, pause, type World } from './world.ts';

const DAY = 86_400_000;

describe.skipIf(!canTravel)('the daily check', () => {
  let world: World;
  let slack: SandboxSlack;
  beforeAll(async () => {
    world = await openWorld({ slack: true, env: { PORT: '0' } });
    if (world.sandbox.slack === undefined) throw new Error('no Slack');
    slack = world.sandbox.slack;
  });
  afterAll(() => world.close());

  const dayOf = (ms: number) => `doctor/${new Date(ms).toISOString().slice(0, 10)}`;
  const today = () => dayOf(world.inside.clock.now());
  const done = () => eventually('today is done', async () => (await world.ledger.isClaimed(today())) || undefined);
  const posted = () => slack.posted().map(({ message }) => message.text ?? '');

  test('green: nothing is posted', async () => {
    const stop = await world.inside.startBot();
    world.inside.clock.move(61_000);
    world.inside.clock.reset();
    await done();
    await stop();
    expect(posted()).toEqual([]);
  });

  test('red: two replicas post it once, with what to do; nothing is asked for again that day', async () => {
    world.sandbox.cluster.velero.storage.setUnavailable('bucket not found');
    await forgetToday();
    const stops = [await world.inside.startBot(), await world.inside.startBot()];
    world.inside.clock.move(61_000);
    world.inside.clock.reset();
    await done();
    expect(posted()).toHaveLength(1);
    const [said] = posted();
    expect(said).toMatch(/Daily check of Muster: NOT in order: 1 red/);
    expect(said).toMatch(
      /RED {2}sandbox: storage default: Unavailable: bucket not found\.\n {5}Next: Check its bucket/,
    );
    expect(said).not.toContain('redis eviction');
    const asked = world.sandbox.cluster.api.requests().length;
    world.inside.clock.move(61_000);
    world.inside.clock.reset();
    await pause(1_000);
    const reviews = world.sandbox.cluster.api.requests().slice(asked);
    expect(reviews.filter(({ resource }) => resource.startsWith('selfsubject'))).toEqual([]);
    for (const stop of stops) await stop();
  });

  test('who died between the message and its record: the next one posts nothing twice', async () => {
    await forgetToday();
    const stop = await world.inside.startBot();
    world.inside.clock.move(61_000);
    world.inside.clock.reset();
    await done();
    await stop();
    expect(posted()).toHaveLength(1);
  });

  test('Slack down at that moment: it is said when Slack is back', async () => {
    await forgetToday();
    const key = today();
    const channel = slack.channels.incidents;
    const stop = await world.inside.startBot();
    const heal = slack.faults.add({ kind: 'status', code: 503, match: { method: /^(chat|conversations)\./ } });
    world.inside.clock.move(DAY);
    // Once by the doctor's own line about the channel, once on the way to post.
    const refused = () =>
      slack.calls().filter(({ method, answer }) => method === 'conversations.list' && answer === 'http 503').length;
    await eventually('it was tried', () => refused() > 1 || undefined);
    await pause(200);
    heal();
    expect(await world.ledger.isClaimed(dayOf(world.inside.clock.now()))).toBe(false);
    await forget(`${dayOf(world.inside.clock.now())}/attempt`);
    world.inside.clock.move(61_000);
    await done();
    await stop();
    expect(dayOf(world.inside.clock.now())).not.toBe(key);
    expect(slack.posted().map((it) => it.channel)).toEqual([channel, channel]);
  });

  /** As after a night in which nothing was kept of it. */
  async function forgetToday(): Promise<void> {
    await forget(today());
    await forget(`${today()}/attempt`);
  }

  async function forget(id: string): Promise<void> {
    const redis = new Redis(world.redis.url);
    await redis.del(`{muster}:claim:${id}`);
    redis.disconnect();
  }
});
