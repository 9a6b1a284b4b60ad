import { isJsonObject, type Json } from './request.ts';
import type { StoredObject } from './stored-object.ts';

/** A column of `kubectl get`; `wide` ones show with `-o wide` only. */
export interface Column {
  name: string;
  wide?: boolean;
  cell: (object: StoredObject) => string | number;
}

/** The value at a dotted path, undefined where the path ends early. */
function at(object: Json, path: string): unknown {
  return path.split('.').reduce<unknown>((value, part) => (isJsonObject(value) ? value[part] : undefined), object);
}

function items(object: Json, path: string): Json[] {
  const value = at(object, path);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textAt(path: string, missing = '<none>') {
  return (object: Json): string => String(at(object, path) || missing);
}

function numberAt(path: string) {
  return (object: Json): number => Number(at(object, path) ?? 0);
}

function ratio(part: string, whole: string) {
  return (object: Json): string => `${numberAt(part)(object)}/${numberAt(whole)(object)}`;
}

/** `5s`, `3m4s`, `2h`, `8d`: apimachinery's `duration.HumanDuration`, in short. */
function humanAge(timestamp: unknown): string {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(String(timestamp))) / 1000));
  if (Number.isNaN(seconds)) return '<unknown>';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** What went wrong with a container speaks before the pod's phase does. */
function podStatus(pod: StoredObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const reasons = items(pod, 'status.containerStatuses').map((container) => at(container, 'state.waiting.reason'));
  return String(
    reasons.find((reason) => reason !== undefined) ?? at(pod, 'status.reason') ?? textAt('status.phase')(pod),
  );
}

function podReady(pod: Json): string {
  const ready = items(pod, 'status.containerStatuses').filter((container) => container['ready'] === true);
  return `${ready.length}/${items(pod, 'spec.containers').length}`;
}

function restarts(pod: Json): number {
  return items(pod, 'status.containerStatuses').reduce(
    (sum, container) => sum + Number(container['restartCount'] ?? 0),
    0,
  );
}

function servicePorts(service: Json): string {
  const ports = items(service, 'spec.ports').map(
    (port) => `${String(port['port'])}/${String(port['protocol'] ?? 'TCP')}`,
  );
  return ports.join(',') || '<none>';
}

function images(object: Json): string {
  return items(object, 'spec.template.spec.containers')
    .map((container) => String(container['image']))
    .join(',');
}

function dataSize(object: Json): number {
  return Object.keys(isJsonObject(object['data']) ? object['data'] : {}).length;
}

const nameColumn: Column = { name: 'Name', cell: (object) => object.metadata.name };
const ageColumn: Column = { name: 'Age', cell: (object) => humanAge(object.metadata.creationTimestamp) };
const imageColumn: Column = { name: 'Images', wide: true, cell: images };

function column(name: string, cell: Column['cell'], wide = false): Column {
  return { name, cell, wide };
}

const volumeColumns: Column[] = [
  column('Status', textAt('status.phase', '')),
  column('Started', (object) => humanAge(at(object, 'status.startTimestamp'))),
  column('Bytes Done', textAt('status.progress.bytesDone', '')),
  column('Total Bytes', textAt('status.progress.totalBytes', '')),
  column('Storage Location', textAt('spec.backupStorageLocation', '')),
  ageColumn,
  column('Node', textAt('status.node', '')),
];

/** What stands between NAME and AGE, or after it, as kube-apiserver's `pkg/printers/internalversion` and Velero's CRDs print it. */
const columns: Record<string, Column[]> = {
  namespaces: [column('Status', textAt('status.phase')), ageColumn],
  nodes: [column('Status', () => 'Ready'), column('Version', textAt('status.nodeInfo.kubeletVersion')), ageColumn],
  pods: [
    column('Ready', podReady),
    column('Status', podStatus),
    column('Restarts', restarts),
    ageColumn,
    column('IP', textAt('status.podIP'), true),
    column('Node', textAt('spec.nodeName'), true),
  ],
  services: [
    column('Type', textAt('spec.type')),
    column('Cluster-IP', textAt('spec.clusterIP')),
    column('External-IP', textAt('spec.externalName')),
    column('Port(s)', servicePorts),
    ageColumn,
  ],
  configmaps: [column('Data', dataSize), ageColumn],
  secrets: [column('Type', textAt('type')), column('Data', dataSize), ageColumn],
  persistentvolumeclaims: [
    column('Status', textAt('status.phase')),
    column('Volume', textAt('spec.volumeName', '')),
    column('Capacity', textAt('status.capacity.storage', '')),
    column('StorageClass', textAt('spec.storageClassName', '')),
    ageColumn,
  ],
  events: [
    column('Type', textAt('type')),
    column('Reason', textAt('reason')),
    column(
      'Object',
      (event) => `${textAt('involvedObject.kind')(event).toLowerCase()}/${textAt('involvedObject.name')(event)}`,
    ),
    column('Message', textAt('message', '')),
    ageColumn,
  ],
  'deployments.apps': [
    column('Ready', ratio('status.readyReplicas', 'spec.replicas')),
    column('Up-to-date', numberAt('status.updatedReplicas')),
    column('Available', numberAt('status.availableReplicas')),
    ageColumn,
    imageColumn,
  ],
  'replicasets.apps': [
    column('Desired', numberAt('spec.replicas')),
    column('Current', numberAt('status.replicas')),
    column('Ready', numberAt('status.readyReplicas')),
    ageColumn,
    imageColumn,
  ],
  'statefulsets.apps': [column('Ready', ratio('status.readyReplicas', 'spec.replicas')), ageColumn, imageColumn],
  'daemonsets.apps': [
    column('Desired', numberAt('status.desiredNumberScheduled')),
    column('Ready', numberAt('status.numberReady')),
    ageColumn,
    imageColumn,
  ],
  'datadownloads.velero.io': volumeColumns,
  'podvolumerestores.velero.io': volumeColumns,
  'deletebackuprequests.velero.io': [
    column('BackupName', textAt('spec.backupName', '')),
    column('Status', textAt('status.phase', '')),
  ],
  'backupstoragelocations.velero.io': [
    column('Phase', textAt('status.phase', '')),
    column('Last Validated', (location) => humanAge(at(location, 'status.lastValidationTime'))),
    ageColumn,
    column('Default', textAt('spec.default', '')),
  ],
  'schedules.velero.io': [
    column('Status', textAt('status.phase', '')),
    column('Schedule', textAt('spec.schedule', '')),
    column('LastBackup', (schedule) => humanAge(at(schedule, 'status.lastBackup'))),
    ageColumn,
    column('Paused', textAt('spec.paused', '')),
  ],
};

/** The columns of a resource; name and age where nothing more is known, as for most custom resources. */
export function columnsOf(resource: string): Column[] {
  return [nameColumn, ...(columns[resource] ?? [ageColumn])];
}
