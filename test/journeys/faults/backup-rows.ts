import { loseNamespace } from '../story.ts';
import { eventually, NAMESPACE, type World } from '../world.ts';
import type { Row } from './row.ts';

const DAY = 86_400_000;

/** A backup of everything that is in the namespace, which is put back for it and lost again. */
function takeBackup(request: Parameters<World['sandbox']['cluster']['velero']['takeBackup']>[0]) {
  return ({ sandbox }: World) => {
    sandbox.cluster.velero.takeBackup({ namespaces: [NAMESPACE], ...request });
    return () => sandbox.cluster.store.remove('backups.velero.io', 'velero', request.name ?? '');
  };
}

/** Faults that are there before anything is done: the plan refuses, or says so. */
export const BACKUP_ROWS: Row[] = [
  {
    fault: 'The namespace is Terminating: a finalizer holds it',
    ends: 'refused',
    sentence: `Namespace ${NAMESPACE} is Terminating.`,
    restores: 0,
    keeps: true,
    async arrange({ sandbox }) {
      const { store } = sandbox.cluster;
      await sandbox.cluster.seed();
      store.create('configmaps', {
        metadata: { name: 'held', namespace: NAMESPACE, finalizers: ['example.com/hold'] },
        data: {},
      });
      store.remove('namespaces', undefined, NAMESPACE);
      return async () => {
        store.modify('configmaps', NAMESPACE, 'held', ({ metadata }) => {
          metadata.finalizers = [];
        });
        store.remove('configmaps', NAMESPACE, 'held');
        await eventually('it is gone', () => store.get('namespaces', undefined, NAMESPACE) === undefined || undefined);
      };
    },
  },
  {
    fault: 'The backup that was named is not there',
    ends: 'refused',
    sentence: 'There is no backup "daily-full-backup-latest". Near to it: daily-full-backup-',
    restores: 0,
    words: ['--from', 'daily-full-backup-latest'],
  },
  {
    fault: 'The backup expires too soon to be relied on',
    ends: 'refused',
    sentence: 'it expires at',
    restores: 0,
    words: ['--from', 'old'],
    arrange: takeBackup({ name: 'old', ttl: '24h0m0s', startedAt: new Date(Date.now() - DAY + 600_000) }),
  },
  {
    fault: 'The backup is PartiallyFailed',
    ends: 'refused',
    sentence: `Backup half cannot restore ${NAMESPACE}: it is PartiallyFailed.`,
    restores: 0,
    words: ['--from', 'half'],
    arrange: takeBackup({ name: 'half', outcome: { phase: 'PartiallyFailed', errors: 2 } }),
  },
  {
    fault: 'The backup is Failed',
    ends: 'refused',
    sentence: `Backup broken cannot restore ${NAMESPACE}: it is Failed.`,
    restores: 0,
    words: ['--from', 'broken'],
    arrange: takeBackup({ name: 'broken', outcome: { phase: 'Failed', errors: 1 } }),
  },
  {
    fault: 'Only the hourly backups of ConfigMaps, Secrets and PVCs may be used',
    ends: 'refused',
    sentence: `No backup of schedule hourly-incremental can restore ${NAMESPACE}.`,
    restores: 0,
    words: ['--schedule', 'hourly-incremental'],
  },
  {
    fault: 'The backup holds the namespace, but no workload',
    ends: 'refused',
    sentence: `Backup bare cannot restore ${NAMESPACE}: it holds no workload of it.`,
    restores: 0,
    words: ['--from', 'bare'],
    async arrange(world) {
      const { store } = world.sandbox.cluster;
      store.create('namespaces', { metadata: { name: NAMESPACE } });
      store.create('configmaps', { metadata: { name: 'alone', namespace: NAMESPACE }, data: {} });
      const heal = takeBackup({ name: 'bare' })(world);
      store.remove('namespaces', undefined, NAMESPACE);
      await eventually('it is gone', () => store.get('namespaces', undefined, NAMESPACE) === undefined || undefined);
      return heal;
    },
  },
  {
    fault: 'The backup holds a PVC, but not its data',
    ends: 'succeeded',
    sentence: 'NOT checked: data. WITHOUT data: data-postgresql-0 (the backup holds none).',
    restores: 1,
    words: ['--from', 'hollow'],
    async arrange(world) {
      const { store } = world.sandbox.cluster;
      await world.sandbox.cluster.seed();
      // A file-system backup goes by pods: without one there is nothing to read the volume through.
      store.modify('statefulsets.apps', NAMESPACE, 'postgresql', (it) => {
        it['spec'] = { ...(it['spec'] as object), replicas: 0 };
      });
      await eventually(
        'its pod is gone',
        () => store.get('pods', NAMESPACE, 'postgresql-0') === undefined || undefined,
      );
      const heal = takeBackup({ name: 'hollow' })(world);
      await loseNamespace(world);
      return heal;
    },
  },
  {
    fault: 'The storage location is Unavailable',
    ends: 'refused',
    sentence: 'is Unavailable: the bucket does not answer',
    restores: 0,
    arrange({ sandbox }) {
      sandbox.cluster.velero.storage.setUnavailable('the bucket does not answer');
      return () => sandbox.cluster.velero.storage.setAvailable();
    },
  },
  {
    fault: 'The storage location is ReadOnly: Velero restores from it all the same',
    ends: 'succeeded',
    sentence: `RECOVERED and verified: ${NAMESPACE}`,
    restores: 1,
    arrange({ sandbox }) {
      sandbox.cluster.velero.storage.setAccessMode('ReadOnly');
      return () => sandbox.cluster.velero.storage.setAccessMode('ReadWrite');
    },
  },
  {
    fault: 'Velero is down',
    ends: 'refused',
    sentence: 'Velero is not reconciling: it left a ServerStatusRequest unanswered for 10 s.',
    restores: 0,
    velero: { down: true },
  },
  {
    fault: 'Another Restore is under way',
    ends: 'refused',
    sentence: 'Velero does one at a time; wait for it.',
    restores: 0,
    velero: { stuckIn: 'New' },
    arrange({ sandbox }) {
      const { store } = sandbox.cluster;
      const [backup] = store.list('backups.velero.io', 'velero');
      sandbox.cluster.velero.faults.stuckIn = 'New';
      store.create('restores.velero.io', {
        metadata: { name: 'by-hand', namespace: 'velero' },
        spec: { backupName: backup?.metadata.name ?? '', includedNamespaces: ['monitoring'] },
      });
      return () => undefined;
    },
  },
  {
    fault: 'The API server does not answer while the plan is made',
    ends: 'refused',
    sentence: 'It cannot be planned: ',
    restores: 0,
    async arrange({ sandbox }) {
      await sandbox.cluster.api.faults.down();
      return () => sandbox.cluster.api.faults.up();
    },
    planning: ({ inside }) => inside.clock.move(150_000),
  },
];
