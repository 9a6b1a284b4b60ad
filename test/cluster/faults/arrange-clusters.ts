import { restoreOf, until, untilStep } from '../../journeys/story.ts';
import { eventually, pause } from '../../journeys/world.ts';
import {
  type Arrangement,
  type Arrangements,
  blink,
  blinkIn,
  HERE,
  makeNamespace,
  makeRestore,
  outlastStep,
  untilPhase,
  whileItIsVerified,
} from './arrangement.ts';
import type { RealWorld } from './real-world.ts';
import { VELERO_API } from './velero-objects.ts';

/** A quota of so many pods, of which some are used; Kubernetes has counted them. */
const withQuota = (pods: number, used: number) => async (world: RealWorld) => {
  const { admin, plane } = world;
  await makeNamespace(world);
  for (let n = 1; n <= used; n += 1) {
    const spec = { containers: [{ name: 'web', image: 'web' }], terminationGracePeriodSeconds: 0 };
    await admin.must('POST', `${HERE}/pods`, { metadata: { name: `other-${n}` }, spec });
  }
  const hard = { pods: String(pods) };
  const quota = (await admin.must('POST', `${HERE}/resourcequotas`, {
    metadata: { name: 'tight' },
    spec: { hard },
  })) as object;
  const path = `${HERE}/resourcequotas/tight`;
  const counted = { ...quota, status: { hard, used: { pods: String(used) } } };
  if (!plane.hasControllers) await admin.must('PUT', `${path}/status`, counted);
  await eventually('the quota is counted', async () => {
    const { status } = (await admin.must('GET', path)) as { status?: { used?: { pods?: string } } };
    return status?.used?.pods === String(used) || undefined;
  });
  return () => admin.send('DELETE', path);
};

/** The pods of this app do not start; it takes longer than the runbook allows. */
const failing = (app: string): Arrangement => ({
  needs: 'workloads',
  async arrange({ kubelet }) {
    kubelet?.failing.add(app);
    return () => kubelet?.failing.clear();
  },
  approved: outlastStep('wait-ready', 11),
});

async function healService({ kubelet }: RealWorld) {
  return () => kubelet?.broken.clear();
}

async function breakService(world: RealWorld) {
  world.kubelet?.broken.add('enrichment-service');
  return healService(world);
}

/** What the cluster and its workloads make of it. */
export const CLUSTERS: Arrangements = {
  'The PVCs exist, only the workloads are lost': {
    needs: 'workloads',
    async arrange(world) {
      await makeNamespace(world);
      for (const { apiVersion, kind, metadata, ...content } of world.past.list('persistentvolumeclaims')) {
        const { name, labels } = metadata;
        const claim = { apiVersion, kind, metadata: { name, labels }, spec: content['spec'] };
        await world.admin.must('POST', `${HERE}/persistentvolumeclaims`, claim);
      }
      return () => undefined;
    },
  },
  'A Deployment never becomes ready': failing('projection-service'),
  'A StatefulSet never becomes ready': failing('postgresql'),
  'Velero leaves out a Deployment without a word': { needs: 'workloads', approved: outlastStep('wait-ready', 11) },
  'Velero leaves out a Service without a word': { needs: 'workloads', approved: outlastStep('wait-ready', 11) },
  'A ResourceQuota refuses the pods': { arrange: withQuota(3, 0) },
  'A ResourceQuota is full before the restore': { arrange: withQuota(2, 2) },
  'A service answers its health check with 500': {
    needs: 'workloads',
    arrange: breakService,
    approved: outlastStep('health', 4),
  },
  'A service answers its health check with 500 for a moment': {
    needs: 'workloads',
    arrange: breakService,
    async approved(world, run) {
      await outlastStep('health', 1)(world, run);
      await pause(300);
      world.kubelet?.broken.clear();
    },
  },
};

/** What breaks once every step is done. */
export const VERIFICATIONS: Arrangements = {
  'The Restore is deleted before it is verified': {
    needs: 'workloads',
    arrange: breakService,
    async approved({ admin, kubelet, ...world }, run) {
      await untilStep(world, run, 'health');
      await admin.must('DELETE', `${VELERO_API}/restores/${restoreOf(run)}`);
      kubelet?.broken.clear();
    },
  },
  'A service begins to answer 500 while it is verified': {
    needs: 'workloads',
    arrange: healService,
    approved: whileItIsVerified(async (world) => {
      await breakService(world);
      await pause(1_000);
    }),
  },
};

const RESTORE_POST = /\/restores(\?|$)/;

/** The way to the API server, at every stage of a run. */
export const OUTAGES: Arrangements = {
  'The API server does not answer while the plan is made': {
    async arrange({ gateway }) {
      await gateway.down();
      return () => gateway.up();
    },
    planning: ({ inside }) => inside.clock.move(150_000),
  },
  'The API server does not answer while the plan is made, and comes back within two minutes': {
    needs: 'workloads',
    async arrange({ gateway }) {
      await gateway.down();
      return () => gateway.up();
    },
    async planning({ gateway }) {
      await pause(700);
      await gateway.up();
    },
  },
  'The API server does not answer before the Restore is created': {
    needs: 'workloads',
    planned: ({ gateway }) => gateway.down(),
    async approved({ gateway }) {
      await pause(700);
      await gateway.up();
    },
  },
  'The API server takes the Restore, and the connection breaks before its answer': {
    needs: 'workloads',
    planned: ({ gateway }) => gateway.breakNextPost(RESTORE_POST),
    proof: ({ gateway }) => gateway.passed().some(({ status, broken }) => status === 201 && broken === true),
  },
  'The API server does not answer while Velero restores': {
    needs: 'workloads',
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      await world.gateway.down();
      // Velero ends meanwhile: that must be found out, not done again.
      delete world.velero.faults.stuckIn;
      await pause(700);
      await world.gateway.up();
    },
  },
  'The API server does not answer any more while Velero restores': {
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      await world.gateway.down();
      // It has noticed, and then two minutes pass.
      await pause(1_000);
      world.inside.clock.move(3_000);
      await pause(1_000);
      world.inside.clock.move(125_000);
      await until(world, run, 'parked');
      await world.gateway.up();
    },
  },
  'The API server does not answer while the workloads become ready': {
    needs: 'workloads',
    approved: blinkIn('wait-ready'),
  },
  'The API server does not answer while the services are asked for their health': {
    needs: 'workloads',
    approved: blinkIn('health'),
  },
  'The API server does not answer while it is verified': { needs: 'workloads', approved: whileItIsVerified(blink) },
  'A watch has expired (410 Gone)': {
    needs: 'workloads',
    async arrange({ gateway, plane }) {
      await plane.forgetHistory();
      gateway.ageWatches(3);
      return () => undefined;
    },
    // In the words of the server itself.
    proof: ({ gateway }) => gateway.agedAnswers().some((text) => /"code":410\b/.test(text)),
  },
  "Somebody else's Restore has the run's name": { planned: (world, run) => makeRestore(world, restoreOf(run)) },
  "Somebody else's Restore takes the run's name in the moment of the create (409 AlreadyExists)": {
    planned: (world, run) => world.gateway.beforeNextPost(RESTORE_POST, () => makeRestore(world, restoreOf(run))),
    proof: ({ gateway }) =>
      gateway.passed().some(({ request, status }) => RESTORE_POST.test(request) && status === 409),
  },
};
