import { loseNamespace, restoreOf, untilStep } from '../story.ts';
import { eventually, NAMESPACE, pause, type World } from '../world.ts';
import type { Row } from './row.ts';

const MINUTE = 60_000;

const recovered = `RECOVERED and verified: ${NAMESPACE}`;

/** The API server goes away for a moment. */
async function blink({ sandbox }: World): Promise<void> {
  await sandbox.cluster.api.faults.down();
  await pause(700);
  await sandbox.cluster.api.faults.up();
}

/** A backup of the namespace with one pod that was made while the mesh's injector did not run. */
async function takeUnmeshedBackup(world: World): Promise<() => void> {
  const { cluster } = world.sandbox;
  const { store } = cluster;
  await cluster.seed();
  const start = cluster.controllers.stopInjector();
  const ours = () => store.list('pods', NAMESPACE).filter(({ metadata }) => metadata.labels?.['app'] === 'postgresql');
  const [before] = ours();
  store.remove('pods', NAMESPACE, before?.metadata.name ?? '');
  await eventually(
    'another pod',
    () => ours().some(({ metadata }) => metadata.uid !== before?.metadata.uid) || undefined,
  );
  await cluster.seed();
  cluster.velero.takeBackup({ name: 'unmeshed', namespaces: [NAMESPACE] });
  await loseNamespace(world);
  return () => {
    start();
    store.remove('backups.velero.io', 'velero', 'unmeshed');
  };
}

const outlast = (step: string, minutes: number) => async (world: World, run: string) => {
  await untilStep(world, run, step);
  await pause(500);
  world.inside.clock.move(minutes * MINUTE);
};

/** What the cluster and its workloads make of it. */
export const CLUSTER_ROWS: Row[] = [
  {
    fault: 'The PVCs exist, only the workloads are lost',
    ends: 'succeeded',
    sentence: 'Data will NOT change in data-clickhouse-0, data-postgresql-0.',
    restores: 1,
    keeps: true,
    async arrange({ sandbox }) {
      const { store } = sandbox.cluster;
      await sandbox.cluster.seed();
      for (const kind of ['deployments.apps', 'statefulsets.apps'])
        for (const { metadata } of store.list(kind, NAMESPACE)) store.remove(kind, NAMESPACE, metadata.name);
      await eventually('the pods are gone', () => store.list('pods', NAMESPACE).length === 0 || undefined);
      return () => undefined;
    },
  },
  {
    fault: 'A Deployment never becomes ready',
    ends: 'failed',
    sentence: 'deployment/projection-service: ',
    restores: 1,
    arrange: ({ sandbox }) =>
      sandbox.cluster.controllers.failPods(
        { namespace: NAMESPACE, labels: { app: 'projection-service' } },
        'ImagePullBackOff',
      ),
    approved: outlast('wait-ready', 11),
  },
  {
    fault: "A pod comes back without its mesh's sidecar: the injector does not run",
    ends: 'failed',
    sentence:
      'pod postgresql-0 runs without the linkerd-proxy its namespace asks for: restart it once the injector runs',
    restores: 1,
    words: ['--from', 'unmeshed'],
    arrange: takeUnmeshedBackup,
  },
  {
    fault: 'A ResourceQuota refuses the pods',
    ends: 'failed',
    sentence: 'ended PartiallyFailed with',
    restores: 1,
    keeps: true,
    async arrange({ sandbox }) {
      const { store } = sandbox.cluster;
      await sandbox.cluster.seed();
      for (const { metadata } of store.list('deployments.apps', NAMESPACE))
        store.remove('deployments.apps', NAMESPACE, metadata.name);
      await eventually(
        'their pods are gone',
        () =>
          store.list('pods', NAMESPACE).every(({ metadata }) => /^(clickhouse|postgresql)-0$/.test(metadata.name)) ||
          undefined,
      );
      store.create('resourcequotas', {
        metadata: { name: 'tight', namespace: NAMESPACE },
        spec: { hard: { pods: '3' } },
      });
      return () => store.remove('resourcequotas', NAMESPACE, 'tight');
    },
  },
  {
    fault: 'A service answers its health check with 500',
    ends: 'failed',
    sentence: 'health enrichment-service:8080/health: HTTP 500',
    restores: 1,
    arrange({ sandbox }) {
      const { services } = sandbox.cluster;
      services.set(NAMESPACE, 'enrichment-service', { status: 500, body: 'broken' });
      return () => services.set(NAMESPACE, 'enrichment-service', 'ok');
    },
    approved: outlast('health', 4),
  },
  {
    fault: 'The API server does not answer before the Restore is created',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    planned: async ({ sandbox }) => {
      await sandbox.cluster.api.faults.down();
    },
    approved: async ({ sandbox }) => {
      await pause(700);
      await sandbox.cluster.api.faults.up();
    },
  },
  {
    fault: 'The API server takes the Restore, and the connection breaks before its answer',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    planned: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({
        kind: 'reset-after',
        match: { verb: 'create', resource: 'restores.velero.io' },
        times: 1,
      }),
  },
  {
    fault: 'The API server does not answer while the workloads become ready',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    approved: async (world, run) => {
      await untilStep(world, run, 'wait-ready');
      await blink(world);
    },
  },
  {
    fault: 'The API server does not answer while it is verified',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    approved: async (world, run) => {
      await untilStep(world, run, 'health');
      await blink(world);
    },
  },
  {
    fault: 'A watch has expired (410 Gone)',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    arrange: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({ kind: 'status', code: 410, match: { verb: 'watch' }, times: 3 }),
  },
  {
    fault: "Somebody else's Restore has the run's name",
    ends: 'parked',
    sentence: 'exists, but is not the one this run asks for.',
    restores: 0,
    planned({ sandbox }, run) {
      const [backup] = sandbox.cluster.store.list('backups.velero.io', 'velero');
      sandbox.cluster.store.create('restores.velero.io', {
        metadata: { name: restoreOf(run), namespace: 'velero' },
        spec: { backupName: backup?.metadata.name ?? '', includedNamespaces: ['monitoring'] },
      });
    },
  },
  {
    fault: 'The facts change between approval and run: the namespace is back',
    ends: 'parked',
    sentence: 'The facts changed since the approval: ',
    restores: 0,
    planned: ({ sandbox }) => {
      sandbox.cluster.store.create('namespaces', { metadata: { name: NAMESPACE } });
    },
  },
];
