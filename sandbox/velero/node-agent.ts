import { setTimeout as sleep } from 'node:timers/promises';
import { type Store, timestamp } from '../cluster/store.ts';
import { runUntilAborted, type VeleroFaults, waitFor } from './faults.ts';
import { VOLUME_RESOURCES, type VolumeResource, type VolumeRestore } from './restore-volumes.ts';
import { VELERO_NAMESPACE, type VolumePhase } from './velero-types.ts';

const PHASES: VolumePhase[] = ['New', 'Accepted', 'Prepared', 'InProgress'];

interface Agent {
  store: Store;
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

/** Takes one volume restore through its phases; never moves any data. */
async function moveData(
  { store, faults, volumeMs, signal }: Agent,
  resource: VolumeResource,
  name: string,
): Promise<void> {
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
  if (faults.failVolumes === undefined) write('Completed');
  else write('Failed', { message: faults.failVolumes });
}

/** Restores volumes' data. It is a process of its own: a restart of the Velero server does not touch it. */
export function startNodeAgent(store: Store, faults: VeleroFaults, volumeMs: number): () => void {
  const life = new AbortController();
  const agent: Agent = { store, faults, volumeMs, signal: life.signal };
  const unsubscribe = store.subscribe(({ type, resource, object }) => {
    const volumes = VOLUME_RESOURCES.find((candidate) => candidate === resource);
    if (type === 'ADDED' && volumes) void runUntilAborted(moveData(agent, volumes, object.metadata.name));
  });
  return () => {
    unsubscribe();
    life.abort();
  };
}
