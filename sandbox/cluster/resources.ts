/** A resource that the API server serves: where it is found and what it can do. */
export interface Resource {
  /** `pods`, `deployments.apps`: how the store and the error messages name it. */
  key: string;
  /** Empty for the core group. */
  group: string;
  version: string;
  /** Group and version as objects carry it: `v1`, `apps/v1`. */
  apiVersion: string;
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  categories: string[];
  /** A real status subresource: the main resource ignores status in writes. Without it, status is a field like any other. */
  status: boolean;
  scale: boolean;
  /** Defined by a CustomResourceDefinition: no strategic merge patch, PUT needs a resourceVersion. */
  custom: boolean;
}

type Options = Partial<Pick<Resource, 'shortNames' | 'categories' | 'status' | 'scale' | 'namespaced'>>;

function define(apiVersion: string, kind: string, plural: string, options: Options = {}): Resource {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return {
    key: group === '' ? plural : `${plural}.${group}`,
    group,
    version: apiVersion.slice(slash + 1),
    apiVersion,
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced: true,
    shortNames: [],
    categories: [],
    status: false,
    scale: false,
    custom: group === 'velero.io' || group === 'flagger.app',
    ...options,
  };
}

const all = { categories: ['all'] };
const workload = { categories: ['all'], status: true, scale: true };
const cluster = { namespaced: false };

const core = [
  define('v1', 'Namespace', 'namespaces', { ...cluster, shortNames: ['ns'], status: true }),
  define('v1', 'Pod', 'pods', { ...all, shortNames: ['po'], status: true }),
  define('v1', 'Service', 'services', { ...all, shortNames: ['svc'], status: true }),
  define('v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  define('v1', 'Secret', 'secrets'),
  define('v1', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'] }),
  define('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', { shortNames: ['pvc'], status: true }),
  define('v1', 'PersistentVolume', 'persistentvolumes', { ...cluster, shortNames: ['pv'], status: true }),
  define('v1', 'Event', 'events', { shortNames: ['ev'] }),
  define('v1', 'Node', 'nodes', { ...cluster, shortNames: ['no'], status: true }),
  define('v1', 'Endpoints', 'endpoints', { shortNames: ['ep'] }),
  define('v1', 'ResourceQuota', 'resourcequotas', { shortNames: ['quota'], status: true }),
];

const builtIn = [
  define('apps/v1', 'Deployment', 'deployments', { ...workload, shortNames: ['deploy'] }),
  define('apps/v1', 'ReplicaSet', 'replicasets', { ...workload, shortNames: ['rs'] }),
  define('apps/v1', 'StatefulSet', 'statefulsets', { ...workload, shortNames: ['sts'] }),
  define('apps/v1', 'DaemonSet', 'daemonsets', { ...all, status: true, shortNames: ['ds'] }),
  define('batch/v1', 'Job', 'jobs', { ...all, status: true }),
  define('batch/v1', 'CronJob', 'cronjobs', { ...all, status: true, shortNames: ['cj'] }),
  define('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  // Of its own here; a real API server shows the same events in both groups.
  define('events.k8s.io/v1', 'Event', 'events', { shortNames: ['ev'] }),
  define('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
    ...all,
    status: true,
    shortNames: ['hpa'],
  }),
  define('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', { status: true, shortNames: ['pdb'] }),
  define('networking.k8s.io/v1', 'Ingress', 'ingresses', { status: true, shortNames: ['ing'] }),
  define('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', { shortNames: ['netpol'] }),
  define('storage.k8s.io/v1', 'StorageClass', 'storageclasses', { ...cluster, shortNames: ['sc'] }),
  define('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  define('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  define('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', cluster),
  define('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', cluster),
  define('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', {
    ...cluster,
    categories: ['api-extensions'],
  }),
  define('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', {
    ...cluster,
    categories: ['api-extensions'],
  }),
  define('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
    ...cluster,
    status: true,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
  }),
];

/** Velero v1.18 `config/crd/{v1,v2alpha1}/bases`: none has a status subresource (three say `subresources: {}`, which is none). */
const custom = [
  define('velero.io/v1', 'Backup', 'backups'),
  define('velero.io/v1', 'Restore', 'restores'),
  define('velero.io/v1', 'Schedule', 'schedules'),
  define('velero.io/v1', 'BackupStorageLocation', 'backupstoragelocations', { shortNames: ['bsl'] }),
  define('velero.io/v1', 'VolumeSnapshotLocation', 'volumesnapshotlocations', { shortNames: ['vsl'] }),
  define('velero.io/v1', 'PodVolumeBackup', 'podvolumebackups'),
  define('velero.io/v1', 'PodVolumeRestore', 'podvolumerestores'),
  define('velero.io/v1', 'DownloadRequest', 'downloadrequests'),
  define('velero.io/v1', 'DeleteBackupRequest', 'deletebackuprequests'),
  define('velero.io/v1', 'ServerStatusRequest', 'serverstatusrequests', { shortNames: ['ssr'] }),
  define('velero.io/v1', 'BackupRepository', 'backuprepositories'),
  define('velero.io/v2alpha1', 'DataDownload', 'datadownloads'),
  define('velero.io/v2alpha1', 'DataUpload', 'datauploads'),
  define('flagger.app/v1beta1', 'Canary', 'canaries', { status: true, categories: ['all'] }),
];

/** Everything that is stored and served, in the order of discovery. */
export const resources: readonly Resource[] = [...core, ...builtIn, ...custom];

/** Answered, never stored. */
export const accessReview = define(
  'authorization.k8s.io/v1',
  'SelfSubjectAccessReview',
  'selfsubjectaccessreviews',
  cluster,
);

const byKey = new Map(resources.map((resource) => [resource.key, resource]));

/** @throws Error for a key that is not served: a mistake in the sandbox, not in a request. */
export function resourceOf(key: string): Resource {
  const resource = byKey.get(key);
  if (resource === undefined) throw new Error(`The sandbox serves no resource ${key}`);
  return resource;
}

export function findResource(apiVersion: string, plural: string): Resource | undefined {
  return resources.find((resource) => resource.apiVersion === apiVersion && resource.plural === plural);
}

/** Finds the resource of an object, as a manifest or a backup's content names it. */
export function findKind(apiVersion: string, kind: string): Resource | undefined {
  return resources.find((resource) => resource.apiVersion === apiVersion && resource.kind === kind);
}
