import { type Bucket, putJson } from './bucket.ts';
import type { Restore, RestoreAction, Result } from './velero-types.ts';

/** What a running restore has found out so far. */
export interface RestoreOutcome {
  warnings: Result;
  errors: Result;
  /** By `v1/ConfigMap`, then by `shop/settings`. */
  items: Map<string, Map<string, RestoreAction>>;
  log: string[];
}

export function createOutcome(): RestoreOutcome {
  return { warnings: {}, errors: {}, items: new Map(), log: [] };
}

/** Adds a message to the namespace's, or to the cluster's where there is no namespace (results.Result Add). */
export function addMessage(result: Result, namespace: string | undefined, message: string): void {
  if (namespace === undefined) {
    result.cluster = [...(result.cluster ?? []), message];
    return;
  }
  result.namespaces = { ...result.namespaces, [namespace]: [...(result.namespaces?.[namespace] ?? []), message] };
}

export function addVeleroMessage(result: Result, message: string): void {
  result.velero = [...(result.velero ?? []), message];
}

export function countMessages({ velero = [], cluster = [], namespaces = {} }: Result): number {
  return velero.length + cluster.length + Object.values(namespaces).flat().length;
}

export function recordItem(outcome: RestoreOutcome, kind: string, name: string, action: RestoreAction): void {
  const names = outcome.items.get(kind) ?? new Map<string, RestoreAction>();
  outcome.items.set(kind, names.set(name, action));
  outcome.log.push(`level=info msg="Restore of ${kind} ${name}: ${action}"`);
}

export function countItems({ items }: RestoreOutcome): number {
  return [...items.values()].reduce((sum, names) => sum + names.size, 0);
}

/** `{"v1/ConfigMap": ["shop/settings(created)"]}`, as Request.RestoredResourceList writes. */
function resourceList({ items }: RestoreOutcome): Record<string, string[]> {
  const kinds = [...items].map(([kind, names]) => {
    return [kind, [...names].map(([name, action]) => `${name}(${action})`).sort()] as const;
  });
  return Object.fromEntries(kinds.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes the restore's files into the bucket. */
export function putResults(bucket: Bucket, restore: Restore, outcome: RestoreOutcome): void {
  const { name } = restore.metadata;
  const failed = (result: Result, level: string) => {
    const messages = [
      ...(result.velero ?? []),
      ...(result.cluster ?? []),
      ...Object.values(result.namespaces ?? {}).flat(),
    ];
    return messages.map((message) => `level=${level} msg=${JSON.stringify(message)}`);
  };
  const lines = [...outcome.log, ...failed(outcome.warnings, 'warning'), ...failed(outcome.errors, 'error')];
  putJson(bucket, 'RestoreResults', name, { warnings: outcome.warnings, errors: outcome.errors });
  putJson(bucket, 'RestoreResourceList', name, resourceList(outcome));
  putJson(bucket, 'RestoreItemOperations', name, []);
  const volumes = bucket.backups.get(restore.spec.backupName ?? '')?.volumes ?? [];
  const infos = volumes.map(({ namespace, claim, persistentVolume, method }) => ({
    pvcName: claim,
    pvcNamespace: restore.spec.namespaceMapping?.[namespace] ?? namespace,
    pvName: persistentVolume,
    restoreMethod: method === 'CSISnapshot' ? 'CSISnapshot' : 'PodVolumeRestore',
    snapshotDataMoved: method === 'CSISnapshot',
  }));
  putJson(bucket, 'RestoreVolumeInfo', name, infos);
  bucket.files.set(`RestoreLog/${name}`, `${lines.map((line) => `${line} restore=velero/${name}`).join('\n')}\n`);
}
