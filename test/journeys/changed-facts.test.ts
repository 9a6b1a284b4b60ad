import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abort, approve, ask, loseNamespace, planOf, restoreOf, until, untilPhase } from './story.ts';
import { canTravel, eventually, NAMESPACE, openWorld, type World } from './world.ts';

describe.skipIf(!canTravel)('what is no longer as it was approved', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    world.startBot();
  });
  afterAll(() => world.close());

  test('the namespace came back with a PVC after the plan: parked, the approval is void, and retry plans afresh', async () => {
    await loseNamespace(world);
    const run = await ask(world);
    const digest = await planOf(world, run);
    const { store } = world.sandbox.cluster;
    store.create('namespaces', { metadata: { name: NAMESPACE } });
    store.create('persistentvolumeclaims', {
      metadata: { name: 'data-clickhouse-0', namespace: NAMESPACE },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'standard',
        resources: { requests: { storage: '1Gi' } },
      },
    });
    const { code, text } = await approve(world, run, digest, '--wait');
    expect(code).toBe(4);
    expect(text).toContain(
      'The facts changed since the approval: preflight.namespace, preflight.existingClaims, restore.skip, restore.create. Nothing was done.',
    );
    expect(text).toContain(`dr retry ${run} plans it afresh for a new approval.`);
    expect(world.restores()).toEqual([]);
    expect((await approve(world, run, digest)).code).toBe(1);

    expect((await world.inside.type(['retry', run])).code).toBe(0);
    const fresh = await planOf(world, run);
    expect(fresh).not.toBe(digest);
    const stale = await approve(world, run, digest);
    expect(stale.code).toBe(1);
    expect(stale.text).toContain(`The plan of run ${run} is ${fresh} now, not ${digest}.`);
    await abort(world, run);
  });

  test('the pinned backup was deleted: parked, and its name is among the changed facts', async () => {
    await loseNamespace(world);
    const run = await ask(world);
    const digest = await planOf(world, run);
    const { plan } = (await world.state(run)) ?? {};
    const backup = plan?.parts.find(({ step }) => step === 'restore')?.facts['backup'] as { name: string };
    world.sandbox.cluster.store.remove('backups.velero.io', 'velero', backup.name);
    await eventually(
      'the backup is gone',
      () => world.sandbox.cluster.store.get('backups.velero.io', 'velero', backup.name) === undefined || undefined,
    );
    const { code, text } = await approve(world, run, digest, '--wait');
    expect(code).toBe(4);
    expect(text).toContain('The facts changed since the approval: restore.backup');
    expect(world.restores()).toEqual([]);
    await abort(world, run);
  });

  test('somebody else has an object of our name: parked, and no other Restore is made', async () => {
    await loseNamespace(world);
    const run = await ask(world);
    const digest = await planOf(world, run);
    const { plan } = (await world.state(run)) ?? {};
    const backup = plan?.parts.find(({ step }) => step === 'restore')?.facts['backup'] as { name: string };
    world.sandbox.cluster.velero.faults.stuckIn = 'New';
    world.sandbox.cluster.store.create('restores.velero.io', {
      metadata: { name: restoreOf(run), namespace: 'velero', labels: { 'muster.dev/run': run } },
      spec: { backupName: backup.name },
    });
    const { code, text } = await approve(world, run, digest, '--wait');
    expect(code).toBe(4);
    expect(text).toContain(`Restore velero/${restoreOf(run)} exists, but is not the one this run asks for.`);
    expect((await world.state(run))?.parked?.error.code).toBe('NAME_TAKEN');
    expect(world.writes()).toEqual([]);
    delete world.sandbox.cluster.velero.faults.stuckIn;
    await untilPhase(world, run, 'Completed');
    await abort(world, run);
  });

  test('an event of a newer Muster: hands off that run, the bot stays up, other runs go on', async () => {
    await loseNamespace(world);
    const touched = await ask(world);
    await planOf(world, touched);
    const redis = new Redis(world.redis.url);
    const event = JSON.stringify({ type: 'step.teleported', v: 3, eid: 'x', at: Date.now() });
    await redis.xadd(`{muster}:stream:run-${touched}`, '*', 'eid', 'x', 'event', event);
    redis.disconnect();
    const { code, text } = await world.dr(['status', touched]);
    expect(code).toBe(0);
    expect(text).toContain(`A newer Muster wrote step.teleported v3 to this run; this version keeps its hands off.`);
    expect((await approve(world, touched, '')).code).not.toBe(0);
    expect((await world.dr(['status', touched, '--wait'])).code).toBe(4);

    const other = await ask(world);
    expect((await approve(world, other, await planOf(world, other), '--wait')).code).toBe(0);
    await until(world, other, 'succeeded');
    expect((await world.events(touched)).at(-1)).toBe('foreign');
  });
});
