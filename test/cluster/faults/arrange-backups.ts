import { eventually, NAMESPACE, pause } from '../../journeys/world.ts';
import {
  type Arrangements,
  CORE,
  HERE,
  makeConfigMap,
  makeNamespace,
  makeRestore,
  outlastSilence,
  takeBackup,
} from './arrangement.ts';
import type { RealWorld } from './real-world.ts';
import { list, VELERO_API } from './velero-objects.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCATIONS = `${VELERO_API}/backupstoragelocations`;

/** The namespace controller has found out what holds the namespace, and says so in its status. */
async function untilHeld({ admin }: RealWorld): Promise<void> {
  await eventually('its controller says what holds it', async () => {
    const { status } = (await admin.must('GET', HERE)) as { status: { conditions?: { type: string }[] } };
    return status.conditions?.find(({ type }) => type === 'NamespaceFinalizersRemaining');
  });
}

/** What was backed up, or is asked for. */
export const BACKUPS: Arrangements = {
  'The namespace is Terminating: a finalizer holds it': {
    async arrange(world) {
      const { admin, plane } = world;
      await makeNamespace(world);
      await admin.must('POST', `${HERE}/configmaps`, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
      await admin.must('DELETE', HERE);
      if (plane.hasControllers) await untilHeld(world);
      return () => admin.must('PATCH', `${HERE}/configmaps/held`, { metadata: { finalizers: null } });
    },
  },
  'The backup that was named is not there': {},
  'The backup expires too soon to be relied on': {
    arrange: takeBackup({ name: 'old', ttl: '24h0m0s', startedAt: new Date(Date.now() - DAY + 10 * MINUTE) }),
  },
  "The backup's retention is over": {
    arrange: takeBackup({ name: 'ancient', ttl: '168h0m0s', startedAt: new Date(Date.now() - 8 * DAY) }),
  },
  'The backup is PartiallyFailed': {
    arrange: takeBackup({ name: 'half', outcome: { phase: 'PartiallyFailed', errors: 2 } }),
  },
  'The backup is PartiallyFailed, and that was allowed': {
    needs: 'workloads',
    arrange: takeBackup({ name: 'partial', outcome: { phase: 'PartiallyFailed', errors: 2 } }),
  },
  'The backup is Failed': { arrange: takeBackup({ name: 'broken', outcome: { phase: 'Failed', errors: 1 } }) },
  'Only the hourly backups of ConfigMaps, Secrets and PVCs may be used': {},
  'Every backup began after the disaster': {},
  'The schedule that was named has no backup': {},
  'The backup holds the namespace, but no workload': {
    arrange: ({ velero, past }) => velero.keepBackup(past.takeBareBackup({ name: 'bare', namespaces: [NAMESPACE] })),
  },
  'No backup of the schedule holds a workload': {
    async arrange({ velero, past }) {
      const bare = (n: number) => past.takeBareBackup({ name: `bare-${n}`, schedule: 'bare', namespaces: [NAMESPACE] });
      const heals = await Promise.all([1, 2, 3, 4, 5].map((n) => velero.keepBackup(bare(n))));
      return () => Promise.all(heals.map((heal) => heal()));
    },
  },
  'The copy is to go into a namespace that is not empty': {
    async arrange(world) {
      await makeConfigMap(world, 'here-first', 'monitoring');
      return () => world.admin.must('DELETE', `${CORE}/monitoring/configmaps/here-first`);
    },
  },
  'The namespace is one of Kubernetes itself': {},
  'The namespace is where Velero runs': {},
  'The copy is to go into a protected namespace': {},
  'The name of the namespace is a glob': {},
};

/** Velero, its storage, and who else has a say. */
export const SURROUNDINGS: Arrangements = {
  'The storage location is Unavailable': {
    async arrange({ velero }) {
      await velero.setUnavailable('the bucket does not answer');
      return () => velero.setUnavailable(undefined);
    },
  },
  'The runbook declares no data assertion': { needs: 'workloads' },
  'The storage location is ReadOnly: Velero restores from it all the same': {
    needs: 'workloads',
    async arrange({ velero }) {
      await velero.setAccessMode('ReadOnly');
      return () => velero.setAccessMode('ReadWrite');
    },
  },
  'The storage location is gone': {
    async arrange({ admin }) {
      const { metadata, ...rest } = (await admin.must('GET', `${LOCATIONS}/default`)) as { metadata: { name: string } };
      await admin.must('DELETE', `${LOCATIONS}/default`);
      return () => admin.must('POST', LOCATIONS, { ...rest, metadata: { name: metadata.name } });
    },
  },
  'Another storage location is Unavailable': {
    needs: 'workloads',
    async arrange({ admin }) {
      await admin.must('POST', LOCATIONS, {
        ...{ apiVersion: 'velero.io/v1', kind: 'BackupStorageLocation', metadata: { name: 'archive' } },
        spec: { provider: 'aws', objectStorage: { bucket: 'archive' } },
        status: { phase: 'Unavailable', message: 'access denied' },
      });
      return () => admin.must('DELETE', `${LOCATIONS}/archive`);
    },
  },
  'Velero is down': { planning: outlastSilence },
  'Velero is of a version that Muster does not know': { needs: 'workloads' },
  'Velero answers, but never processes a DownloadRequest while it is planned': {
    async planning({ admin, inside }) {
      await eventually('it is asked', async () => (await list(admin, 'downloadrequests')).length > 0 || undefined);
      await pause(300);
      inside.clock.move(61_000);
    },
  },
  'Another Restore is under way': {
    async arrange(world) {
      world.velero.faults.stuckIn = 'New';
      await makeRestore(world, 'by-hand');
      return () => undefined;
    },
  },
  'A Backup is reading the namespace now': {
    needs: 'workloads',
    arrange: takeBackup({ name: 'reading', outcome: { phase: 'InProgress', errors: 0 } }),
  },
  'Argo CD owns what is there': {
    needs: 'workloads',
    async arrange(world) {
      await makeNamespace(world, { 'argocd.argoproj.io/tracking-id': `pipeline:/Namespace:${NAMESPACE}` });
      const { admin, past, translation } = world;
      const path = `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers`;
      for (const { apiVersion, kind, metadata, spec } of past.list('horizontalpodautoscalers.autoscaling')) {
        const scaler = { apiVersion, kind, metadata: { name: metadata.name }, spec };
        await admin.must(
          'POST',
          translation.toServer(path),
          JSON.parse(translation.bodyToServer(JSON.stringify(scaler))),
        );
      }
      return () => undefined;
    },
  },
};
