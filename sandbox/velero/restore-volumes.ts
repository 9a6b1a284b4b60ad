import { generateName, type Store, type StoredObject } from '../cluster/store.ts';
import type { BackedUpVolume } from './bucket.ts';
import { validLabelValue } from './restore-item.ts';
import {
  RESTORE_NAME_LABEL,
  type Restore,
  STORAGE_LOCATION,
  VELERO_NAMESPACE,
  type VolumePhase,
} from './velero-types.ts';

export const VOLUME_RESOURCES = ['podvolumerestores.velero.io', 'datadownloads.velero.io'] as const;
export type VolumeResource = (typeof VOLUME_RESOURCES)[number];

export interface VolumeRestore extends StoredObject {
  spec: {
    cancel?: boolean;
    snapshotID?: string;
    snapshotSize?: number;
    pod?: { namespace: string; name: string };
    volume?: string;
    targetVolume?: { namespace: string; pvc: string };
  };
  status?: { phase?: VolumePhase; message?: string };
}

function metadataFor(restore: Restore, labels: Record<string, string>) {
  const { name, uid } = restore.metadata;
  const owner = { apiVersion: 'velero.io/v1', kind: 'Restore', name, uid, controller: true };
  return {
    name: generateName(`${name}-`),
    generateName: `${name}-`,
    namespace: VELERO_NAMESPACE,
    labels: { [RESTORE_NAME_LABEL]: validLabelValue(name), 'velero.io/restore-uid': uid, ...labels },
    ownerReferences: [owner],
  };
}

function createPodVolumeRestore(store: Store, restore: Restore, volume: BackedUpVolume, pod: StoredObject): void {
  const { namespace = '', name, uid } = pod.metadata;
  store.create('podvolumerestores.velero.io', {
    metadata: metadataFor(restore, { 'velero.io/pod-uid': uid }),
    spec: {
      backupStorageLocation: STORAGE_LOCATION,
      pod: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
      repoIdentifier: '',
      snapshotID: volume.snapshotId,
      snapshotSize: volume.bytes,
      sourceNamespace: volume.namespace,
      uploaderType: 'kopia',
      volume: volume.volume ?? '',
    },
  });
}

function createDataDownload(store: Store, restore: Restore, volume: BackedUpVolume, claim: StoredObject): void {
  const { namespace = '', name, uid } = claim.metadata;
  store.create('datadownloads.velero.io', {
    metadata: metadataFor(restore, { 'velero.io/pvc-uid': uid, 'velero.io/async-operation-id': `dd-${uid}` }),
    spec: {
      backupStorageLocation: STORAGE_LOCATION,
      operationTimeout: '10m0s',
      snapshotID: volume.snapshotId,
      snapshotSize: volume.bytes,
      sourceNamespace: volume.namespace,
      targetVolume: { namespace, pv: '', pvc: name },
    },
  });
}

/** Begins the data restores that an object just created brings along: pods for file-system backups, claims for moved data. */
export function beginVolumeRestores(
  store: Store,
  restore: Restore,
  volumes: BackedUpVolume[],
  source: string,
  created: StoredObject,
): void {
  const { name } = created.metadata;
  for (const volume of volumes.filter(({ namespace }) => namespace === source)) {
    const byPod = created.kind === 'Pod' && volume.method === 'PodVolumeBackup' && volume.pod === name;
    const byClaim =
      created.kind === 'PersistentVolumeClaim' && volume.method === 'CSISnapshot' && volume.claim === name;
    if (byPod) createPodVolumeRestore(store, restore, volume, created);
    if (byClaim) createDataDownload(store, restore, volume, created);
  }
}

export function volumeRestoresOf(store: Store, restore: string, resource: VolumeResource): VolumeRestore[] {
  const label = validLabelValue(restore);
  return store
    .list(resource, VELERO_NAMESPACE)
    .filter(({ metadata }) => metadata.labels?.[RESTORE_NAME_LABEL] === label) as VolumeRestore[];
}

export function isOver({ status }: VolumeRestore): boolean {
  return status?.phase === 'Completed' || status?.phase === 'Failed' || status?.phase === 'Canceled';
}
