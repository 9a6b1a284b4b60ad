import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BackupStorageLocation } from '../../../src/domain/velero.ts';
import { listObjects, ResourceList } from '../../../src/domain/velero-files.ts';
import { readVeleroFile } from '../../../src/steps/velero/read-velero-file.ts';
import { type StepWorld, startStepWorld } from '../world.ts';

/** The plan's word object by object, against what Velero then does. */

const KINDS = {
  configmaps: (name: string) => ({ data: { name } }),
  secrets: (name: string) => ({ stringData: { name } }),
  services: () => ({ spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } }),
  persistentvolumeclaims: () => ({
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  'deployments.apps': (name: string) => ({
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  }),
} as const;
const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** Kubernetes makes these by itself in every namespace, and the controllers make these of workloads and Services. */
const BY_ITSELF = /^(v1\/ConfigMap\/kube-root-ca.crt|v1\/ServiceAccount\/default)$/;

let world: StepWorld;
beforeAll(async () => {
  world = await startStepWorld();
});
afterAll(() => world.close());

const Item = fc.record({
  kind: fc.constantFrom(...kinds),
  name: fc.stringMatching(/^[a-z]{3,6}$/),
  fate: fc.constantFrom('kept', 'deleted', 'changed'),
});
const Scene = fc.record({
  items: fc.uniqueArray(Item, { minLength: 1, maxLength: 12, selector: ({ kind, name }) => `${kind}/${name}` }),
  wipe: fc.boolean(),
  /** Whether it goes back to where it was, or into another namespace, which is absent or empty. */
  into: fc.constantFrom('itself', 'absent', 'empty'),
});

let scenes = 0;

test('the predicted create and skip sets are what Velero does, item by item', async () => {
  await fc.assert(
    fc.asyncProperty(Scene, async ({ items, wipe, into }) => {
      const { store, velero } = world.cluster;
      scenes += 1;
      const namespace = `shop-${scenes}`;
      const backup = `manual-${scenes}`;
      store.create('namespaces', { metadata: { name: namespace } });
      // A backup without a workload is refused, so there is always one, which is always lost.
      for (const { kind, name } of [...items, { kind: 'deployments.apps', name: 'lost' } as const]) {
        store.create(kind, { metadata: { name, namespace }, ...KINDS[kind](name) });
      }
      await expect.poll(() => store.list('pods', namespace).length).toBeGreaterThan(0);
      velero.takeBackup({ name: backup, namespaces: [namespace] });
      store.remove('deployments.apps', namespace, 'lost');
      for (const { kind, name, fate } of items) {
        if (fate === 'deleted') store.remove(kind, namespace, name);
        if (fate === 'changed')
          store.modify(kind, namespace, name, (object) =>
            Object.assign(object.metadata, { labels: { changed: 'yes' } }),
          );
      }
      if (wipe) {
        store.remove('namespaces', undefined, namespace);
        await expect.poll(() => store.get('namespaces', undefined, namespace), { timeout: 5_000 }).toBeUndefined();
      }
      const destination = into === 'itself' ? namespace : `${namespace}-copy`;
      if (into === 'empty') store.create('namespaces', { metadata: { name: destination } });
      await settle(namespace);
      await comparePrediction(namespace, destination, backup);
    }),
    { numRuns: 16, interruptAfterTimeLimit: 80_000 },
  );
}, 90_000);

/** Until the controllers have nothing more to do: the plan is of one moment, the restore of a later one. */
async function settle(namespace: string): Promise<void> {
  let before = -1;
  while (before !== world.cluster.store.revision()) {
    before = world.cluster.store.revision();
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  expect(namespace).not.toBe('');
}

async function comparePrediction(namespace: string, destination: string, backup: string): Promise<void> {
  const { plan, contextOf } = await world.plan(namespace, { backup, into: destination });
  const part = plan.parts.find(({ step }) => step === 'restore');
  expect(part?.refusals).toEqual([]);
  const context = await contextOf('restore');
  const type = world.types.get('velero.restore');
  if (type === undefined) throw new Error('no step type');
  await type.apply(context);
  await expect.poll(() => type.observe(context), { timeout: 10_000 }).toMatchObject({ state: 'done' });
  const location = await context.cluster.read(
    BackupStorageLocation,
    { namespace: 'velero', name: 'default' },
    context.signal,
  );
  if (location === undefined) throw new Error('no location');
  const list = await readVeleroFile(context, {
    kind: 'RestoreResourceList',
    name: context.key,
    location,
    schema: ResourceList,
  });
  const done = listObjects(list).filter((it) => it.namespace !== '');
  expect(new Set(done.map((it) => it.namespace))).toEqual(new Set([destination]));
  const named = (actions: string[]) =>
    done
      .filter(({ action }) => actions.includes(action))
      .map(({ apiVersion, kind, name }) => `${apiVersion}/${kind}/${name}`)
      .filter((key) => !BY_ITSELF.test(key))
      .sort();
  const predicted = (fact: string) => {
    const { names } = (part?.facts[fact] ?? { names: [] }) as { names: string[] };
    return names.filter((key) => !BY_ITSELF.test(key)).sort();
  };
  expect({ create: predicted('create'), skip: predicted('skip') }).toEqual({
    create: named(['created']),
    skip: named(['skipped', 'failed', 'updated']),
  });
}
