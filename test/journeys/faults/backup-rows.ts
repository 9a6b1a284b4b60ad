import { eventually, NAMESPACE, type World } from '../world.ts';
import { takeBackup, takeBackupOf, untilGone } from './make-fault.ts';
import type { Row } from './row.ts';

const DAY = 86_400_000;
const recovered = `RECOVERED and verified: ${NAMESPACE}`;

const backedUp = (request: Parameters<typeof takeBackup>[1]) => (world: World) => takeBackup(world, request);

/** What is wrong with the backup, or with what was asked for: the plan refuses, or says so. */
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
    arrange: backedUp({ name: 'old', ttl: '24h0m0s', startedAt: new Date(Date.now() - DAY + 600_000) }),
  },
  {
    fault: 'The backup is PartiallyFailed',
    ends: 'refused',
    sentence: `Backup half cannot restore ${NAMESPACE}: it is PartiallyFailed.`,
    restores: 0,
    words: ['--from', 'half'],
    arrange: backedUp({ name: 'half', outcome: { phase: 'PartiallyFailed', errors: 2 } }),
  },
  {
    fault: 'The backup is Failed',
    ends: 'refused',
    sentence: `Backup broken cannot restore ${NAMESPACE}: it is Failed.`,
    restores: 0,
    words: ['--from', 'broken'],
    arrange: backedUp({ name: 'broken', outcome: { phase: 'Failed', errors: 1 } }),
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
      const heal = takeBackup(world, { name: 'bare' });
      store.remove('namespaces', undefined, NAMESPACE);
      await untilGone(world, 'namespaces', undefined, NAMESPACE);
      return heal;
    },
  },
  {
    fault: "The backup's retention is over",
    ends: 'refused',
    sentence: 'it expired at',
    restores: 0,
    words: ['--from', 'ancient'],
    arrange: backedUp({ name: 'ancient', ttl: '168h0m0s', startedAt: new Date(Date.now() - 8 * DAY) }),
  },
  {
    fault: 'Every backup began after the disaster',
    ends: 'refused',
    sentence: `No backup of schedule hourly-incremental can restore ${NAMESPACE}.`,
    restores: 0,
    words: ['--schedule', 'hourly-incremental', '--since', '2020-01-31T03:04:00Z'],
  },
  {
    fault: 'The schedule that was named has no backup',
    ends: 'refused',
    sentence: 'There is no backup of schedule "daily-full-backups"; did you mean "daily-full-backup"?',
    restores: 0,
    words: ['--schedule', 'daily-full-backups'],
  },
  {
    fault: 'No backup of the schedule holds a workload',
    ends: 'refused',
    sentence: `No backup was found that holds a workload of ${NAMESPACE}.`,
    restores: 0,
    words: ['--schedule', 'bare'],
    async arrange(world) {
      const { store } = world.sandbox.cluster;
      store.create('namespaces', { metadata: { name: NAMESPACE } });
      const heals = [1, 2, 3, 4, 5].map((n) => takeBackup(world, { name: `bare-${n}`, schedule: 'bare' }));
      store.remove('namespaces', undefined, NAMESPACE);
      await untilGone(world, 'namespaces', undefined, NAMESPACE);
      return () => {
        for (const heal of heals) heal();
      };
    },
  },
  {
    fault: 'The backup is PartiallyFailed, and that was allowed',
    ends: 'succeeded',
    plan: '! backup: partial PartiallyFailed, 2 errors, 0 warnings',
    sentence: recovered,
    restores: 1,
    words: ['--from', 'partial', '--allow-partially-failed'],
    arrange: (world) => takeBackupOf(world, 'partial', () => undefined, { phase: 'PartiallyFailed', errors: 2 }),
  },
  {
    fault: 'The backup lacks the data of a PVC that no pod had mounted',
    ends: 'succeeded',
    plan: '! volume data: NOT in the backup: the data of scratch; they come back empty',
    sentence: recovered,
    restores: 1,
    words: ['--from', 'unmounted'],
    arrange: (world) =>
      takeBackupOf(world, 'unmounted', async ({ sandbox: { cluster } }) => {
        const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
        cluster.store.create('persistentvolumeclaims', { metadata: { name: 'scratch', namespace: NAMESPACE }, spec });
      }),
  },
  {
    fault: 'The cluster does not serve a kind that the backup holds',
    ends: 'succeeded',
    plan: '! kinds: the cluster does not serve autoscaling/v2 HorizontalPodAutoscaler',
    sentence: recovered,
    restores: 1,
    velero: { skipSilently: `horizontalpodautoscalers.autoscaling/${NAMESPACE}/normalization-service` },
    arrange: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({ kind: 'status', code: 404, match: { path: /^\/apis\/autoscaling\/v2$/ } }),
  },
  {
    fault: 'Nothing of it is lost',
    ends: 'refused',
    sentence: 'exists already: a restore would change nothing.',
    restores: 0,
    words: ['--from', 'same'],
    keeps: true,
    async arrange(world) {
      await world.sandbox.cluster.seed();
      return takeBackup(world, { name: 'same' });
    },
  },
  {
    fault: 'The copy is to go into a namespace that is not empty',
    ends: 'refused',
    sentence: 'Namespace monitoring is not empty: ',
    restores: 0,
    words: ['--into', 'monitoring'],
  },
  {
    fault: 'The namespace is one of Kubernetes itself',
    ends: 'refused',
    door: true,
    namespace: 'kube-system',
    sentence: 'kube-system belongs to Kubernetes itself; Muster never acts on it.',
    restores: 0,
  },
  {
    fault: 'The namespace is where Velero runs',
    ends: 'refused',
    door: true,
    namespace: 'velero',
    sentence: 'velero is where Velero runs; Muster never acts on it.',
    restores: 0,
  },
  {
    fault: 'The copy is to go into a protected namespace',
    ends: 'refused',
    door: true,
    words: ['--into', 'kube-public'],
    sentence: 'kube-public belongs to Kubernetes itself; Muster never acts on it.',
    restores: 0,
  },
  {
    fault: 'The name of the namespace is a glob',
    ends: 'refused',
    door: true,
    namespace: 'data-*',
    sentence: 'must be one exact name; wildcards are not accepted',
    restores: 0,
  },
];
