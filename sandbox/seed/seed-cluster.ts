import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../cluster/store.ts';
import type { ReplicaStatus, WorkloadSpec } from '../controllers/workload-types.ts';
import type { Velero } from '../velero/start-velero.ts';
import { seedClickhouse } from './clickhouse.ts';
import { DATA_PROCESSING, seedDataProcessing } from './data-processing.ts';
import { backupHistory, seedSchedules } from './schedules.ts';
import { seedSurroundings } from './surroundings.ts';

const POLL_MS = 5;
const READY_WITHIN_MS = 30_000;

/** Whether every Deployment and StatefulSet has all its replicas ready; also in one namespace only. */
export function isEverythingReady(store: Store, namespace?: string): boolean {
  const workloads = ['deployments.apps', 'statefulsets.apps'].flatMap((resource) => store.list(resource, namespace));
  return workloads.every((workload) => {
    const { replicas } = workload['spec'] as WorkloadSpec;
    const status = workload['status'] as (ReplicaStatus & { updatedReplicas?: number }) | undefined;
    if (status?.observedGeneration !== workload.metadata.generation) return false;
    return (status?.readyReplicas ?? 0) === replicas && (status?.updatedReplicas ?? 0) === replicas;
  });
}

/** Waits until everything is ready. @throws Error after half a minute */
export async function awaitReady(store: Store, namespace?: string): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  while (!isEverythingReady(store, namespace)) {
    if (Date.now() > end) throw new Error('The sandbox cluster did not become ready.');
    await sleep(POLL_MS);
  }
}

/** Puts back whatever is missing of the sandbox's workloads and waits until they are ready. */
export async function seedWorkloads(store: Store): Promise<void> {
  seedSurroundings(store);
  seedDataProcessing(store);
  await awaitReady(store);
  seedClickhouse(store, DATA_PROCESSING);
}

/** The schedules and the backups that they have left, with the cluster's present content. */
export function seedBackups(store: Store, velero: Velero, now = Date.now()): void {
  seedSchedules(store, now);
  for (const request of backupHistory(now)) velero.takeBackup(request);
}
