import type { Store } from '../cluster/store.ts';
import { VELERO_NAMESPACE, VELERO_VERSION } from './velero-types.ts';

const IMAGE = `velero/velero:${VELERO_VERSION}`;

function podTemplate(name: string, command: string[]) {
  const labels = { component: 'velero', name };
  return {
    metadata: { labels },
    spec: { serviceAccountName: 'velero', containers: [{ name, image: IMAGE, command }] },
  };
}

/** The objects that `velero install` leaves in the cluster: the server and the node agent. */
export function installVelero(store: Store): void {
  const labels = { component: 'velero' };
  const namespace = VELERO_NAMESPACE;
  store.create('namespaces', { metadata: { name: namespace, labels } });
  store.create('serviceaccounts', { metadata: { name: 'velero', namespace, labels } });
  store.create('deployments.apps', {
    metadata: { name: 'velero', namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { name: 'velero' } },
      template: podTemplate('velero', ['/velero', 'server']),
    },
  });
  store.create('daemonsets.apps', {
    metadata: { name: 'node-agent', namespace, labels },
    spec: {
      selector: { matchLabels: { name: 'node-agent' } },
      template: podTemplate('node-agent', ['/velero', 'node-agent', 'server']),
    },
  });
}
