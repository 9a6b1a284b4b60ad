import type { Store } from '../cluster/store.ts';
import type { BackupContent } from './bucket.ts';
import { waitFor } from './faults.ts';
import { type RestoreOutcome, recordItem } from './restore-results.ts';

/**
 * Makes sure that a namespace is there (velero `pkg/util/kube` EnsureNamespaceExistsAndIsReady): a missing one is created
 * with the backup's labels and annotations, an existing one is left as it is, a terminating one is waited for.
 * Returns why it cannot be used.
 */
export async function ensureNamespace(
  store: Store,
  content: BackupContent,
  source: string,
  target: string,
  timeoutMs: number,
  outcome: RestoreOutcome,
  signal: AbortSignal,
): Promise<string | undefined> {
  const read = () => store.get('namespaces', undefined, target);
  const terminating = () => read()?.metadata.deletionTimestamp !== undefined;
  const end = Date.now() + timeoutMs;
  await waitFor(() => !terminating() || Date.now() > end, signal);
  if (terminating()) return `timed out waiting for terminating namespace ${target} to disappear before restoring`;
  if (read() !== undefined) return undefined;
  const backedUp = content.items.find(
    ({ resource, object }) => resource === 'namespaces' && object.metadata.name === source,
  );
  const { labels, annotations } = backedUp?.object.metadata ?? {};
  store.create('namespaces', {
    metadata: { name: target, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  });
  recordItem(outcome, 'v1/Namespace', target, 'created');
  return undefined;
}
