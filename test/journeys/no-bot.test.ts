import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approve, ask, beginRestore, loseNamespace, planOf, restoreOf, until, untilPhase } from './story.ts';
import { canTravel, eventually, NAMESPACE, openWorld, pause, type World } from './world.ts';

describe.skipIf(!canTravel)('no bot runs, or it is told to stop', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('the terminal does the work; Ctrl-C in the middle loses nothing, and the next terminal ends it with one Restore', async () => {
    const { faults } = world.sandbox.cluster.velero;
    faults.stuckIn = 'InProgress';
    await loseNamespace(world);
    const asked = await world.dr(['restore', 'namespace', NAMESPACE]);
    expect(asked.code).toBe(0);
    expect(asked.text).toContain('No Muster is running to do it. Start it (npm start), or do it from here: dr status');
    const run = /^Run ([a-z0-9]{6}):/m.exec(asked.text)?.[1] ?? '';

    let planning: ChildProcess | undefined;
    const planned = world.dr(['status', run, '--wait'], { onStart: (child) => (planning = child) });
    const digest = await planOf(world, run);
    planning?.kill('SIGINT');
    expect((await planned).code).toBe(130);

    let working: ChildProcess | undefined;
    const worked = world.dr(['approve', run, digest, '--reason', 'nobody else is awake', '--wait'], {
      onStart: (child) => (working = child),
    });
    await untilPhase(world, run, 'InProgress');
    working?.kill('SIGINT');
    const { code, text } = await worked;
    expect(text).toContain('No Muster is running: this terminal does the work. Keep it open.');
    expect(text).toContain(`Run ${run} stops between steps; go on with: dr status ${run} --wait`);
    expect(code).toBe(130);
    expect((await world.state(run))?.outcome).toBeUndefined();

    delete faults.stuckIn;
    const ended = await world.dr(['status', run, '--wait']);
    expect(ended.text).toContain('another worker took over and looks before it does anything.');
    expect(ended.text).toContain('RECOVERED and verified');
    expect(ended.code).toBe(0);
    expect(world.restores()).toEqual([restoreOf(run)]);
  });

  test('SIGTERM in the middle of a step: the bot drains and exits 0, and the other bot goes on at once', async () => {
    const { faults } = world.sandbox.cluster.velero;
    faults.stuckIn = 'InProgress';
    const first = world.startBot();
    await first.url();
    const run = await beginRestore(world);
    await untilPhase(world, run, 'InProgress');
    const second = world.startBot();
    await second.url();
    const { code, tookMs } = await first.terminate();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(15_000);
    await eventually(
      'the other bot took it over',
      async () => (await world.events(run)).includes('step.adopted') || undefined,
      12_000,
    );
    delete faults.stuckIn;
    await until(world, run, 'succeeded');
    expect(world.restores().filter((name) => name.includes(run))).toEqual([restoreOf(run)]);
    expect(second.alive()).toBe(true);
  });

  test('SIGTERM to a bot with nothing to do: it is gone within seconds', async () => {
    const bot = world.startBot();
    await bot.url();
    const run = await loseNamespace(world).then(() => ask(world));
    await planOf(world, run);
    const { code, tookMs } = await bot.terminate();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
    const { text } = await approve(world, run, 'ffffffff');
    expect(text).toContain(`The plan of run ${run} is`);
  });

  test('SIGTERM in the moment Redis comes back: it is gone within the time that a drain may take', async () => {
    const bot = world.startBot();
    await bot.url();
    await world.redis.kill();
    await pause(2_000);
    await world.redis.restart();
    const { code, tookMs } = await bot.terminate();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(20_000);
  });
});
