import { type ApiServer, startApiServer } from './cluster/server.ts';
import { createStore, type Store } from './cluster/store.ts';
import { type Controllers, startControllers } from './controllers/start-controllers.ts';
import { type ControllerTimings, FAST_CONTROLLER_TIMINGS } from './controllers/timings.ts';
import { seedBackups, seedWorkloads } from './seed/seed-cluster.ts';
import { createServiceHealth, type ServiceHealth } from './seed/service-health.ts';
import { startVelero, type Velero } from './velero/start-velero.ts';
import { FAST_VELERO_TIMINGS, type VeleroTimings } from './velero/timings.ts';

export interface ClusterOptions {
  /** The API server's port; left out: any free one. */
  port?: number;
  /** `demo` takes as long as a person can follow; `fast` is for tests. Left out: demo. */
  pace?: 'demo' | 'fast';
  /** Milliseconds that differ from the pace. */
  timings?: Partial<ControllerTimings & VeleroTimings>;
  /** Between bookmarks of a watch. */
  bookmarkMs?: number;
}

export interface SandboxCluster {
  store: Store;
  api: ApiServer;
  velero: Velero;
  controllers: Controllers;
  services: Pick<ServiceHealth, 'set' | 'probe'>;
  /** Puts back whatever is missing of the workloads and waits until they are ready; backups stay as they are. */
  seed(): Promise<void>;
  /** Stops everything; no timer and no socket is left. */
  close(): Promise<void>;
}

/** Starts a cluster with workloads, Velero, schedules and backups: what `kubectl` and Muster see as a real one. */
export async function startCluster(options: ClusterOptions = {}): Promise<SandboxCluster> {
  const fast = options.pace === 'fast' ? { ...FAST_CONTROLLER_TIMINGS, ...FAST_VELERO_TIMINGS } : {};
  const timings = { ...fast, ...options.timings };
  const store = createStore();
  const services = createServiceHealth(store);
  const api = await startApiServer({
    store,
    probeService: services.probe,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.bookmarkMs === undefined ? {} : { bookmarkMs: options.bookmarkMs }),
  });
  const controllers = startControllers(store, { ...timings, rootCa: api.caPem });
  const velero = await startVelero(store, timings);
  const seed = () => seedWorkloads(store);
  await seed();
  seedBackups(store, velero);
  return {
    store,
    api,
    velero,
    controllers,
    services,
    seed,
    async close() {
      controllers.stop();
      services.close();
      await velero.stop();
      await api.close();
    },
  };
}
