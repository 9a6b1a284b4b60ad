import { eventually, NAMESPACE, pause } from '../world.ts';
import { loseWorkloads, outlastPhase, outlastSilence, secondsAllowed, takeBackup } from './make-fault.ts';
import type { Row } from './row.ts';

const recovered = `RECOVERED and verified: ${NAMESPACE}`;
const LOCATION = ['backupstoragelocations.velero.io', 'velero', 'default'] as const;

/** What is wrong around it before anything is done: with Velero, its storage, or with who else has a say in the namespace. */
export const SURROUNDINGS_ROWS: Row[] = [
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
    sentence: recovered,
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
    planning: outlastSilence,
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
      return () => store.remove('restores.velero.io', 'velero', 'by-hand');
    },
  },
  {
    fault: 'Another storage location is Unavailable',
    ends: 'succeeded',
    plan: '! storage archive: Unavailable: access denied',
    sentence: recovered,
    restores: 1,
    arrange({ sandbox }) {
      const { store } = sandbox.cluster;
      store.create('backupstoragelocations.velero.io', {
        metadata: { name: 'archive', namespace: 'velero' },
        spec: { provider: 'aws', objectStorage: { bucket: 'archive' } },
        status: { phase: 'Unavailable', message: 'access denied' },
      });
      return () => store.remove('backupstoragelocations.velero.io', 'velero', 'archive');
    },
  },
  {
    fault: 'The storage location is gone',
    ends: 'refused',
    sentence: 'Storage location default of backup ',
    restores: 0,
    arrange({ sandbox }) {
      const { store } = sandbox.cluster;
      const { metadata: _metadata, ...location } = structuredClone(store.get(...LOCATION) ?? raise());
      store.remove(...LOCATION);
      return () => store.create(LOCATION[0], { ...location, metadata: { name: 'default', namespace: 'velero' } });
    },
  },
  {
    fault: 'Velero is not installed',
    ends: 'refused',
    sentence: 'Velero is not installed in namespace velero: ',
    restores: 0,
    arrange: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({
        kind: 'status',
        code: 404,
        match: { resource: 'serverstatusrequests.velero.io' },
      }),
  },
  {
    fault: 'Velero is of a version that Muster does not know',
    ends: 'succeeded',
    plan: '? velero: Velero v2.0.0 answers; it is newer than v1.14 to v1.18, which Muster knows',
    sentence: recovered,
    restores: 1,
    velero: { version: 'v2.0.0' },
  },
  {
    fault: 'Velero answers, but never processes a DownloadRequest while it is planned',
    ends: 'refused',
    sentence: 'It cannot be planned: Velero did not offer BackupResourceList of ',
    restores: 0,
    velero: { ignoreDownloads: true },
    async planning({ sandbox, inside }) {
      const { store } = sandbox.cluster;
      await eventually('it is asked', () => store.list('downloadrequests.velero.io', 'velero').length > 0 || undefined);
      await pause(300);
      inside.clock.move(61_000);
    },
  },
  {
    fault: 'A Backup is reading the namespace now',
    ends: 'succeeded',
    plan: `! backups: InProgress and including ${NAMESPACE}: reading`,
    sentence: recovered,
    restores: 1,
    arrange: (world) => takeBackup(world, { name: 'reading', outcome: { phase: 'InProgress', errors: 0 } }),
  },
  {
    fault: 'The node agent is not ready, and volumes need it',
    ends: 'parked',
    plan: '! node-agent: 0 of 3 ready: volume data cannot be restored on 3 nodes',
    sentence: `(allowed: ${secondsAllowed('InProgress')} s): waiting for volumes `,
    restores: 1,
    velero: { holdVolumes: 'New' },
    async arrange({ sandbox }) {
      const { store, controllers } = sandbox.cluster;
      const heal = controllers.failPods({ namespace: 'velero', labels: { name: 'node-agent' } }, 'NeverReady');
      const ready = () => store.get('daemonsets.apps', 'velero', 'node-agent')?.['status'] as { numberReady: number };
      await eventually('no node agent is ready', () => ready().numberReady === 0 || undefined);
      return heal;
    },
    approved: outlastPhase('InProgress'),
  },
  {
    fault: 'An admission webhook has nobody behind it',
    ends: 'failed',
    plan: '! admission: webhook guard.example.com would refuse objects: its service policy/guard has no ready endpoint',
    sentence: 'ended PartiallyFailed with 2 errors',
    restores: 1,
    velero: { outcome: { phase: 'PartiallyFailed', errors: 2 } },
    arrange({ sandbox }) {
      const { store } = sandbox.cluster;
      store.create('validatingwebhookconfigurations.admissionregistration.k8s.io', {
        metadata: { name: 'guard' },
        webhooks: [
          {
            name: 'guard.example.com',
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            clientConfig: { service: { namespace: 'policy', name: 'guard' } },
            rules: [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['CREATE'], resources: ['deployments'] }],
          },
        ],
      });
      return () => store.remove('validatingwebhookconfigurations.admissionregistration.k8s.io', undefined, 'guard');
    },
  },
  {
    fault: 'Argo CD owns what is there',
    ends: 'succeeded',
    plan: '! owners: to read: 2 notes on who else changes it',
    sentence: recovered,
    restores: 1,
    keeps: true,
    async arrange(world) {
      await loseWorkloads(world);
      const { store } = world.sandbox.cluster;
      store.modify('namespaces', undefined, NAMESPACE, ({ metadata }) => {
        metadata.annotations = {
          ...metadata.annotations,
          'argocd.argoproj.io/tracking-id': `pipeline:/Namespace:${NAMESPACE}`,
        };
      });
      return () => undefined;
    },
  },
  {
    fault: 'A ResourceQuota is full before the restore',
    ends: 'failed',
    plan: '! quota tight: little is left: pods 2 of 2 used (0 free)',
    sentence: 'ended PartiallyFailed with',
    restores: 1,
    keeps: true,
    async arrange({ sandbox }) {
      const { store } = sandbox.cluster;
      await sandbox.cluster.seed();
      for (const { metadata } of store.list('deployments.apps', NAMESPACE))
        store.remove('deployments.apps', NAMESPACE, metadata.name);
      await eventually('their pods are gone', () => store.list('pods', NAMESPACE).length === 2 || undefined);
      const spec = { hard: { pods: '2' } };
      store.create('resourcequotas', { metadata: { name: 'tight', namespace: NAMESPACE }, spec });
      return () => store.remove('resourcequotas', NAMESPACE, 'tight');
    },
  },
  {
    fault: 'The runbook declares no health check',
    ends: 'succeeded',
    plan: '? health NOT checked: the runbook declares none',
    sentence: 'NOT checked: health, data.',
    restores: 1,
    runbook: (text) => text.replaceAll(/^ {2}- \{ namespace: .*\n/gm, '').replace(/^health:$/m, 'health: []'),
  },
];

function raise(): never {
  throw new Error('the sandbox has no storage location');
}
