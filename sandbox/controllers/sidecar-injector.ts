import type { Store } from '../cluster/store.ts';
import type { Container, Pod } from './workload-types.ts';

const MARK = 'linkerd.io/inject';
const PROXY: Container = {
  name: 'linkerd-proxy',
  image: 'cr.l5d.io/linkerd/proxy:edge-24.11.8',
  ports: [{ name: 'linkerd-proxy', containerPort: 4143 }],
};

/** Linkerd's injector: it sees a pod once, when it comes; what came while it was stopped goes without. */
export interface SidecarInjector {
  /** The pod's containers, with the proxy where the pod or its namespace asks for it. */
  containersFor(pod: Pod): Container[];
  /** Injects nothing until the returned function is called. */
  stop(): () => void;
}

export function createSidecarInjector(store: Store): SidecarInjector {
  let running = true;
  return {
    containersFor({ metadata, spec }) {
      const namespace = store.get('namespaces', undefined, metadata.namespace ?? '');
      const mark = metadata.annotations?.[MARK] ?? namespace?.metadata.annotations?.[MARK];
      const has = spec.containers.some(({ name }) => name === PROXY.name);
      return running && mark === 'enabled' && !has ? [...spec.containers, PROXY] : spec.containers;
    },
    stop() {
      running = false;
      return () => {
        running = true;
      };
    },
  };
}
