import { describe, expect, test } from 'vitest';
import { until } from '../story.ts';
import { canTravel } from '../world.ts';
import { press, type } from './act.ts';
import { onlyOverHttp, WAYS } from './open-slack.ts';
import { beginInSlack, endOf, inWorld, liveThrough, WELL } from './outage.ts';
import { PATIENCE_MS, TIMEOUT } from './patience.ts';

/** How long something is away in mid-run, ms: longer than every time-out and lock; a minute of it would show nothing more. */
const AWAY_MS = 20_000;

describe.skipIf(!canTravel).concurrent.each(WAYS)(
  'what the bot stands on goes away in mid-run, over %s',
  TIMEOUT,
  (way) => {
    onlyOverHttp(way, 'socket.test.ts has the outages of a web socket, all three kinds of them', () =>
      test('Slack is down for 20 s in mid-run: the run does not wait for it, the messages come after', () =>
        inWorld(way, async (world) => {
          const bot = world.startBot();
          const run = await beginInSlack(world);
          await world.slack.faults.down();
          delete world.sandbox.cluster.velero.faults.stuckIn;
          await liveThrough(bot, 'slack', AWAY_MS);
          await until(world, run, 'succeeded', PATIENCE_MS);
          await world.slack.faults.up();
          expect(await endOf(world, run)).toEqual(WELL);
        })),
    );

    onlyOverHttp(
      way,
      'start.test.ts has the cluster down over both; the way in has no part in how a run lives through it',
      () =>
        test('the cluster is down for 20 s in mid-run', () =>
          inWorld(way, async (world) => {
            const bot = world.startBot();
            const run = await beginInSlack(world);
            await world.sandbox.cluster.api.faults.down();
            delete world.sandbox.cluster.velero.faults.stuckIn;
            await liveThrough(bot, 'cluster', AWAY_MS);
            await world.sandbox.cluster.api.faults.up();
            expect(await endOf(world, run)).toEqual(WELL);
          })),
    );

    test('Redis is down for 20 s in mid-run: commands and clicks hear NOT recorded, and later nothing of them was started', () =>
      inWorld(way, async (world) => {
        const bot = world.startBot();
        const run = await beginInSlack(world);
        await world.redis.kill();
        delete world.sandbox.cluster.velero.faults.stuckIn;
        const typed = await type(world, 'oncall', 'restore namespace monitoring --from a&b');
        expect(typed).toMatch(/NOT recorded, nothing started/);
        expect(typed).toContain('dr restore namespace monitoring --from a&amp;b');
        expect(await press(world, 'oncall', 'Abort', run)).toMatch(/NOT recorded, nothing started/);
        await liveThrough(bot, 'redis', AWAY_MS);
        await world.redis.restart();
        expect(await endOf(world, run)).toEqual(WELL);
        expect(await world.ledger.recent(10)).toEqual([`run-${run}`]);
        expect(await world.events(run)).not.toContain('run.abort-requested');
      }));
  },
);
