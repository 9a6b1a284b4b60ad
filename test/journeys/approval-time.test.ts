import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abort, approve, ask, loseNamespace, planOf, until } from './story.ts';
import { canTravel, openWorld, type World } from './world.ts';

const MINUTE = 60_000;

describe.skipIf(!canTravel)('approvals have thirty minutes', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await loseNamespace(world);
  });
  afterAll(() => world.close());

  test('nobody approves: expired, nothing was changed, and a late approval is refused', async () => {
    const stop = await world.inside.startBot();
    const run = await ask(world);
    const digest = await planOf(world, run);
    world.inside.clock.move(29 * MINUTE);
    expect((await world.inside.type(['status', run])).text).toMatch(/Waits for approval, (59 s|5\d s) left/);
    world.inside.clock.move(2 * MINUTE);
    await until(world, run, 'expired');
    const { text } = await world.inside.type(['status', run]);
    expect(text).toContain('EXPIRED: nobody approved the plan within 30 minutes; nothing was changed.');
    expect((await approve(world, run, digest)).text).toContain(`Run ${run} is over: it expired.`);
    expect(world.writes()).toEqual([]);
    await stop();
  });

  test('approved, but nobody did the work for thirty minutes: the approval is void, a retry plans afresh', async () => {
    const stop = await world.inside.startBot();
    const run = await ask(world);
    const digest = await planOf(world, run);
    await stop();
    expect((await approve(world, run, digest)).code).toBe(0);
    world.inside.clock.move(31 * MINUTE);
    const stopAgain = await world.inside.startBot();
    await until(world, run, 'parked');
    const { text } = await world.inside.type(['status', run]);
    expect(text).toContain('The approval is older than 30 minutes and the run had not started.');
    expect(world.writes()).toEqual([]);
    await world.inside.type(['retry', run]);
    await planOf(world, run);
    await abort(world, run);
    await stopAgain();
  });
});
