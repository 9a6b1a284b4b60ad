import type { StoredObject } from '../../../sandbox/cluster/store.ts';
import { NAMESPACE, type World } from '../world.ts';
import { loseWorkloads, outlastSilence, takeBackupOf, untilGone } from './make-fault.ts';
import type { Row } from './row.ts';

const changed = (...facts: string[]) => `The facts changed since the approval: ${facts.join(', ')}. Nothing was done.`;
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

/** What is no longer as it was approved when the run comes to do it: nothing is done, and the approval is void. */
export const FACT_ROWS: Row[] = [
  {
    fault: 'The facts change between approval and run: the namespace is back',
    ends: 'parked',
    sentence: 'The facts changed since the approval: preflight.namespace',
    restores: 0,
    planned: ({ sandbox }) => {
      sandbox.cluster.store.create('namespaces', { metadata: { name: NAMESPACE } });
    },
  },
  {
    fault: 'The facts change between approval and run: the backup is gone',
    ends: 'parked',
    sentence: 'The facts changed since the approval: restore.backup',
    restores: 0,
    words: ['--from', 'brief'],
    arrange: (world) => takeBackupOf(world, 'brief', () => undefined),
    planned: ({ sandbox }) => sandbox.cluster.store.remove('backups.velero.io', 'velero', 'brief'),
  },
  {
    fault: 'The facts change between approval and run: another backup has the name of the approved one',
    ends: 'parked',
    sentence: changed('restore.backup'),
    restores: 0,
    words: ['--from', 'replaced'],
    arrange: (world) => takeBackupOf(world, 'replaced', () => undefined),
    planned: (world) => replaceObject(world, 'backups.velero.io', 'replaced'),
  },
  {
    fault: 'The facts change between approval and run: another storage location has the name of the approved one',
    ends: 'parked',
    sentence: changed('restore.location'),
    restores: 0,
    planned: (world) => replaceObject(world, 'backupstoragelocations.velero.io', 'default'),
  },
  {
    fault: 'The facts change between approval and run: a PVC is there that was not',
    ends: 'parked',
    sentence: changed('preflight.existingClaims'),
    restores: 0,
    keeps: true,
    async arrange(world) {
      await loseWorkloads(world);
      return () => undefined;
    },
    planned({ sandbox }) {
      const metadata = { name: 'late', namespace: NAMESPACE };
      sandbox.cluster.store.create('persistentvolumeclaims', { metadata, spec: CLAIM });
    },
  },
  {
    fault: 'The facts change between approval and run: an object that was to be created is there',
    ends: 'parked',
    sentence: changed('restore.skip', 'restore.create'),
    restores: 0,
    keeps: true,
    async arrange(world) {
      await loseWorkloads(world);
      world.sandbox.cluster.store.remove('configmaps', NAMESPACE, 'clickhouse-config');
      await untilGone(world, 'configmaps', NAMESPACE, 'clickhouse-config');
      return () => undefined;
    },
    planned({ sandbox }) {
      const metadata = { name: 'clickhouse-config', namespace: NAMESPACE };
      sandbox.cluster.store.create('configmaps', { metadata, data: { DATABASE: 'other' } });
    },
  },
  {
    fault: 'The facts change between approval and run: an object that was to stay is another one now',
    ends: 'parked',
    sentence: changed('restore.skip'),
    restores: 0,
    keeps: true,
    async arrange(world) {
      await loseWorkloads(world);
      return () => undefined;
    },
    planned: (world) => replaceObject(world, 'configmaps', 'clickhouse-config', NAMESPACE),
  },
  {
    fault: 'The facts change between approval and run: an object that was to stay is gone',
    ends: 'parked',
    sentence: changed('restore.skip', 'restore.create'),
    restores: 0,
    keeps: true,
    async arrange(world) {
      await loseWorkloads(world);
      return () => undefined;
    },
    planned: ({ sandbox }) => sandbox.cluster.store.remove('secrets', NAMESPACE, 'clickhouse-credentials'),
  },
  {
    fault: 'The facts change between approval and run: the namespace of the copy is no longer empty',
    ends: 'parked',
    sentence: changed('restore.occupants'),
    restores: 0,
    words: ['--into', 'monitoring'],
    async arrange(world) {
      const { store, seed } = world.sandbox.cluster;
      store.remove('namespaces', undefined, 'monitoring');
      await untilGone(world, 'namespaces', undefined, 'monitoring');
      store.create('namespaces', { metadata: { name: 'monitoring' } });
      return seed;
    },
    planned({ sandbox }) {
      sandbox.cluster.store.create('configmaps', { metadata: { name: 'moved-in', namespace: 'monitoring' }, data: {} });
    },
  },
  {
    fault: 'The storage location becomes Unavailable after the approval',
    ends: 'parked',
    sentence: 'Nothing was done. It would be refused now: Storage location default of backup ',
    restores: 0,
    arrange:
      ({ sandbox }) =>
      () =>
        sandbox.cluster.velero.storage.setAvailable(),
    planned: ({ sandbox }) => sandbox.cluster.velero.storage.setUnavailable('the bucket does not answer'),
  },
  {
    fault: 'Velero goes down after the approval',
    ends: 'parked',
    sentence: 'It cannot be done safely now: Velero is not reconciling',
    restores: 0,
    planned: ({ sandbox }) => {
      sandbox.cluster.velero.faults.down = true;
    },
    approved: outlastSilence,
  },
];

/** The same again, with another uid. */
function replaceObject({ sandbox }: World, resource: string, name: string, namespace = 'velero'): void {
  const { store } = sandbox.cluster;
  const { metadata, ...rest } = structuredClone(store.get(resource, namespace, name) as StoredObject);
  const { labels = {}, annotations = {} } = metadata;
  store.remove(resource, namespace, name);
  store.create(resource, { ...rest, metadata: { name, namespace, labels, annotations } });
}
