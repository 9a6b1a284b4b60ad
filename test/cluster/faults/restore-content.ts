import { resourceOf } from '../../../sandbox/cluster/resources.ts';
import type { StoredObject } from '../../../sandbox/cluster/store.ts';
import type { BackedUpItem, BackedUpVolume, BackupContent } from '../../../sandbox/velero/bucket.ts';
import type { VeleroFaults } from '../../../sandbox/velero/faults.ts';
import { prepareItem } from '../../../sandbox/velero/restore-item.ts';
import { selectForRestore } from '../../../sandbox/velero/restore-plan.ts';
import {
  addMessage,
  addVeleroMessage,
  type RestoreOutcome,
  recordItem,
} from '../../../sandbox/velero/restore-results.ts';
import {
  RESTORE_NAME_LABEL,
  type Restore,
  STORAGE_LOCATION,
  VELERO_NAMESPACE,
} from '../../../sandbox/velero/velero-types.ts';
import type { Admin } from '../access.ts';
import type { Translation } from './older-versions.ts';

/** A Restore under way, and what it writes to. */
export interface Restoring {
  admin: Admin;
  translation: Translation;
  faults: VeleroFaults;
  restore: Restore;
  content: BackupContent;
  outcome: RestoreOutcome;
}

/** Creates what the backup holds, object by object, through the API; what the API says goes into the outcome. */
export async function restoreContent(restoring: Restoring): Promise<void> {
  const { content, restore } = restoring;
  for (const name of restore.spec.includedNamespaces ?? []) await ensureNamespace(restoring, name);
  for (const item of selectForRestore(content, restore.spec)) await restoreOne(restoring, item);
  for (const volume of content.volumes) await restoreVolume(restoring, volume);
}

async function ensureNamespace({ admin, content, restore }: Restoring, source: string): Promise<void> {
  const name = targetOf(restore, source);
  if ((await admin.send('GET', `/api/v1/namespaces/${name}`)).status === 200) return;
  const known = content.items.find(
    ({ resource, object }) => resource === 'namespaces' && object.metadata.name === source,
  );
  const { labels = {}, annotations = {} } = known?.object.metadata ?? {};
  await admin.must('POST', '/api/v1/namespaces', { metadata: { name, labels, annotations } });
}

function targetOf({ spec }: Restore, source: string): string {
  return spec.namespaceMapping?.[source] ?? source;
}

async function restoreOne(restoring: Restoring, item: BackedUpItem): Promise<void> {
  const { restore, outcome, faults } = restoring;
  const { namespace: source, name } = item.object.metadata;
  const target = source === undefined ? undefined : targetOf(restore, source);
  const path = [target, name].filter((part) => part !== undefined).join('/');
  if (faults.skipSilently === `${item.resource}/${path}`) return;
  const { apiVersion, kind } = resourceOf(item.resource);
  const record = (action: 'created' | 'skipped' | 'failed') =>
    recordItem(outcome, `${apiVersion}/${kind}`, path, action);
  // With reclaim policy Delete a volume is provisioned anew for its claim, not restored (restore.go restoreItem).
  if (item.resource === 'persistentvolumes') return record('skipped');
  const { status, json } = await create(restoring, item.resource, prepareItem(item, target, restore));
  if (status === 201) return record('created');
  if (status === 409) return record('skipped');
  const { message = `HTTP ${status}` } = json as { message?: string };
  addMessage(outcome.errors, target, `error restoring ${item.resource}/${path}: ${message}`);
  record('failed');
}

/** Nothing runs in these pods, so nobody waits for their end: a namespace would take a quarter of a minute to be deleted. */
function endAtOnce(object: StoredObject): void {
  const spec = (object['spec'] ?? {}) as { containers?: object; template?: { spec: object }; [field: string]: unknown };
  const pods = spec.template?.spec ?? (spec.containers === undefined ? undefined : spec);
  if (pods !== undefined) Object.assign(pods, { terminationGracePeriodSeconds: 0 });
}

function create({ admin, translation }: Restoring, resource: string, object: StoredObject) {
  endAtOnce(object);
  const { apiVersion, plural } = resourceOf(resource);
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const scope = object.metadata.namespace === undefined ? '' : `/namespaces/${object.metadata.namespace}`;
  const body: unknown = JSON.parse(translation.bodyToServer(JSON.stringify(object)));
  return admin.send('POST', translation.toServer(`${root}${scope}/${plural}`), body);
}

/** A volume's data is no object: only that it was written, or could not be, is to be seen. */
async function restoreVolume({ admin, restore, outcome, faults }: Restoring, volume: BackedUpVolume): Promise<void> {
  const { namespace, claim, pod = '', snapshotId, bytes } = volume;
  if (volume.method !== 'PodVolumeBackup' || !(restore.spec.includedNamespaces ?? []).includes(namespace)) return;
  const name = `${restore.metadata.name}-${claim}`;
  const message = faults.failVolumes;
  if (message !== undefined) addVeleroMessage(outcome.errors, `pod volume restore ${name} Failed: ${message}`);
  await admin.must('POST', `/apis/velero.io/v1/namespaces/${VELERO_NAMESPACE}/podvolumerestores`, {
    apiVersion: 'velero.io/v1',
    kind: 'PodVolumeRestore',
    metadata: { name, namespace: VELERO_NAMESPACE, labels: { [RESTORE_NAME_LABEL]: restore.metadata.name } },
    spec: {
      backupStorageLocation: STORAGE_LOCATION,
      pod: { kind: 'Pod', namespace, name: pod },
      // Not empty: API servers of 1.20 take an empty text for null.
      repoIdentifier: 'default',
      snapshotID: snapshotId,
      sourceNamespace: namespace,
      uploaderType: 'kopia',
      volume: volume.volume ?? '',
    },
    status:
      message === undefined
        ? { phase: 'Completed', progress: { totalBytes: bytes, bytesDone: bytes } }
        : { phase: 'Failed', message },
  });
}
