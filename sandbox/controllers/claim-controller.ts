import type { Store, StoredObject } from '../cluster/store.ts';
import type { PodFaults } from './pod-faults.ts';
import type { ControllerTimings } from './timings.ts';
import { keyOf, splitKey, startWorkLoop, type WorkLoop } from './work-loop.ts';

interface Claim extends StoredObject {
  spec: {
    volumeName?: string;
    storageClassName?: string;
    accessModes?: string[];
    resources?: { requests?: { storage?: string } };
  };
  status?: { phase?: string };
}

interface PersistentVolume extends StoredObject {
  spec: { claimRef?: { namespace: string; name: string; uid?: string }; persistentVolumeReclaimPolicy?: string };
}

function provision(store: Store, claim: Claim): string {
  const { uid, namespace = '', name } = claim.metadata;
  const volume = `pvc-${uid}`;
  store.create('persistentvolumes', {
    metadata: { name: volume, annotations: { 'pv.kubernetes.io/provisioned-by': 'csi.sandbox.local' } },
    spec: {
      accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
      capacity: { storage: claim.spec.resources?.requests?.storage ?? '1Gi' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      csi: { driver: 'csi.sandbox.local', volumeHandle: volume },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: claim.spec.storageClassName ?? '',
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Bound' },
  });
  return volume;
}

function setPhase(store: Store, volume: StoredObject, phase: string): void {
  store.modify('persistentvolumes', undefined, volume.metadata.name, (object) => {
    object['status'] = { phase };
  });
}

function releaseVolumes(store: Store, key: string): void {
  const [namespace, name] = splitKey(key);
  const uid = store.get('persistentvolumeclaims', namespace, name)?.metadata.uid;
  for (const volume of store.list('persistentvolumes') as PersistentVolume[]) {
    const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
    if (claimRef?.namespace !== namespace || claimRef.name !== name) continue;
    if (claimRef.uid === undefined || claimRef.uid === uid) continue;
    if (persistentVolumeReclaimPolicy === 'Delete') store.remove('persistentvolumes', undefined, volume.metadata.name);
    else setPhase(store, volume, 'Released');
  }
}

function bind(store: Store, claim: Claim, volumeName: string): void {
  const { namespace, name, uid } = claim.metadata;
  store.modify('persistentvolumes', undefined, volumeName, (object) => {
    const { spec } = object as PersistentVolume;
    spec.claimRef = { ...spec.claimRef, namespace: namespace ?? '', name, uid };
    object['status'] = { phase: 'Bound' };
  });
  store.modify('persistentvolumeclaims', namespace, name, (object) => {
    (object as Claim).spec.volumeName = volumeName;
    object.metadata.annotations = { ...object.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' };
    object['status'] = {
      phase: 'Bound',
      accessModes: claim.spec.accessModes ?? [],
      capacity: claim.spec.resources?.requests ?? {},
    };
  });
}

/** Binds claims to volumes, made on demand unless the claim names one; deletes the volumes of deleted claims. */
export function startClaimController(store: Store, timings: ControllerTimings, faults: PodFaults): WorkLoop {
  const seenAt = new Map<string, number>();

  function reconcile(key: string): number | undefined {
    const claim = store.get('persistentvolumeclaims', ...splitKey(key)) as Claim | undefined;
    releaseVolumes(store, key);
    if (claim === undefined || claim.status?.phase === 'Bound' || faults.claimHeld(claim)) return undefined;
    const since = seenAt.get(claim.metadata.uid) ?? Date.now();
    seenAt.set(claim.metadata.uid, since);
    const left = since + timings.claimBindMs - Date.now();
    if (left > 0) return left;
    const named = claim.spec.volumeName;
    // A claim that names a volume waits for that one; the provisioner leaves it alone.
    if (named !== undefined && store.get('persistentvolumes', undefined, named) === undefined) return undefined;
    bind(store, claim, named ?? provision(store, claim));
    seenAt.delete(claim.metadata.uid);
    return undefined;
  }

  function claimOf(volume: StoredObject): string[] {
    const { claimRef } = (volume as PersistentVolume).spec;
    return claimRef === undefined ? [] : [`${claimRef.namespace}/${claimRef.name}`];
  }

  return startWorkLoop(store, {
    watches: { persistentvolumeclaims: (claim) => [keyOf(claim)], persistentvolumes: claimOf },
    reconcile,
  });
}
