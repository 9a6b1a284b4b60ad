import { describe, expect, test } from 'vitest';
import { approve, ask, loseNamespace, planOf, until } from '../story.ts';
import { canTravel, eventually } from '../world.ts';
import { askInSlack, heard, press, type, untilReady } from './act.ts';
import { type SlackWorld, WAYS } from './open-slack.ts';
import { beginInSlack, endOf, inWorld, liveThrough, WELL } from './outage.ts';
import { PATIENCE_MS, TIMEOUT } from './patience.ts';
import { saidAbout, saidInTheEnd, untilSaid } from './said.ts';

describe.skipIf(!canTravel).each(WAYS)(
  'what the bot stands on is away when it starts, and two bots start, over %s',
  TIMEOUT,
  (way) => {
    /** Slack knows where the bot is; over Socket Mode once it has come. */
    const reachable = ({ slack }: SlackWorld) =>
      eventually('a web socket', () => way === 'HTTP' || slack.sockets.open() > 0 || undefined);

    test('Slack is down when the bot starts: a run from the terminal goes on and ends; the broken glass is announced later', () =>
      inWorld(way, async (world) => {
        await world.slack.faults.down();
        const bot = world.startBot();
        await liveThrough(bot, 'slack', 4_000);
        await loseNamespace(world);
        const run = await ask(world);
        expect((await approve(world, run, await planOf(world, run))).code).toBe(0);
        await until(world, run, 'succeeded', PATIENCE_MS);
        expect(saidAbout(world, run)).toEqual([]);
        await world.slack.faults.up();
        expect(await endOf(world, run)).toEqual({ ...WELL, said: ['card', 'glass', 'end'] });
        expect(bot.alive()).toBe(true);
      }));

    test('the cluster is down when the bot starts: the card stands, the plan comes later', () =>
      inWorld(way, async (world) => {
        await loseNamespace(world);
        await world.sandbox.cluster.api.faults.down();
        const bot = world.startBot();
        await liveThrough(bot, 'cluster', 2_000);
        await reachable(world);
        const run = await askInSlack(world);
        await untilSaid(world, run, 'card', /planning/);
        await world.sandbox.cluster.api.faults.up();
        await press(world, 'lead', 'Approve', run);
        expect(await endOf(world, run)).toEqual(WELL);
      }));

    test('Redis is down when the bot starts, and comes', () =>
      inWorld(way, async (world) => {
        await world.redis.kill();
        const bot = world.startBot();
        await liveThrough(bot, 'redis', 2_000);
        await reachable(world);
        expect(await type(world, 'oncall', 'restore namespace data-processing')).toMatch(/NOT recorded/);
        await world.redis.restart();
        const run = await beginInSlack(world);
        delete world.sandbox.cluster.velero.faults.stuckIn;
        expect(await endOf(world, run)).toEqual(WELL);
        expect(await world.ledger.recent(10)).toEqual([`run-${run}`]);
      }));

    test('two bots at once: no message twice, each click taken once', () =>
      inWorld(way, async (world) => {
        world.startBot();
        await world.startBot({ PORT: '0' }).url();
        await untilReady(world);
        await loseNamespace(world);
        const runs = [];
        for (let count = 0; count < 3; count += 1) runs.push(await askInSlack(world));
        const [first = '', ...others] = runs;
        for (const run of others) await press(world, 'lead', 'Reject', run);
        await press(world, 'lead', 'Approve', first);
        for (const run of others) expect((await saidInTheEnd(world, run)).map(({ kind }) => kind)).toEqual(WELL.said);
        expect(await endOf(world, first)).toEqual(WELL);
        expect(heard(world, 'lead').filter((text) => text.startsWith('Approval of run'))).toHaveLength(1);
      }));
  },
);
