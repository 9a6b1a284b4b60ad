import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VeleroFaults } from '../../sandbox/velero/faults.ts';
import { beginRestore, restoreOf, until, untilPhase } from './story.ts';
import { canTravel, eventually, openWorld, pause, type World } from './world.ts';

const MINUTE = 60_000;

describe.skipIf(!canTravel)('Velero or the workloads do not do what they should', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await world.inside.startBot();
  });
  afterEach(() => {
    world.inside.clock.reset();
    for (const fault of Object.keys(world.sandbox.cluster.velero.faults) as (keyof VeleroFaults)[])
      delete world.sandbox.cluster.velero.faults[fault];
  });
  afterAll(() => world.close());

  async function told(run: string): Promise<string> {
    const { text } = await world.inside.type(['status', run]);
    expect(text).not.toMatch(/(?<!NOT )RECOVERED/);
    return text;
  }

  test('Completed while volumes are still written: the run waits for them', async () => {
    Object.assign(world.sandbox.cluster.velero.faults, { completeTooEarly: true, holdVolumes: 'InProgress' });
    const run = await beginRestore(world);
    await untilPhase(world, run, 'Completed');
    await pause(1_000);
    expect(await told(run)).toContain('volumes still being written');
    delete world.sandbox.cluster.velero.faults.holdVolumes;
    await until(world, run, 'succeeded');
  });

  test('Completed, but a volume fails afterwards: failed, with the volume named', async () => {
    const { faults } = world.sandbox.cluster.velero;
    Object.assign(faults, { completeTooEarly: true, holdVolumes: 'InProgress' });
    const run = await beginRestore(world);
    await untilPhase(world, run, 'Completed');
    faults.failVolumes = 'no space left on device';
    delete faults.holdVolumes;
    await until(world, run, 'failed');
    const text = await told(run);
    expect(text).toContain(`Restore ${restoreOf(run)} is Completed, but volumes are not: `);
    expect(text).toContain('no space left on device');
  });

  test('stuck in New: parked after two minutes with who to look at; retry waits on, and it ends well', async () => {
    const { faults } = world.sandbox.cluster.velero;
    faults.stuckIn = 'New';
    const run = await beginRestore(world);
    await eventually('the Restore is there', () => world.restores().includes(restoreOf(run)) || undefined);
    world.inside.clock.move(3 * MINUTE);
    await until(world, run, 'parked');
    const text = await told(run);
    expect(text).toContain(`Restore ${restoreOf(run)} has been New for`);
    expect(text).toContain('Velero has not taken it up; is its Deployment ready, is another Restore running?');
    delete faults.stuckIn;
    await untilPhase(world, run, 'Completed');
    await world.inside.type(['retry', run]);
    await until(world, run, 'succeeded');
    expect(world.restores().filter((name) => name.includes(run))).toHaveLength(1);
  });
});
