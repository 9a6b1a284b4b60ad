import { eventually, NAMESPACE, pause, type World } from '../world.ts';
import { loseWorkloads, outlastPhase, outlastStep, secondsAllowed, takeBackupOf } from './make-fault.ts';
import type { Row } from './row.ts';

const recovered = `RECOVERED and verified: ${NAMESPACE}`;
const TIMED_OUT = 'Step "wait-ready" did not finish in 600 s: ';

/** What the cluster and its workloads make of it. */
export const CLUSTER_ROWS: Row[] = [
  {
    fault: 'The PVCs exist, only the workloads are lost',
    ends: 'succeeded',
    sentence: 'Data will NOT change in data-clickhouse-0, data-postgresql-0.',
    restores: 1,
    keeps: true,
    async arrange(world) {
      await loseWorkloads(world);
      return () => undefined;
    },
  },
  {
    fault: 'A Deployment never becomes ready',
    ends: 'failed',
    sentence: `${TIMED_OUT}5/6 workloads ready; deployment/projection-service: 0/2 replicas available`,
    restores: 1,
    arrange: failing('projection-service', 'ImagePullBackOff'),
    approved: outlastStep(
      'wait-ready',
      11,
      '5/6 workloads ready; deployment/projection-service: 0/2 replicas available',
    ),
  },
  {
    fault: 'A Deployment exceeds its own progress deadline',
    ends: 'failed',
    sentence: 'deployment/projection-service: it exceeded its progress deadline (0/2 available)',
    restores: 1,
    words: ['--from', 'hasty'],
    async arrange(world) {
      const heal = await takeBackupOf(world, 'hasty', ({ sandbox }) => {
        sandbox.cluster.store.modify('deployments.apps', NAMESPACE, 'projection-service', (object) => {
          Object.assign(object['spec'] as object, { progressDeadlineSeconds: 1 });
        });
      });
      const mend = failing('projection-service', 'CrashLoopBackOff')(world);
      return () => {
        heal();
        mend();
      };
    },
  },
  {
    fault: 'A StatefulSet never becomes ready',
    ends: 'failed',
    sentence: `${TIMED_OUT}5/6 workloads ready; statefulset/postgresql: 0/1 replicas ready`,
    restores: 1,
    arrange: failing('postgresql', 'CrashLoopBackOff'),
    approved: outlastStep(
      'wait-ready',
      11,
      '5/6 workloads ready; statefulset/postgresql: 0/1 replicas ready; service/postgresql: no ready endpoint',
    ),
  },
  {
    fault: 'A DaemonSet never becomes ready',
    ends: 'failed',
    sentence: `${TIMED_OUT}6/7 workloads ready; daemonset/log-shipper: 0/3 pods available.`,
    restores: 1,
    words: ['--from', 'with-daemons'],
    async arrange(world) {
      const heal = await backUpDaemonSet(world);
      const mend = failing('log-shipper', 'CrashLoopBackOff')(world);
      return () => {
        heal();
        mend();
      };
    },
    approved: outlastStep('wait-ready', 11, '6/7 workloads ready; daemonset/log-shipper: 0/3 pods available'),
  },
  {
    fault: 'A PVC is never bound: its pod, and with it Velero, waits for it',
    ends: 'parked',
    sentence: `(allowed: ${secondsAllowed('InProgress')} s): waiting for volumes `,
    restores: 1,
    velero: { holdVolumes: 'Accepted' },
    arrange: ({ sandbox }) => sandbox.cluster.controllers.holdClaims({ namespace: NAMESPACE }),
    approved: outlastPhase('InProgress'),
  },
  {
    fault: 'A PVC that no pod waits for is never bound',
    ends: 'failed',
    sentence: `${TIMED_OUT}6/6 workloads ready; pvc/scratch: Pending.`,
    restores: 1,
    words: ['--from', 'with-scratch'],
    async arrange(world) {
      const heal = await takeBackupOf(world, 'with-scratch', ({ sandbox }) => {
        const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
        const metadata = { name: 'scratch', namespace: NAMESPACE, labels: { app: 'scratch' } };
        sandbox.cluster.store.create('persistentvolumeclaims', { metadata, spec });
      });
      const mend = world.sandbox.cluster.controllers.holdClaims({ namespace: NAMESPACE, labels: { app: 'scratch' } });
      return () => {
        heal();
        mend();
      };
    },
    approved: outlastStep('wait-ready', 11, '6/6 workloads ready; pvc/scratch: Pending'),
  },
  {
    fault: 'A Service has no endpoint: its pod does not bear the label that it selects',
    ends: 'failed',
    sentence: `${TIMED_OUT}6/6 workloads ready; service/postgresql: no ready endpoint.`,
    restores: 1,
    words: ['--from', 'relabelled'],
    arrange: (world) => takeBackupOf(world, 'relabelled', takeOutOfService),
    approved: outlastStep('wait-ready', 11, '6/6 workloads ready; service/postgresql: no ready endpoint'),
  },
  {
    fault: 'Velero leaves out a Deployment without a word',
    ends: 'failed',
    sentence: `${TIMED_OUT}5/6 workloads ready; deployment/enrichment-service: is in the backup, but not in the namespace`,
    restores: 1,
    velero: { skipSilently: `deployments.apps/${NAMESPACE}/enrichment-service` },
    approved: outlastStep(
      'wait-ready',
      11,
      '5/6 workloads ready; deployment/enrichment-service: is in the backup, but not in the namespace',
    ),
  },
  {
    fault: 'Velero leaves out a Service without a word',
    ends: 'failed',
    sentence: `${TIMED_OUT}6/6 workloads ready; service/postgresql: is in the backup, but not in the namespace.`,
    restores: 1,
    velero: { skipSilently: `services/${NAMESPACE}/postgresql` },
    approved: outlastStep(
      'wait-ready',
      11,
      '6/6 workloads ready; service/postgresql: is in the backup, but not in the namespace',
    ),
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
      await eventually('their pods are gone', () => store.list('pods', NAMESPACE).length === 2 || undefined);
      const spec = { hard: { pods: '3' } };
      store.create('resourcequotas', { metadata: { name: 'tight', namespace: NAMESPACE }, spec });
      return () => store.remove('resourcequotas', NAMESPACE, 'tight');
    },
  },
  {
    fault: 'A service answers its health check with 500',
    ends: 'failed',
    sentence: 'Step "health" did not finish in 180 s: health enrichment-service:8080/health: HTTP 500',
    restores: 1,
    arrange({ sandbox }) {
      const { services } = sandbox.cluster;
      services.set(NAMESPACE, 'enrichment-service', { status: 500, body: 'broken' });
      return () => services.set(NAMESPACE, 'enrichment-service', 'ok');
    },
    approved: outlastStep('health', 4),
  },
  {
    fault: 'A service answers its health check with 500 for a moment',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    arrange({ sandbox }) {
      const { services } = sandbox.cluster;
      services.set(NAMESPACE, 'enrichment-service', { status: 500, body: 'starting' });
      return () => services.set(NAMESPACE, 'enrichment-service', 'ok');
    },
    async approved(world, run) {
      await outlastStep('health', 1)(world, run);
      await pause(300);
      world.sandbox.cluster.services.set(NAMESPACE, 'enrichment-service', 'ok');
    },
  },
];

type Failure = Parameters<World['sandbox']['cluster']['controllers']['failPods']>[1];

function failing(app: string, failure: Failure) {
  return ({ sandbox }: World) =>
    sandbox.cluster.controllers.failPods({ namespace: NAMESPACE, labels: { app } }, failure);
}

/** A backup with a DaemonSet in it, beside what is there usually. */
export function backUpDaemonSet(world: World): Promise<() => void> {
  return takeBackupOf(world, 'with-daemons', async ({ sandbox }) => {
    const { store } = sandbox.cluster;
    const labels = { app: 'log-shipper' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'ship', image: 'vector:0.41' }] } };
    store.create('daemonsets.apps', {
      metadata: { name: 'log-shipper', namespace: NAMESPACE, labels },
      spec: { selector: { matchLabels: labels }, template },
    });
    const pods = () =>
      store.list('pods', NAMESPACE).filter(({ metadata }) => metadata.labels?.['app'] === 'log-shipper');
    await eventually('its pods are there', () => pods().length === 3 || undefined);
  });
}

/** As people do to look at a pod: the Service selects one label more, and the pod does not bear it any longer. */
export function takeOutOfService({ sandbox }: World): void {
  const { store } = sandbox.cluster;
  store.modify('services', NAMESPACE, 'postgresql', (object) => {
    Object.assign(object['spec'] as object, { selector: { app: 'postgresql', team: 'data-platform' } });
  });
  store.modify('pods', NAMESPACE, 'postgresql-0', ({ metadata }) => {
    const { team: _team, ...labels } = metadata.labels ?? {};
    metadata.labels = labels;
  });
}
