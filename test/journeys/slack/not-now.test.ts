import { describe, expect, test } from 'vitest';
import { until } from '../story.ts';
import { canTravel, eventually, pause } from '../world.ts';
import { press, type } from './act.ts';
import { type SlackWorld, WAYS } from './open-slack.ts';
import { beginInSlack, endOf, inWorld, WELL } from './outage.ts';
import { PATIENCE_MS, TIMEOUT } from './patience.ts';
import { saidAbout } from './said.ts';

describe.skipIf(!canTravel).each(WAYS)('Slack says not now, over %s', TIMEOUT, (way) => {
  const MINUTE = 60_000;

  /** The run goes its way while Slack takes nothing; a minute of the bot's clock later it has everything. */
  async function refuseAMinute(fault: (world: SlackWorld) => () => void, asks: number): Promise<typeof WELL> {
    return inWorld(way, async (world) => {
      await world.inside.startBot();
      const run = await beginInSlack(world);
      await eventually(
        'the card shows the work',
        () => /running/.test(saidAbout(world, run)[0]?.text ?? '') || undefined,
      );
      const end = fault(world);
      const before = world.slack.calls().length;
      delete world.sandbox.cluster.velero.faults.stuckIn;
      await until(world, run, 'succeeded', PATIENCE_MS);
      await pause(3_000);
      expect(world.slack.calls().length - before).toBeLessThanOrEqual(asks);
      expect(saidAbout(world, run).map(({ kind }) => kind)).toEqual(['card', 'plan']);
      end();
      world.inside.clock.move(MINUTE);
      return endOf(world, run);
    });
  }

  test('429 with Retry-After of a minute: nobody asks before it is over', async () => {
    const end = await refuseAMinute(({ slack }) => slack.faults.add({ kind: 'ratelimited', retryAfter: 60 }), 2);
    expect(end).toEqual(WELL);
  });

  test('the token is revoked for a minute: the run goes on, the messages come after', async () => {
    const end = await refuseAMinute(({ slack }) => slack.faults.add({ kind: 'error', error: 'token_revoked' }), 2);
    expect(end).toEqual(WELL);
  });

  test('its API hangs: commands and clicks are answered in time, and nobody is in any user group', () =>
    inWorld(way, async (world) => {
      await world.inside.startBot();
      const run = await beginInSlack(world);
      world.slack.people.setGroup('dr-leads', ['lead', 'dba']);
      const off = world.slack.faults.add({ kind: 'hang', match: { method: /\./ } });
      expect(await type(world, 'oncall', 'runs')).toContain(run);
      expect(await type(world, 'dba', `abort ${run}`)).toContain('Slack did not say which user groups you are in.');
      expect(await press(world, 'lead', 'Details', run)).toContain(`Run ${run}: `);
      delete world.sandbox.cluster.velero.faults.stuckIn;
      await until(world, run, 'succeeded', PATIENCE_MS);
      off();
      expect(await endOf(world, run)).toEqual(WELL);
    }));

  test("under Slack's own rate limits a whole run is said, and no call is refused", () =>
    inWorld(way, async (world) => {
      world.slack.rateLimits.on();
      await world.inside.startBot();
      const run = await beginInSlack(world);
      delete world.sandbox.cluster.velero.faults.stuckIn;
      expect(await endOf(world, run)).toEqual(WELL);
      expect(world.slack.calls().filter(({ answer }) => answer === 'ratelimited')).toEqual([]);
    }));
});
