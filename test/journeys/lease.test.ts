import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abort, approve, ask, beginRestore, loseNamespace, planOf, restoreOf, until, untilPhase } from './story.ts';
import { canTravel, eventually, openWorld, pause, type World } from './world.ts';

/** Waits until the run's Restore exists, in whatever phase. */
async function untilPhaseKnown(world: World, run: string): Promise<void> {
  await eventually('the Restore exists', () => world.restores().includes(restoreOf(run)) || undefined);
}

describe.skipIf(!canTravel)('one run at a time, and how a run is stopped', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    world.startBot();
  });
  afterAll(() => world.close());

  test('the second run for a target plans, parks at its start, and goes on by retry once the first is over', async () => {
    const { faults } = world.sandbox.cluster.velero;
    await loseNamespace(world);
    const first = await ask(world);
    const digest = await planOf(world, first);
    const second = await ask(world);
    const other = await planOf(world, second);
    faults.stuckIn = 'New';
    await approve(world, first, digest);
    await untilPhaseKnown(world, first);

    const approved = await approve(world, second, other, '--wait');
    expect(approved.code).toBe(4);
    expect(approved.text).toContain(
      `Parked: Run ${first} holds sandbox/data-processing; one run at a time may act on a target.`,
    );
    const third = await world.inside.type(['restore', 'namespace', 'data-processing']);
    expect(third.text).toContain(`Run ${first} holds this namespace: this run can be planned, but waits to start.`);
    const late = await until(world, /^Run ([a-z0-9]{6}):/m.exec(third.text)?.[1] ?? '', 'refused');
    expect(late.refusals?.[0]?.message).toContain('Velero does one at a time');

    delete faults.stuckIn;
    await until(world, first, 'succeeded');
    // The first run has changed the facts that the second was approved on: it must be planned and approved again.
    const { code, text } = await world.dr(['retry', second, '--wait']);
    expect(code).toBe(4);
    expect(text).toContain(
      'The facts changed since the approval: preflight.namespace, preflight.existingClaims, restore.skip, restore.create. Nothing was done.',
    );
    expect(world.restores()).toEqual([restoreOf(first)]);

    await world.inside.type(['retry', second]);
    expect(await planOf(world, second)).not.toBe(other);
    await abort(world, second);
    expect(await world.ledger.holder('sandbox/data-processing')).toBeUndefined();
  });

  test('aborted while the Restore is InProgress: it ends aborted, names what goes on in Velero, and does no further step', async () => {
    const { faults } = world.sandbox.cluster.velero;
    faults.stuckIn = 'InProgress';
    const run = await beginRestore(world);
    await untilPhase(world, run, 'InProgress');
    const { code, text } = await world.dr(['abort', run, '--reason', 'wrong cluster', '--wait']);
    expect(code).toBe(0);
    expect(text).toContain('ABORTED by');
    expect(text).toContain(
      `Velero has no cancel: Restore velero/${restoreOf(run)} goes on there until it ends by itself.`,
    );
    expect(await world.ledger.holder('sandbox/data-processing')).toBeUndefined();
    delete faults.stuckIn;
    await untilPhase(world, run, 'Completed');
    await pause(500);
    expect((await world.events(run)).slice(-2)).toEqual(['run.abort-requested', 'run.aborted']);
    expect((await world.inside.type(['abort', run])).text).toContain(`Run ${run} is over: it aborted.`);
  });

  test('a waiting run and a parked run can be aborted; nothing of theirs goes on', async () => {
    await loseNamespace(world);
    const waiting = await ask(world);
    await planOf(world, waiting);
    await abort(world, waiting);
    expect((await world.inside.type(['status', waiting])).text).toContain('Nothing of it goes on.');

    const parked = await ask(world);
    const digest = await planOf(world, parked);
    world.sandbox.cluster.store.create('namespaces', { metadata: { name: 'data-processing' } });
    await approve(world, parked, digest);
    await until(world, parked, 'parked');
    expect(await world.ledger.holder('sandbox/data-processing')).toBe(`run-${parked}`);
    await abort(world, parked);
    expect(await world.ledger.holder('sandbox/data-processing')).toBeUndefined();
    expect(world.restores()).not.toContain(restoreOf(parked));
  });
});
