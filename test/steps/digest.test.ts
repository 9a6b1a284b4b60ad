import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Store, StoredObject } from '../../sandbox/cluster/store.ts';
import { type StepWorld, startStepWorld } from './world.ts';

/**
 * What an approval binds to: the digest of the plan. A run whose digest is another one than was approved is parked and its approval is
 * void (journeys/changed-facts.test.ts); here, which changes make it another one.
 */

const NAMESPACE = 'data-processing';
const BACKUP = 'pinned';

let world: StepWorld;
let approved: string;
beforeAll(async () => {
  world = await startStepWorld();
  const { store, velero } = world.cluster;
  velero.takeBackup({ name: BACKUP, namespaces: [NAMESPACE] });
  // The workloads are lost; what else there is stays, so that there is a set to skip.
  for (const kind of ['deployments.apps', 'statefulsets.apps'])
    for (const { metadata } of store.list(kind, NAMESPACE)) store.remove(kind, NAMESPACE, metadata.name);
  const left = () => ['pods', 'replicasets.apps'].flatMap((kind) => store.list(kind, NAMESPACE));
  await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 10_000 });
  approved = await digestNow();
});
afterAll(() => world.close());

async function digestNow(): Promise<string> {
  const { plan } = await world.plan(NAMESPACE, { backup: BACKUP });
  return plan.digest;
}

type Change = (store: Store, nth: number) => () => void;

/** Writes to an object and answers the way back. */
function edit(
  resource: string,
  namespace: string | undefined,
  name: string,
  change: (it: StoredObject) => void,
): Change {
  return (store) => {
    const before = structuredClone(store.get(resource, namespace, name));
    if (before === undefined) throw new Error(`there is no ${resource} ${name}`);
    store.modify(resource, namespace, name, change);
    return () =>
      void store.modify(resource, namespace, name, (it) => {
        for (const field of ['spec', 'status', 'data']) {
          if (before[field] === undefined) Reflect.deleteProperty(it, field);
          else it[field] = before[field];
        }
        Object.assign(it.metadata, { labels: before.metadata.labels, annotations: before.metadata.annotations });
      });
  };
}

function setStatus(fields: (nth: number) => object): (it: StoredObject) => void {
  let nth = 0;
  return (it) => {
    nth += 1;
    it['status'] = { ...(it['status'] as object | undefined), ...fields(nth) };
  };
}

/** Takes an object away; the way back makes it again, of another uid where that is no fact. */
function create(resource: string, namespace: string, draft: object): Change {
  return (store, nth) => {
    const name = `new-${nth}`;
    store.create(resource, { metadata: { name, namespace }, ...draft });
    return () => void store.remove(resource, namespace, name);
  };
}

const backupStatus = (fields: (nth: number) => object) =>
  edit('backups.velero.io', 'velero', BACKUP, setStatus(fields));

const FACTS: Record<string, Change> = {
  "the backup's expiration": backupStatus((nth) => ({
    expiration: new Date(Date.now() + nth * 86_400_000).toISOString(),
  })),
  "the backup's phase": backupStatus(() => ({ phase: 'PartiallyFailed' })),
  'when the backup was begun': backupStatus((nth) => ({
    startTimestamp: new Date(Date.now() - nth * 60_000).toISOString(),
  })),
  'a new PVC': create('persistentvolumeclaims', NAMESPACE, {
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'standard', resources: { requests: { storage: '1Gi' } } },
  }),
  'a workload of the backup is back': (store) => {
    store.create('deployments.apps', {
      metadata: { name: 'projection-service', namespace: NAMESPACE },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'x' } },
        template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });
    return () => {
      store.remove('deployments.apps', NAMESPACE, 'projection-service');
      for (const { metadata } of store.list('replicasets.apps', NAMESPACE))
        store.remove('replicasets.apps', NAMESPACE, metadata.name);
    };
  },
};

const NO_FACTS: Record<string, Change> = {
  "the backup's resourceVersion": edit('backups.velero.io', 'velero', BACKUP, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, touched: String(Math.random()) };
  }),
  "the backup's progress": backupStatus((nth) => ({ progress: { totalItems: nth, itemsBackedUp: nth } })),
  'when the storage location was last validated': edit(
    'backupstoragelocations.velero.io',
    'velero',
    'default',
    setStatus(() => ({ lastValidationTime: new Date().toISOString() })),
  ),
  "the namespace's labels": edit('namespaces', undefined, NAMESPACE, ({ metadata }) => {
    metadata.labels = { ...metadata.labels, touched: String(Math.floor(Math.random() * 1e9)) };
  }),
  "a kept PVC's status": edit(
    'persistentvolumeclaims',
    NAMESPACE,
    'data-clickhouse-0',
    setStatus((nth) => ({ touched: nth })),
  ),
  "a kept ConfigMap's content": edit('configmaps', NAMESPACE, 'clickhouse-config', (it) => {
    it['data'] = { touched: String(Math.random()) };
  }),
  'a ConfigMap that the backup does not hold': create('configmaps', NAMESPACE, { data: {} }),
};

const SEED = Number(process.env['SEED'] ?? 20_250_107);
let trials = 0;

test.each([
  ['a fact', FACTS, false],
  ['a status or a resourceVersion', NO_FACTS, true],
] as const)(
  '%s changes between the approval and the run',
  async (_what, changes, same) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(changes)), async (name) => {
        trials += 1;
        const undo = changes[name]?.(world.cluster.store, trials) ?? (() => undefined);
        const changed = await digestNow();
        undo();
        expect(changed === approved, name).toBe(same);
        await expect.poll(digestNow, { timeout: 5_000 }).toBe(approved);
      }),
      { numRuns: 25, seed: SEED, interruptAfterTimeLimit: 40_000 },
    );
    console.log(`${trials} trials so far, 0 wrong (seed ${SEED})`);
  },
  60_000,
);
