/**
 * What Muster asks of the API server, verb by verb: the one list that `doctor` asks about, and that tests hold against deploy/rights.
 * `velero`: in Velero's namespace; `cluster`: in all namespaces.
 */
export interface Right {
  verb: string;
  group: string;
  resource: string;
  /** Of this one object only. */
  name?: string;
  where: 'velero' | 'cluster';
}

const VELERO: readonly [resource: string, ...verbs: string[]][] = [
  ['restores', 'get', 'list', 'watch', 'create'],
  ['backups', 'get', 'list', 'watch', 'create'],
  ['schedules', 'list'],
  ['podvolumerestores', 'list'],
  ['datadownloads', 'list'],
  ['backupstoragelocations', 'get', 'list'],
  ['downloadrequests', 'create', 'get', 'watch', 'delete'],
  ['serverstatusrequests', 'create', 'get', 'watch', 'delete'],
];

const LISTED: readonly [group: string, ...resources: string[]][] = [
  ['', 'persistentvolumeclaims', 'pods', 'services', 'resourcequotas'],
  ['apps', 'deployments', 'statefulsets', 'daemonsets'],
  ['discovery.k8s.io', 'endpointslices'],
  ['events.k8s.io', 'events'],
  ['autoscaling', 'horizontalpodautoscalers'],
  ['keda.sh', 'scaledobjects'],
  ['flagger.app', 'canaries'],
  ['admissionregistration.k8s.io', 'validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
];

export const RIGHTS: readonly Right[] = [
  ...VELERO.flatMap(([resource, ...verbs]) =>
    verbs.map((verb): Right => ({ verb, group: 'velero.io', resource, where: 'velero' })),
  ),
  { verb: 'get', group: 'apps', resource: 'deployments', name: 'velero', where: 'velero' },
  { verb: 'get', group: 'apps', resource: 'daemonsets', name: 'node-agent', where: 'velero' },
  { verb: 'get', group: '', resource: 'namespaces', where: 'cluster' },
  ...LISTED.flatMap(([group, ...resources]) =>
    resources.map((resource): Right => ({ verb: 'list', group, resource, where: 'cluster' })),
  ),
];

/** In each namespace that is to be restored: every kind that a backup may hold, Secrets too. */
export const NAMESPACE_READING = { verb: 'list', group: '*', resource: '*' } as const;

/** `list schedules.velero.io` */
export function nameRight({ verb, group, resource, name }: Omit<Right, 'where'>): string {
  return [verb, group === '' ? resource : `${resource}.${group}`, ...(name === undefined ? [] : [name])].join(' ');
}

/** One thing that RBAC allows or does not; `*` stands for all. */
export interface RightAsked {
  verb: string;
  /** Empty for the core group. */
  group: string;
  /** With its subresource: `services/proxy`. */
  resource: string;
  name?: string;
  /** Left out: in all namespaces, or a cluster-scoped kind. */
  namespace?: string;
}
