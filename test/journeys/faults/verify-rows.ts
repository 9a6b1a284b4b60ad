import { POD_FAULT_ANNOTATION } from '../../../sandbox/controllers/pod-faults.ts';
import { restoreOf, untilStep } from '../story.ts';
import { eventually, NAMESPACE, type World } from '../world.ts';
import { backUpDaemonSet, takeOutOfService } from './cluster-rows.ts';
import { untilGone, whileItIsVerified } from './make-fault.ts';
import type { Row } from './row.ts';

/** What breaks once every step is done: only the verification is left to see it. */
export const VERIFY_ROWS: Row[] = [
  {
    fault: 'The Restore is deleted before it is verified',
    ends: 'failed',
    sentence: 'Not verified: restore: Restore dr-',
    restores: 1,
    arrange({ sandbox }) {
      const { services } = sandbox.cluster;
      services.set(NAMESPACE, 'enrichment-service', { status: 503, body: 'starting' });
      return () => services.set(NAMESPACE, 'enrichment-service', 'ok');
    },
    async approved(world, run) {
      const { store, services } = world.sandbox.cluster;
      await untilStep(world, run, 'health');
      store.remove('restores.velero.io', 'velero', restoreOf(run));
      await untilGone(world, 'restores.velero.io', 'velero', restoreOf(run));
      services.set(NAMESPACE, 'enrichment-service', 'ok');
    },
  },
  {
    fault: 'A pod of a Deployment fails while it is verified',
    ends: 'failed',
    sentence: 'Not verified: deployment/projection-service: 1/2 replicas available. Next:',
    restores: 1,
    approved: whileItIsVerified((world) => failPodOf(world, 'projection-service', 'deployments.apps')),
  },
  {
    fault: 'The pod of a StatefulSet fails while it is verified',
    ends: 'failed',
    sentence: 'Not verified: statefulset/postgresql: 0/1 replicas ready; service/postgresql: no ready endpoint. Next:',
    restores: 1,
    approved: whileItIsVerified((world) => failPodOf(world, 'postgresql', 'statefulsets.apps')),
  },
  {
    fault: 'A pod of a DaemonSet fails while it is verified',
    ends: 'failed',
    sentence: 'Not verified: daemonset/log-shipper: 2/3 pods available. Next:',
    restores: 1,
    words: ['--from', 'with-daemons'],
    arrange: backUpDaemonSet,
    approved: whileItIsVerified((world) => failPodOf(world, 'log-shipper', 'daemonsets.apps')),
  },
  {
    fault: 'A PVC loses its volume while it is verified',
    ends: 'failed',
    sentence: 'Not verified: pvc/data-clickhouse-0: Lost. Next:',
    restores: 1,
    approved: whileItIsVerified(({ sandbox }) => {
      const { store } = sandbox.cluster;
      const spec = store.get('persistentvolumeclaims', NAMESPACE, 'data-clickhouse-0')?.['spec'];
      store.remove('persistentvolumes', undefined, (spec as { volumeName: string }).volumeName);
      store.modify('persistentvolumeclaims', NAMESPACE, 'data-clickhouse-0', (object) => {
        object['status'] = { phase: 'Lost' };
      });
    }),
  },
  {
    fault: 'A Service loses its endpoint while it is verified',
    ends: 'failed',
    sentence: 'Not verified: service/postgresql: no ready endpoint. Next:',
    restores: 1,
    approved: whileItIsVerified(async (world) => {
      takeOutOfService(world);
      await eventually('it has no endpoint', () => {
        const [slice] = world.sandbox.cluster.store
          .list('endpointslices.discovery.k8s.io', NAMESPACE)
          .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'postgresql');
        return (slice?.['endpoints'] as unknown[] | undefined)?.length === 0 || undefined;
      });
    }),
  },
  {
    fault: 'A service begins to answer 500 while it is verified',
    ends: 'failed',
    sentence: 'Not verified: health enrichment-service:8080/health: HTTP 500. Next:',
    restores: 1,
    arrange:
      ({ sandbox }) =>
      () =>
        sandbox.cluster.services.set(NAMESPACE, 'enrichment-service', 'ok'),
    approved: whileItIsVerified(({ sandbox }) =>
      sandbox.cluster.services.set(NAMESPACE, 'enrichment-service', { status: 500, body: 'broken' }),
    ),
  },
];

/** One pod of the workload is not ready any longer, and the workload's status says so. */
async function failPodOf({ sandbox }: World, app: string, resource: string): Promise<void> {
  const { store } = sandbox.cluster;
  const [pod] = store.list('pods', NAMESPACE).filter(({ metadata }) => metadata.labels?.['app'] === app);
  // Its status changes for other reasons too: only the number counts.
  const well = () => {
    const status = Object(store.get(resource, NAMESPACE, app)?.['status']);
    return Number(status.numberAvailable ?? status.availableReplicas ?? status.readyReplicas ?? 0);
  };
  const before = well();
  store.modify('pods', NAMESPACE, pod?.metadata.name ?? '', ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [POD_FAULT_ANNOTATION]: 'NeverReady' };
  });
  await eventually('its status says so', () => well() < before || undefined);
}
