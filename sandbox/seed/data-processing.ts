import type { Store } from '../cluster/store.ts';
import { ensureObject } from './ensure-object.ts';

export const DATA_PROCESSING = 'data-processing';
const VERSION = '2.14.3';

/** The stateless services of the pipeline, with their replicas. */
export const SERVICES = {
  'normalization-service': 3,
  'enrichment-service': 2,
  'aggregation-service': 2,
  'projection-service': 2,
} as const;

interface Database {
  name: string;
  image: string;
  port: number;
  storage: string;
  mountPath: string;
  probe: object;
}

/** The databases of the pipeline, one replica each. */
export const DATABASES: readonly Database[] = [
  {
    name: 'clickhouse',
    image: 'clickhouse/clickhouse-server:24.8',
    port: 8123,
    storage: '200Gi',
    mountPath: '/var/lib/clickhouse',
    probe: { httpGet: { path: '/ping', port: 8123 } },
  },
  {
    name: 'postgresql',
    image: 'postgres:16.4',
    port: 5432,
    storage: '50Gi',
    mountPath: '/var/lib/postgresql/data',
    probe: { exec: { command: ['pg_isready', '-U', 'postgres'] } },
  },
];

function labelsOf(name: string) {
  return {
    app: name,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': 'data-pipeline',
    team: 'data-platform',
  };
}

function metadataOf(name: string, app = name) {
  return { name, namespace: DATA_PROCESSING, labels: labelsOf(app) };
}

function ensureSettings(store: Store, name: string, data: Record<string, string>): void {
  ensureObject(store, 'configmaps', { metadata: metadataOf(`${name}-config`, name), data });
  const secret = Buffer.from(`${name}-sandbox-password`).toString('base64');
  ensureObject(store, 'secrets', { metadata: metadataOf(`${name}-credentials`, name), data: { password: secret } });
}

function ensureService(store: Store, name: string, port: number, portName: string, headless = false): void {
  ensureObject(store, 'services', {
    metadata: metadataOf(name),
    spec: {
      selector: { app: name },
      ports: [{ name: portName, port, targetPort: port }],
      ...(headless ? { clusterIP: 'None' } : {}),
    },
  });
}

function containerFor(name: string, image: string, port: number, readinessProbe: object) {
  const references = [{ configMapRef: { name: `${name}-config` } }, { secretRef: { name: `${name}-credentials` } }];
  return { name, image, ports: [{ containerPort: port }], envFrom: references, readinessProbe };
}

function ensureStateless(store: Store, name: string, replicas: number): void {
  ensureSettings(store, name, { LOG_LEVEL: 'info', CLICKHOUSE_URL: 'http://clickhouse:8123', PGHOST: 'postgresql' });
  ensureObject(store, 'serviceaccounts', { metadata: metadataOf(name) });
  ensureService(store, name, 8080, 'http');
  const probe = { httpGet: { path: '/health', port: 8080 } };
  const image = `registry.sandbox.local/${name}:${VERSION}`;
  ensureObject(store, 'deployments.apps', {
    metadata: metadataOf(name),
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { ...labelsOf(name), version: VERSION } },
        spec: { serviceAccountName: name, containers: [containerFor(name, image, 8080, probe)] },
      },
    },
  });
}

function ensureDatabase(store: Store, { name, image, port, storage, mountPath, probe }: Database): void {
  ensureSettings(store, name, { DATABASE: name === 'clickhouse' ? 'market' : 'taxonomy_db' });
  ensureService(store, name, port, name === 'clickhouse' ? 'http' : 'postgresql');
  const container = { ...containerFor(name, image, port, probe), volumeMounts: [{ name: 'data', mountPath }] };
  const claim = { accessModes: ['ReadWriteOnce'], storageClassName: 'standard', resources: { requests: { storage } } };
  ensureObject(store, 'statefulsets.apps', {
    metadata: metadataOf(name),
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: labelsOf(name) }, spec: { containers: [container] } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
    },
  });
}

function ensureAutoscaler(store: Store, name: string): void {
  const target = { type: 'Utilization', averageUtilization: 70 };
  ensureObject(store, 'horizontalpodautoscalers.autoscaling', {
    metadata: metadataOf(name),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 3,
      maxReplicas: 9,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    },
    status: { currentReplicas: 3, desiredReplicas: 3 },
  });
}

/** The namespace of the data pipeline: four services and two databases. */
export function seedDataProcessing(store: Store): void {
  ensureObject(store, 'namespaces', {
    metadata: {
      name: DATA_PROCESSING,
      labels: { 'linkerd.io/inject': 'enabled', team: 'data-platform', environment: 'production' },
      annotations: { 'linkerd.io/inject': 'enabled', 'example.com/owner': 'data-platform@example.com' },
    },
  });
  for (const database of DATABASES) ensureDatabase(store, database);
  for (const [name, replicas] of Object.entries(SERVICES)) ensureStateless(store, name, replicas);
  ensureAutoscaler(store, 'normalization-service');
}
