import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VeleroFaults } from '../../sandbox/velero/faults.ts';
import { abort, beginRestore, restoreOf, until, untilPhase, untilStep } from './story.ts';
import { canTravel, eventually, NAMESPACE, openWorld, pause, type World } from './world.ts';

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

  const endings: [string, VeleroFaults, string][] = [
    [
      'PartiallyFailed',
      { outcome: { phase: 'PartiallyFailed', errors: 2 } },
      'ended PartiallyFailed with 2 errors and 0 warnings',
    ],
    ['Failed', { outcome: { phase: 'Failed', reason: 'the bucket is gone' } }, 'ended Failed: the bucket is gone.'],
    [
      'FailedValidation',
      { outcome: { phase: 'FailedValidation', errors: ['backup not found'] } },
      'ended FailedValidation: backup not found.',
    ],
    [
      'Completed with warnings',
      { warnings: 3 },
      'Not verified: no warnings: injected warning 1; injected warning 2; injected warning 3',
    ],
    ['a volume Failed', { failVolumes: 'no space left on device' }, 'ended PartiallyFailed with 2 errors'],
  ];
  test.each(endings)('%s: failed, and the report says so', async (_what, faults, sentence) => {
    Object.assign(world.sandbox.cluster.velero.faults, faults);
    const run = await beginRestore(world);
    await until(world, run, 'failed');
    const text = await told(run);
    expect(text).toContain(`NOT RECOVERED: `);
    expect(text).toContain(sentence);
    expect(text).toContain(restoreOf(run));
    expect(world.restores().filter((name) => name.includes(run))).toHaveLength(1);
  });

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

  test('stuck InProgress: parked after its fifteen minutes, never called failed or recovered', async () => {
    const { faults } = world.sandbox.cluster.velero;
    faults.stuckIn = 'InProgress';
    const run = await beginRestore(world);
    await untilPhase(world, run, 'InProgress');
    await pause(500);
    world.inside.clock.move(16 * MINUTE);
    await until(world, run, 'parked');
    expect(await told(run)).toContain('It was not stopped: Velero has no cancel.');
    await abort(world, run);
    delete faults.stuckIn;
    await untilPhase(world, run, 'Completed');
  });

  test('a service answers 500: failed after its three minutes, with the service named', async () => {
    const { services } = world.sandbox.cluster;
    services.set(NAMESPACE, 'enrichment-service', { status: 500, body: 'broken' });
    const run = await beginRestore(world);
    await untilStep(world, run, 'health');
    world.inside.clock.move(4 * MINUTE);
    await until(world, run, 'failed');
    services.set(NAMESPACE, 'enrichment-service', 'ok');
    expect(await told(run)).toContain('health enrichment-service:8080/health: HTTP 500');
  });

  test('a Deployment never becomes ready: failed, with the Deployment named', async () => {
    const scope = { namespace: NAMESPACE, labels: { app: 'projection-service' } };
    const heal = world.sandbox.cluster.controllers.failPods(scope, 'ImagePullBackOff');
    const run = await beginRestore(world);
    await untilStep(world, run, 'wait-ready');
    await pause(500);
    world.inside.clock.move(11 * MINUTE);
    await until(world, run, 'failed');
    heal();
    expect(await told(run)).toContain('deployment/projection-service');
  });
});
