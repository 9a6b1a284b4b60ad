import type { StoredObject } from './stored-object.ts';

type Fields = Record<string, unknown>;

function fieldsOf(object: Fields, field: string): Fields {
  const value = object[field];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  const made: Fields = {};
  object[field] = made;
  return made;
}

function setMissing(fields: Fields, values: Fields): void {
  for (const [field, value] of Object.entries(values)) fields[field] ??= value;
}

function defaultNamespace(object: StoredObject, before: StoredObject | undefined): void {
  object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  if (before !== undefined) return;
  setMissing(fieldsOf(object, 'spec'), { finalizers: ['kubernetes'] });
  object['status'] = { phase: 'Active' };
}

function defaultPod(object: StoredObject): void {
  setMissing(fieldsOf(object, 'spec'), {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
  });
  setMissing(fieldsOf(object, 'status'), { phase: 'Pending' });
}

function defaultDeployment(object: StoredObject): void {
  setMissing(fieldsOf(object, 'spec'), {
    replicas: 1,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  });
}

function defaultStatefulSet(object: StoredObject): void {
  setMissing(fieldsOf(object, 'spec'), {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
  });
}

let lastAddress = 0;

function allocateAddress(): string {
  lastAddress += 1;
  return `10.96.${(lastAddress >> 8) & 255}.${lastAddress & 255}`;
}

function defaultService(object: StoredObject, before: StoredObject | undefined): void {
  const spec = fieldsOf(object, 'spec');
  setMissing(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  const kept = (before?.['spec'] as Fields | undefined)?.['clusterIP'];
  if (spec['type'] !== 'ExternalName' && !spec['clusterIP']) spec['clusterIP'] = kept ?? allocateAddress();
  const ports = Array.isArray(spec['ports']) ? (spec['ports'] as Fields[]) : [];
  for (const port of ports) setMissing(port, { protocol: 'TCP', targetPort: port['port'] });
  setMissing(object, { status: { loadBalancer: {} } });
}

function defaultClaim(object: StoredObject): void {
  setMissing(fieldsOf(object, 'spec'), { volumeMode: 'Filesystem' });
  setMissing(fieldsOf(object, 'status'), { phase: 'Pending' });
}

const defaulters: Record<string, (object: StoredObject, before: StoredObject | undefined) => void> = {
  namespaces: defaultNamespace,
  pods: defaultPod,
  services: defaultService,
  persistentvolumeclaims: defaultClaim,
  secrets: (object) => setMissing(object, { type: 'Opaque' }),
  'deployments.apps': defaultDeployment,
  'replicasets.apps': (object) => setMissing(fieldsOf(object, 'spec'), { replicas: 1 }),
  'statefulsets.apps': defaultStatefulSet,
  'daemonsets.apps': (object) => setMissing(fieldsOf(object, 'spec'), { updateStrategy: { type: 'RollingUpdate' } }),
};

/** Fills in what the API server fills in by itself, for the few kinds where someone relies on it. Changes `object`. */
export function applyDefaults(resource: string, object: StoredObject, before?: StoredObject): void {
  defaulters[resource]?.(object, before);
}
