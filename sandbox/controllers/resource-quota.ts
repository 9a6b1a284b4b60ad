import { StatusError } from '../cluster/status-error.ts';
import type { Store, StoredObject } from '../cluster/store.ts';
import { startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { Pod } from './workload-types.ts';

interface Quota extends StoredObject {
  spec: { hard?: Record<string, string> };
}

function countPods(store: Store, namespace: string): number {
  const phases = store.list('pods', namespace).map((pod) => (pod as Pod).status?.phase);
  return phases.filter((phase) => phase !== 'Succeeded' && phase !== 'Failed').length;
}

/** Creates a pod unless a ResourceQuota's `pods` says no. @throws StatusError 403 in the quota admission's words */
export function createPod(store: Store, pod: Parameters<Store['create']>[1]): StoredObject {
  const namespace = pod.metadata.namespace ?? '';
  const used = countPods(store, namespace);
  for (const quota of store.list('resourcequotas', namespace) as Quota[]) {
    const limit = quota.spec.hard?.['pods'];
    if (limit === undefined || used < Number(limit)) continue;
    const name = pod.metadata.name ?? `${pod.metadata.generateName ?? ''}`;
    const counts = `requested: pods=1, used: pods=${used}, limited: pods=${limit}`;
    const message = `pods "${name}" is forbidden: exceeded quota: ${quota.metadata.name}, ${counts}`;
    throw new StatusError(403, 'Forbidden', message, { name, kind: 'pods' });
  }
  return store.create('pods', pod);
}

/** Keeps `status.hard` and `status.used` of the quotas; pods are the only thing counted. */
export function startQuotaController(store: Store): WorkLoop {
  const namespaceOf = ({ metadata }: StoredObject) => [metadata.namespace ?? ''];
  return startWorkLoop(store, {
    watches: { resourcequotas: namespaceOf, pods: namespaceOf },
    reconcile(namespace) {
      for (const quota of store.list('resourcequotas', namespace) as Quota[]) {
        store.modify('resourcequotas', namespace, quota.metadata.name, (object) => {
          object['status'] = { hard: quota.spec.hard ?? {}, used: { pods: String(countPods(store, namespace)) } };
        });
      }
      return undefined;
    },
  });
}
