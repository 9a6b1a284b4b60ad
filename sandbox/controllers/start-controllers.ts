import type { Store } from '../cluster/store.ts';
import { startClaimController } from './claim-controller.ts';
import { startDaemonSetController } from './daemonset-controller.ts';
import { startDeploymentController } from './deployment-controller.ts';
import { startEndpointsController } from './endpoints-controller.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startNamespaceController } from './namespace-controller.ts';
import { startPodController } from './pod-controller.ts';
import { createPodFaults, type FaultScope, type PodFault } from './pod-faults.ts';
import { startReplicaSetController } from './replicaset-controller.ts';
import { startQuotaController } from './resource-quota.ts';
import { createSidecarInjector } from './sidecar-injector.ts';
import { startStatefulSetController } from './statefulset-controller.ts';
import { type ControllerTimings, DEFAULT_CONTROLLER_TIMINGS } from './timings.ts';

export interface ControllerOptions extends Partial<ControllerTimings> {
  /** PEM that the ConfigMap kube-root-ca.crt of every namespace shows. */
  rootCa?: string;
}

export interface Controllers {
  /** Makes the pods in scope fail, those that run already too; the returned function heals them. */
  failPods(scope: FaultScope, fault: PodFault): () => void;
  /** Keeps claims in scope Pending until the returned function is called. */
  holdClaims(scope: FaultScope): () => void;
  /** No new pod gets a mesh's sidecar until the returned function is called. */
  stopInjector(): () => void;
  /** Stops everything; no timer is left. */
  stop(): void;
}

const SANDBOX_CA = '-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n';

/** Starts what a control plane's controllers, scheduler and kubelets do, directly on the store. */
export function startControllers(store: Store, options: ControllerOptions = {}): Controllers {
  const { rootCa = SANDBOX_CA, ...given } = options;
  const timings = { ...DEFAULT_CONTROLLER_TIMINGS, ...given };
  const faults = createPodFaults(() => {
    for (const loop of affected) loop.resync();
  });
  const injector = createSidecarInjector(store);
  const affected = [startPodController(store, timings, faults, injector), startClaimController(store, timings, faults)];
  const loops = [
    ...affected,
    startNamespaceController(store, rootCa),
    startQuotaController(store),
    startReplicaSetController(store),
    startDeploymentController(store),
    startStatefulSetController(store),
    startDaemonSetController(store),
    startEndpointsController(store),
    startGarbageCollector(store),
  ];
  return {
    failPods: faults.failPods,
    holdClaims: faults.holdClaims,
    stopInjector: injector.stop,
    stop() {
      for (const loop of loops) loop.stop();
    },
  };
}
