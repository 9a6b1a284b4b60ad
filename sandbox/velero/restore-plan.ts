import { resourceOf } from '../cluster/resources.ts';
import type { BackedUpItem, BackupContent } from './bucket.ts';
import { isCompleted } from './restore-item.ts';
import { includesClusterScope, includesLabels, includesNamespace, includesResource } from './selection.ts';
import type { RestoreSpec } from './velero-types.ts';

/** The backed-up objects that a restore selects, in the backup's order, which is the order of restore. */
export function selectForRestore(content: BackupContent, spec: RestoreSpec): BackedUpItem[] {
  return content.items.filter((item) => {
    const resource = resourceOf(item.resource);
    // Namespaces come into being with the first object in them, never by themselves.
    if (resource.key === 'namespaces' || !includesResource(spec, resource) || isCompleted(item)) return false;
    if (!includesLabels(spec, item.object)) return false;
    if (resource.namespaced) return includesNamespace(spec, item.object.metadata.namespace ?? '');
    return includesClusterScope(spec);
  });
}

/** The volume behind a claim, which comes along even where cluster-scoped objects do not. */
export function volumeBehind(content: BackupContent, spec: RestoreSpec, claim: BackedUpItem): BackedUpItem | undefined {
  if (claim.resource !== 'persistentvolumeclaims' || spec.includeClusterResources === false) return undefined;
  if (!includesResource(spec, resourceOf('persistentvolumes'))) return undefined;
  const name = (claim.object['spec'] as { volumeName?: string } | undefined)?.volumeName;
  return content.items.find(
    ({ resource, object }) => resource === 'persistentvolumes' && object.metadata.name === name,
  );
}
