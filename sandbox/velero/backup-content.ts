import { randomUUID } from 'node:crypto';
import { type Resource, resourceOf } from '../cluster/resources.ts';
import type { Store, StoredObject } from '../cluster/store.ts';
import { claimNamesOf } from '../controllers/pod-references.ts';
import { asOf, readVolume } from '../controllers/volume-data.ts';
import type { Pod } from '../controllers/workload-types.ts';
import type { BackedUpItem, BackedUpVolume, BackupContent, Bucket } from './bucket.ts';
import {
  includesClusterScope,
  includesLabels,
  includesNamespace,
  includesResource,
  inPriorityOrder,
} from './selection.ts';
import type { BackupSpec } from './velero-types.ts';

const VOLUME_BYTES = 268_435_456;

function selectItems(store: Store, spec: BackupSpec): BackedUpItem[] {
  const selected = (resource: Resource, object: StoredObject) => {
    if (!includesLabels(spec, object)) return false;
    if (resource.key === 'namespaces') return includesNamespace(spec, object.metadata.name);
    if (resource.namespaced) return includesNamespace(spec, object.metadata.namespace ?? '');
    return includesClusterScope(spec);
  };
  return inPriorityOrder()
    .filter((resource) => includesResource(spec, resource))
    .flatMap((resource) =>
      store
        .list(resource.key)
        .filter((object) => selected(resource, object))
        .map((object) => ({ resource: resource.key, object })),
    );
}

function volumeOf(claim: StoredObject): string | undefined {
  return (claim['spec'] as { volumeName?: string } | undefined)?.volumeName;
}

/** The volumes of backed-up claims, which Velero adds even where cluster-scoped objects are left out. */
function volumesBehind(store: Store, items: BackedUpItem[]): BackedUpItem[] {
  const have = new Set(items.map(({ object }) => object.metadata.uid));
  return items.flatMap(({ resource, object }) => {
    const name = resource === 'persistentvolumeclaims' ? volumeOf(object) : undefined;
    const volume = name === undefined ? undefined : store.get('persistentvolumes', undefined, name);
    if (volume === undefined || have.has(volume.metadata.uid)) return [];
    return [{ resource: 'persistentvolumes', object: volume }];
  });
}

/**
 * Which volumes have their data in the backup. File-system backup is driven by pods: a backup without pods has no such
 * data (velero issue 8483). The data mover goes by claims.
 */
function backUpVolumes(store: Store, items: BackedUpItem[], spec: BackupSpec, at: Date): BackedUpVolume[] {
  const claims = items.filter(({ resource }) => resource === 'persistentvolumeclaims').map(({ object }) => object);
  const pods = items.filter(({ resource }) => resource === 'pods').map(({ object }) => object as Pod);
  return claims.flatMap((claim): BackedUpVolume[] => {
    const { namespace = '', name } = claim.metadata;
    const persistentVolume = volumeOf(claim) ?? '';
    const snapshot = { snapshotId: randomUUID().slice(0, 8), bytes: VOLUME_BYTES };
    const data = { namespace, claim: name, persistentVolume, ...snapshot, content: asOf(readVolume(store, claim), at) };
    if (spec.snapshotMoveData === true) return [{ ...data, method: 'CSISnapshot' }];
    const pod = pods.find((p) => p.metadata.namespace === namespace && claimNamesOf(p).includes(name));
    const volume = pod?.spec.volumes?.find((v) => v.persistentVolumeClaim?.claimName === name);
    if (pod === undefined || volume === undefined) return [];
    return [{ ...data, method: 'PodVolumeBackup', pod: pod.metadata.name, volume: volume.name }];
  });
}

/** What a backup of the cluster as it is now contains, said to be of the time `at`. */
export function collectContent(store: Store, spec: BackupSpec, at = new Date()): BackupContent {
  const selected = selectItems(store, spec);
  const volumes = spec.includeClusterResources !== false && includesResource(spec, resourceOf('persistentvolumes'));
  const items = volumes ? [...selected, ...volumesBehind(store, selected)] : selected;
  return { items, volumes: backUpVolumes(store, items, spec, at) };
}

/** `v1/Namespace`: ["shop"], `apps/v1/Deployment`: ["shop/web"], as Velero's resource list file. */
export function resourceListOf({ items }: BackupContent): Record<string, string[]> {
  const list: Record<string, string[]> = {};
  for (const { object } of items) {
    const { namespace, name } = object.metadata;
    const key = `${object.apiVersion}/${object.kind}`;
    list[key] = [...(list[key] ?? []), namespace === undefined ? name : `${namespace}/${name}`];
  }
  return list;
}

function volumeInfoOf(volume: BackedUpVolume, startTimestamp: string) {
  const { method, namespace, claim, persistentVolume, snapshotId: snapshotHandle, bytes: size } = volume;
  const pod = { volumeName: volume.volume, podName: volume.pod, podNamespace: namespace, phase: 'Completed' };
  return {
    pvcName: claim,
    pvcNamespace: namespace,
    pvName: persistentVolume,
    backupMethod: method,
    snapshotDataMoved: method === 'CSISnapshot',
    preserveLocalSnapshot: false,
    skipped: false,
    startTimestamp,
    completionTimestamp: startTimestamp,
    result: 'succeeded',
    pvInfo: { reclaimPolicy: 'Delete', labels: {} },
    ...(method === 'CSISnapshot'
      ? { snapshotDataMovementInfo: { dataMover: 'velero', uploaderType: 'kopia', snapshotHandle, size } }
      : { pvbInfo: { snapshotHandle, size, uploaderType: 'kopia', ...pod } }),
  };
}

/** Stores the content and the files that Velero writes beside it. */
export function putBackup(bucket: Bucket, name: string, content: BackupContent, startTimestamp: string): void {
  bucket.backups.set(name, content);
  bucket.files.set(`BackupResourceList/${name}`, () => JSON.stringify(resourceListOf(content)));
  bucket.files.set(`BackupResults/${name}`, JSON.stringify({ warnings: {}, errors: {} }));
  bucket.files.set(
    `BackupLog/${name}`,
    `time="${startTimestamp}" level=info msg="Backed up a total of ${content.items.length} items" backup=velero/${name}\n`,
  );
  bucket.files.set(`BackupVolumeInfos/${name}`, () =>
    JSON.stringify(content.volumes.map((v) => volumeInfoOf(v, startTimestamp))),
  );
  bucket.files.set(`BackupItemOperations/${name}`, '[]');
}
