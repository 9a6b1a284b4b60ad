import { setTimeout as sleep } from 'node:timers/promises';
import { type Store, type StoredObject, timestamp } from '../cluster/store.ts';
import { readVolume, writeVolume } from '../controllers/volume-data.ts';
import type { Pod } from '../controllers/workload-types.ts';
import type { Bucket } from './bucket.ts';
import { runUntilAborted, type VeleroFaults, waitFor } from './faults.ts';
import { VOLUME_RESOURCES, type VolumeResource, type VolumeRestore } from './restore-volumes.ts';
import { VELERO_NAMESPACE, type VolumePhase } from './velero-types.ts';

const PHASES: VolumePhase[] = ['New', 'Accepted', 'Prepared', 'InProgress'];

interface Agent {
  store: Store;
  bucket: Bucket;
  faults: VeleroFaults;
  volumeMs: number;
  signal: AbortSignal;
}

function fieldsOf(phase: VolumePhase, totalBytes: number): object {
  const now = timestamp();
  if (phase === 'Accepted') return { acceptedTimestamp: now };
  if (phase === 'InProgress') {
    const progress = { totalBytes, bytesDone: Math.floor(totalBytes / 2) };
    return { node: 'sandbox-node-1', startTimestamp: now, progress };
  }
  if (phase === 'Completed') return { completionTimestamp: now, progress: { totalBytes, bytesDone: totalBytes } };
  return phase === 'Failed' || phase === 'Canceled' ? { completionTimestamp: now } : {};
}

/** The claim whose volume is written: a DataDownload names it, a PodVolumeRestore its pod's volume. */
function claimOf(store: Store, { spec }: VolumeRestore): StoredObject | undefined {
  const { pod: driver, volume: name, targetVolume } = spec;
  const namespace = targetVolume?.namespace ?? driver?.namespace;
  const pod = driver === undefined ? undefined : (store.get('pods', namespace, driver.name) as Pod | undefined);
  const ofPod = pod?.spec.volumes?.find((volume) => volume.name === name)?.persistentVolumeClaim?.claimName;
  return store.get('persistentvolumeclaims', namespace, targetVolume?.pvc ?? ofPod ?? '');
}

function fillVolume({ store, bucket }: Agent, restore: VolumeRestore | undefined): void {
  const claim = restore === undefined ? undefined : claimOf(store, restore);
  const volumes = [...bucket.backups.values()].flatMap((backup) => backup.volumes);
  const from = volumes.find(({ snapshotId }) => snapshotId === restore?.spec.snapshotID);
  if (claim === undefined || from === undefined) return;
  // What is in a volume that was there before is never written over.
  if (Object.keys(readVolume(store, claim)).length === 0) writeVolume(store, claim, from.content);
}

/** Takes one volume restore through its phases; at its end the data is in the volume. */
async function moveData(agent: Agent, resource: VolumeResource, name: string): Promise<void> {
  const { store, faults, volumeMs, signal } = agent;
  const read = () => store.get(resource, VELERO_NAMESPACE, name) as VolumeRestore | undefined;
  const write = (phase: VolumePhase, more: object = {}) =>
    store.modify(resource, VELERO_NAMESPACE, name, (object) => {
      const { spec, status } = object as VolumeRestore;
      object['status'] = { ...status, phase, ...fieldsOf(phase, spec.snapshotSize ?? 0), ...more };
    });
  const over = () => read() === undefined || read()?.status?.phase === 'Canceled';
  const canceled = () => read()?.spec.cancel === true;
  for (const phase of PHASES) {
    write(phase);
    await sleep(volumeMs / PHASES.length, undefined, { signal });
    await waitFor(() => over() || canceled() || (faults.down !== true && faults.holdVolumes !== phase), signal);
    if (over()) return;
    if (canceled()) {
      write('Canceled', { message: 'found a canceled data restore' });
      return;
    }
  }
  if (faults.failVolumes !== undefined) {
    write('Failed', { message: faults.failVolumes });
    return;
  }
  fillVolume(agent, read());
  write('Completed');
}

/** Restores volumes' data. It is a process of its own: a restart of the Velero server does not touch it. */
export function startNodeAgent(store: Store, bucket: Bucket, faults: VeleroFaults, volumeMs: number): () => void {
  const life = new AbortController();
  const agent: Agent = { store, bucket, faults, volumeMs, signal: life.signal };
  const unsubscribe = store.subscribe(({ type, resource, object }) => {
    const volumes = VOLUME_RESOURCES.find((candidate) => candidate === resource);
    if (type === 'ADDED' && volumes) void runUntilAborted(moveData(agent, volumes, object.metadata.name));
  });
  return () => {
    unsubscribe();
    life.abort();
  };
}
