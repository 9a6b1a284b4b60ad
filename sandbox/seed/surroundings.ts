import type { Store } from '../cluster/store.ts';
import { ensureObject } from './ensure-object.ts';

const NODES = ['sandbox-node-1', 'sandbox-node-2', 'sandbox-node-3'];

function ensureDeployment(store: Store, namespace: string, name: string, image: string, port: number): void {
  const labels = { app: name };
  ensureObject(store, 'services', {
    metadata: { name, namespace, labels },
    spec: { selector: labels, ports: [{ name: 'http', port, targetPort: port }] },
  });
  ensureObject(store, 'deployments.apps', {
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image, ports: [{ containerPort: port }] }] } },
    },
  });
}

/** Nodes, a storage class, and the namespaces that every cluster has. */
export function seedSurroundings(store: Store): void {
  for (const name of NODES) {
    const status = { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }] };
    ensureObject(store, 'nodes', { metadata: { name, labels: { 'kubernetes.io/hostname': name } }, status });
  }
  ensureObject(store, 'storageclasses.storage.k8s.io', {
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'csi.sandbox.local',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  });
  for (const name of ['default', 'kube-system', 'monitoring'])
    ensureObject(store, 'namespaces', { metadata: { name } });
  ensureObject(store, 'services', {
    metadata: { name: 'kubernetes', namespace: 'default' },
    spec: { ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  });
  ensureDeployment(store, 'kube-system', 'coredns', 'registry.k8s.io/coredns/coredns:v1.11.3', 9153);
  ensureDeployment(store, 'monitoring', 'prometheus', 'prom/prometheus:v2.54.1', 9090);
}
