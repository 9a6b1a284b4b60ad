import { untilStep } from '../../journeys/story.ts';
import { NAMESPACE, pause } from '../../journeys/world.ts';
import {
  type Arrangements,
  CORE,
  HERE,
  makeConfigMap,
  makeNamespace,
  makeRestore,
  outlastSilence,
  outlastStep,
  replaceObject,
  takeBackup,
} from './arrangement.ts';
import type { RealWorld } from './real-world.ts';
import { VELERO_API } from './velero-objects.ts';

const WHEN = 'The facts change between approval and run';

/** Only this object of the backup is there. */
const leaving = (plural: 'configmaps' | 'secrets', name: string) => async (world: RealWorld) => {
  await makeNamespace(world);
  await world.admin.must('POST', `${HERE}/${plural}`, { metadata: { name } });
  return () => undefined;
};

async function leaveNothing(world: RealWorld) {
  await makeNamespace(world);
  return () => undefined;
}

/** What is no longer as it was approved. */
export const FACTS: Arrangements = {
  [`${WHEN}: the namespace is back`]: { planned: (world) => makeNamespace(world) },
  [`${WHEN}: the backup is gone`]: {
    arrange: takeBackup({ name: 'brief' }),
    planned: ({ admin }) => admin.must('DELETE', `${VELERO_API}/backups/brief`),
  },
  [`${WHEN}: another backup has the name of the approved one`]: {
    arrange: takeBackup({ name: 'replaced' }),
    planned: (world) => replaceObject(world, `${VELERO_API}/backups/replaced`),
  },
  [`${WHEN}: another storage location has the name of the approved one`]: {
    planned: (world) => replaceObject(world, `${VELERO_API}/backupstoragelocations/default`),
  },
  [`${WHEN}: a PVC is there that was not`]: {
    arrange: leaveNothing,
    planned: ({ admin }) =>
      admin.must('POST', `${HERE}/persistentvolumeclaims`, {
        metadata: { name: 'late' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      }),
  },
  [`${WHEN}: an object that was to be created is there`]: {
    arrange: leaveNothing,
    planned: (world) => makeConfigMap(world, 'clickhouse-config'),
  },
  [`${WHEN}: an object that was to stay is another one now`]: {
    arrange: leaving('configmaps', 'clickhouse-config'),
    planned: (world) => replaceObject(world, `${HERE}/configmaps/clickhouse-config`),
  },
  [`${WHEN}: an object that was to stay is gone`]: {
    arrange: leaving('secrets', 'clickhouse-credentials'),
    planned: ({ admin }) => admin.must('DELETE', `${HERE}/secrets/clickhouse-credentials`),
  },
  [`${WHEN}: the namespace of the copy is no longer empty`]: {
    arrange:
      async ({ admin }) =>
      () =>
        admin.must('DELETE', `${CORE}/monitoring/configmaps/moved-in`),
    planned: (world) => makeConfigMap(world, 'moved-in', 'monitoring'),
  },
  'The storage location becomes Unavailable after the approval': {
    arrange:
      async ({ velero }) =>
      () =>
        velero.setUnavailable(undefined),
    planned: ({ velero }) => velero.setUnavailable('the bucket does not answer'),
  },
  'Velero goes down after the approval': {
    planned: ({ velero }) => {
      velero.faults.down = true;
    },
    approved: outlastSilence,
  },
  'Another Restore begins after the approval and does not end': {
    planned: restoreByHand,
    approved: outlastStep('preflight', 2),
  },
  'Another Restore begins after the approval and ends': {
    needs: 'workloads',
    planned: restoreByHand,
    async approved(world, run) {
      await untilStep(world, run, 'preflight');
      await pause(400);
      delete world.velero.faults.stuckIn;
    },
  },
};

async function restoreByHand(world: RealWorld, run: string): Promise<void> {
  world.velero.faults.stuckIn = 'New';
  await makeRestore(world, `by-hand-${run}-${NAMESPACE}`);
}
