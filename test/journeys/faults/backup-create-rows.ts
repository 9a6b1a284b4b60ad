import type { StoredObject } from '../../../sandbox/cluster/store.ts';
import { eventually, NAMESPACE, pause, type World } from '../world.ts';
import { outlastStep } from './make-fault.ts';
import type { Row } from './row.ts';

const BACKUPS = 'backups.velero.io';
const SCHEDULES = 'schedules.velero.io';
const CREATE = { verb: 'create', resource: BACKUPS };
const done = `DONE and verified: ${NAMESPACE}`;

type Told = Pick<Row, 'fault' | 'sentence'> & Partial<Row>;

const refused = (row: Told): Row => ({ asks: 'backup create', keeps: true, ends: 'refused', restores: 0, ...row });
const fails = (row: Told): Row => ({ asks: 'backup create', keeps: true, ends: 'failed', restores: 1, ...row });
const succeeds = (row: Omit<Told, 'sentence'>): Row => fails({ ends: 'succeeded', sentence: done, ...row });

/** Does it once, when the API server has been asked for a Backup and has not taken it. */
function atCreate({ sandbox }: World, act: (name: string) => unknown): () => void {
  const stop = sandbox.cluster.api.onWrite(async ({ verb, resource, phase, name = '' }) => {
    if (verb !== CREATE.verb || resource !== CREATE.resource || phase !== 'before') return;
    stop();
    await act(name);
  });
  return stop;
}

/** The API server is gone for a moment when it is asked for the Backup. */
function awayAtCreate(): Pick<Row, 'arrange' | 'approved'> {
  let gone = false;
  return {
    arrange(world) {
      gone = false;
      return atCreate(world, () => {
        gone = true;
        void world.sandbox.cluster.api.faults.down();
        throw new Error('the API server is gone');
      });
    },
    async approved({ sandbox }) {
      await eventually('it is gone', () => gone || undefined);
      await pause(700);
      await sandbox.cluster.api.faults.up();
    },
  };
}

/** Does it once a Backup is Completed, before anybody has seen that. */
function onceCompleted({ sandbox }: World, act: () => void): () => void {
  const stop = sandbox.cluster.store.subscribe(({ resource, object }) => {
    if (resource !== BACKUPS || (object['status'] as { phase?: string } | undefined)?.phase !== 'Completed') return;
    stop();
    act();
  });
  return stop;
}

function takeName({ sandbox }: World, name: string): void {
  const spec = { includedNamespaces: ['monitoring'] };
  sandbox.cluster.store.create(BACKUPS, { metadata: { name, namespace: 'velero' }, spec });
}

/** A schedule like the weekly one, with this in its template. */
function schedule({ sandbox }: World, name: string, template: object): () => void {
  const { store } = sandbox.cluster;
  const weekly = store.get(SCHEDULES, 'velero', 'weekly-full-backup') as StoredObject & { spec: { template: object } };
  const spec = { ...weekly.spec, template: { ...weekly.spec.template, ...template } };
  store.create(SCHEDULES, { metadata: { name, namespace: 'velero' }, spec });
  return () => store.remove(SCHEDULES, 'velero', name);
}

/** The new backup's files of this kind. */
const file = (kind: string, instead?: string) => ({ file: { path: `${kind}/dr-`, instead } });

/** What is wrong while a namespace is backed up with `dr backup create`. */
export const BACKUP_CREATE_ROWS: Row[] = [
  {
    fault: 'A backup of a namespace that is gone',
    asks: 'backup create',
    ends: 'refused',
    sentence: `Namespace ${NAMESPACE} does not exist: a backup would hold nothing`,
    restores: 0,
  },
  refused({
    fault: 'A backup by a schedule that is not there',
    sentence: 'There is no Schedule "daily-full-backups"; did you mean "daily-full-backup"?',
    words: ['--schedule', 'daily-full-backups'],
  }),
  refused({
    fault: 'A backup by a schedule that takes no workloads',
    sentence: `Schedule hourly-incremental cannot back up ${NAMESPACE} whole: it has no Deployments`,
    words: ['--schedule', 'hourly-incremental'],
  }),
  refused({
    fault: 'A backup to a storage location that is not there',
    sentence: 'There is no storage location elsewhere to back up to.',
    words: ['--schedule', 'elsewhere'],
    arrange: (world) => schedule(world, 'elsewhere', { storageLocation: 'elsewhere' }),
  }),
  refused({
    fault: 'A backup to a storage location that is Unavailable',
    sentence: 'Storage location default is Unavailable: bucket not found.',
    arrange({ sandbox }) {
      const { storage } = sandbox.cluster.velero;
      storage.setUnavailable('bucket not found');
      return () => storage.setAvailable();
    },
  }),
  refused({
    fault: 'A backup to a storage location that is ReadOnly',
    sentence: 'Storage location default is ReadOnly: Velero takes no backup to it.',
    arrange({ sandbox }) {
      const { storage } = sandbox.cluster.velero;
      storage.setAccessMode('ReadOnly');
      return () => storage.setAccessMode('ReadWrite');
    },
  }),
  fails({
    fault: 'The Backup ends FailedValidation: its storage location refuses writing by then',
    sentence: "ended FailedValidation: backup can't be created because backup storage location default is currently in",
    arrange(world) {
      const { storage } = world.sandbox.cluster.velero;
      atCreate(world, () => storage.setAccessMode('ReadOnly'));
      return () => storage.setAccessMode('ReadWrite');
    },
  }),
  fails({
    fault: 'The Backup ends PartiallyFailed',
    sentence: 'ended PartiallyFailed with 2 errors.',
    velero: { backupErrors: 2 },
  }),
  fails({
    fault: 'The Backup ends Failed',
    sentence: 'ended Failed: the bucket is full.',
    velero: { failBackups: 'the bucket is full' },
  }),
  fails({
    fault: 'The Backup stays New: Velero is down',
    ends: 'parked',
    sentence: 'Step "backup" did not finish in 3600 s: Velero: New. It was not stopped and may still be going on.',
    velero: { down: true },
    approved: outlastStep('backup', 61, 'Velero: New'),
  }),
  fails({
    fault: 'The Backup stays InProgress',
    ends: 'parked',
    sentence: 'Step "backup" did not finish in 3600 s: Velero: InProgress',
    velero: { holdBackups: true },
    approved: outlastStep('backup', 61, 'Velero: InProgress'),
  }),
  succeeds({
    fault: 'The API server goes away before the Backup is created, and comes back',
    ...awayAtCreate(),
  }),
  succeeds({
    fault: 'The API server takes the Backup, and the connection breaks before its answer',
    arrange: ({ sandbox }) => sandbox.cluster.api.faults.add({ kind: 'reset-after', match: CREATE, times: 1 }),
  }),
  fails({
    fault: "Somebody else's Backup has the run's name",
    ends: 'parked',
    sentence: 'exists, but is not the one this run asks for.',
    restores: 0,
    // So nothing is planned before the name is taken.
    async arrange({ sandbox }) {
      await sandbox.cluster.api.faults.down();
      return () => sandbox.cluster.api.faults.up();
    },
    async planning(world, run) {
      takeName(world, `dr-${run}-backup-1`);
      await world.sandbox.cluster.api.faults.up();
    },
  }),
  fails({
    fault: "Somebody else's Backup takes the run's name in the moment of the create",
    ends: 'parked',
    sentence: 'exists, but is not the one this run asks for.',
    restores: 0,
    arrange: (world) => atCreate(world, (name) => takeName(world, name)),
  }),
  fails({
    fault: 'The new Backup is deleted before it is verified',
    sentence: '-backup-1 is gone',
    restores: 0,
    // Slow enough that it can be deleted between the look that ends the step and the one that verifies.
    arrange: (world) =>
      onceCompleted(world, () =>
        world.sandbox.cluster.api.faults.add({ kind: 'slow', ms: 2_000, match: { verb: 'get', resource: BACKUPS } }),
      ),
    async approved(world, run) {
      await eventually('the step is over', async () => (await world.state(run))?.steps.get('backup')?.outcome);
      world.sandbox.cluster.store.remove(BACKUPS, 'velero', `dr-${run}-backup-1`);
    },
  }),
  fails({
    fault: 'The new backup has no results: Velero could not write them all',
    sentence: 'FAIL results: cannot be read',
    velero: file('BackupResults'),
  }),
  fails({
    fault: 'The new backup holds no workload',
    sentence: `FAIL workloads: 0 workloads among 1 object of ${NAMESPACE}`,
    velero: file('BackupResourceList', JSON.stringify({ 'v1/ConfigMap': [`${NAMESPACE}/alone`] })),
  }),
  fails({
    fault: 'The new backup does not say which volumes it holds',
    sentence: 'FAIL volumes: cannot tell which PVCs have data',
    velero: file('BackupVolumeInfos'),
  }),
  fails({
    fault: 'The new backup lacks the data of a PVC that no pod has mounted',
    sentence: 'FAIL pvc/scratch: NO DATA: Velero says nothing of its volume',
    arrange({ sandbox: { cluster } }) {
      const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
      cluster.store.create('persistentvolumeclaims', { metadata: { name: 'scratch', namespace: NAMESPACE }, spec });
      return () => cluster.store.remove('persistentvolumeclaims', NAMESPACE, 'scratch');
    },
  }),
  fails({
    fault: 'The new backup is kept for a few minutes only',
    sentence: 'FAIL expiry: ',
    words: ['--schedule', 'brief'],
    arrange: (world) => schedule(world, 'brief', { ttl: '0h5m0s' }),
  }),
  fails({
    fault: 'The storage location refuses writing once the new backup is in it',
    sentence: 'FAIL storage default: ',
    arrange(world) {
      const { storage } = world.sandbox.cluster.velero;
      const stop = onceCompleted(world, () => storage.setAccessMode('ReadOnly'));
      return () => {
        stop();
        storage.setAccessMode('ReadWrite');
      };
    },
  }),
];
