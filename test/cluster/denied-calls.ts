/** What Muster's account must never be able to do, as plain requests: method, path, and what would come of it. */
export interface DeniedCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  what: string;
  body?: object;
  headers?: Record<string, string>;
}

const velero = '/apis/velero.io/v1/namespaces/velero';
const shop = '/api/v1/namespaces/data-processing';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const forged = { status: { phase: 'Completed' } };
const subjects = [{ kind: 'ServiceAccount', name: 'muster', namespace: 'muster' }];
const toAdmin = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };

export const DENIED_CALLS: DeniedCall[] = [
  { method: 'PATCH', path: `${velero}/restores/dr-1`, what: 'forge how a restore ended', body: forged },
  { method: 'PUT', path: `${velero}/restores/dr-1`, what: 'rewrite a restore', body: forged },
  { method: 'DELETE', path: `${velero}/restores/dr-1`, what: 'delete a restore, the record of a run' },
  { method: 'DELETE', path: `${velero}/restores`, what: 'delete all restores' },
  { method: 'PATCH', path: `${velero}/backups/daily`, what: 'forge how a backup ended', body: forged },
  { method: 'DELETE', path: `${velero}/backups/daily`, what: 'delete a backup' },
  {
    method: 'POST',
    path: `${velero}/deletebackuprequests`,
    what: "delete a backup's data",
    body: { metadata: { name: 'd' }, spec: { backupName: 'daily' } },
  },
  {
    method: 'PATCH',
    path: `${velero}/backupstoragelocations/default`,
    what: 'point Velero at other backups',
    body: { spec: { objectStorage: { bucket: 'mine' } } },
  },
  { method: 'POST', path: `${velero}/schedules`, what: 'create a schedule', body: { metadata: { name: 's' } } },
  { method: 'GET', path: `${velero}/downloadrequests`, what: "list others' signed addresses" },
  { method: 'GET', path: '/api/v1/namespaces/velero/secrets/cloud-credentials', what: "read Velero's credentials" },
  { method: 'GET', path: '/api/v1/namespaces/muster/secrets/muster-secrets', what: 'read its own Secrets' },
  { method: 'GET', path: '/api/v1/namespaces/other/secrets', what: 'list Secrets of a namespace that nobody named' },
  { method: 'GET', path: '/api/v1/secrets', what: 'list all Secrets' },
  { method: 'GET', path: '/api/v1/namespaces/other/configmaps', what: 'list ConfigMaps of such a namespace' },
  { method: 'GET', path: `${shop}/secrets/token`, what: 'read one Secret' },
  { method: 'POST', path: `${shop}/pods`, what: 'start a pod', body: { metadata: { name: 'p' }, spec: {} } },
  { method: 'DELETE', path: `${shop}/pods/web-1`, what: 'delete a pod' },
  { method: 'POST', path: `${shop}/pods/web-1/exec?command=sh`, what: 'run a command in a pod' },
  {
    method: 'GET',
    path: '/api/v1/namespaces/other/pods/web-1/log',
    what: "read a pod's log where nobody named the namespace",
  },
  { method: 'POST', path: `${shop}/pods/web-1/eviction`, what: 'evict a pod', body: { metadata: { name: 'web-1' } } },
  { method: 'DELETE', path: `${shop}/persistentvolumeclaims/data`, what: 'delete a PVC and its data' },
  {
    method: 'PATCH',
    path: '/apis/apps/v1/namespaces/data-processing/deployments/web/scale',
    what: 'scale a workload',
    body: { spec: { replicas: 0 } },
  },
  { method: 'DELETE', path: shop, what: 'delete a namespace' },
  { method: 'POST', path: '/api/v1/namespaces', what: 'create a namespace', body: { metadata: { name: 'n' } } },
  { method: 'PATCH', path: `${rbac}/clusterroles/muster`, what: 'widen its own role', body: { rules: [] } },
  {
    method: 'POST',
    path: `${rbac}/clusterrolebindings`,
    what: 'become cluster-admin',
    body: { metadata: { name: 'b' }, roleRef: toAdmin, subjects },
  },
  {
    method: 'POST',
    path: `${rbac}/namespaces/other/rolebindings`,
    what: 'bind the reader in another namespace',
    body: { metadata: { name: 'b' }, roleRef: { ...toAdmin, name: 'muster-namespace-reader' }, subjects },
  },
  {
    method: 'POST',
    path: '/api/v1/namespaces/velero/serviceaccounts/velero/token',
    what: "get Velero's token",
    body: { spec: {} },
  },
  {
    method: 'GET',
    path: '/api/v1/namespaces',
    what: 'impersonate an administrator',
    headers: { 'impersonate-user': 'admin', 'impersonate-group': 'system:masters' },
  },
  { method: 'GET', path: `${shop}/services/http:admin:9000/proxy/`, what: 'talk to a service that no runbook names' },
  { method: 'POST', path: `${shop}/services/http:clickhouse:8123/proxy/`, what: 'write to one that a runbook names' },
  { method: 'GET', path: '/api/v1/nodes', what: 'list the nodes' },
  {
    method: 'DELETE',
    path: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/policy',
    what: 'take away a webhook',
  },
];
