import { type Store, type StoredObject, timestamp } from '../cluster/store.ts';
import { splitKey, startWorkLoop, type WorkLoop } from '../controllers/work-loop.ts';
import type { DownloadServer } from './download-server.ts';
import type { VeleroFaults } from './faults.ts';
import type { VeleroTimings } from './timings.ts';
import { type Restore, VELERO_NAMESPACE, VELERO_VERSION } from './velero-types.ts';

const DOWN_RETRY_MS = 10;

interface DownloadRequest extends StoredObject {
  spec: { target: { kind: string; name: string } };
}

export interface RequestContext {
  store: Store;
  faults: VeleroFaults;
  timings: VeleroTimings;
  downloads: DownloadServer;
}

/** The backup behind the target; without it a request stays New for ever, and has no field to say why. */
function backupBehind(store: Store, { kind, name }: { kind: string; name: string }): string | undefined {
  if (!kind.startsWith('Restore')) return name;
  const restore = store.get('restores.velero.io', VELERO_NAMESPACE, name) as Restore | undefined;
  return restore?.spec.backupName;
}

function downloadStatus(
  { store, faults, timings, downloads }: RequestContext,
  request: DownloadRequest,
): object | undefined {
  const { target } = request.spec;
  const backup = backupBehind(store, target);
  if (backup === undefined || store.get('backups.velero.io', VELERO_NAMESPACE, backup) === undefined) return undefined;
  const url = new URL(downloads.sign(target.kind, target.name, timings.downloadTtlMs));
  if (typeof faults.results === 'object' && 'host' in faults.results) url.host = faults.results.host;
  return { downloadURL: url.href, expiration: timestamp(Date.now() + timings.downloadTtlMs) };
}

function serverStatus({ faults }: RequestContext): object {
  const names = ['velero.io/pod', 'velero.io/pvc', 'velero.io/service'];
  const plugins = names.map((name) => ({ kind: 'RestoreItemAction', name }));
  return { processedTimestamp: timestamp(), serverVersion: faults.version ?? VELERO_VERSION, plugins };
}

/** Answers DownloadRequests and ServerStatusRequests, and deletes them when their time is over. */
export function startRequestController(context: RequestContext): WorkLoop {
  const { store, faults, timings } = context;
  const processedAt = new Map<string, number>();

  function reconcile(key: string): number | undefined {
    const [resource, name] = splitKey(key);
    const request = store.get(resource, VELERO_NAMESPACE, name);
    if (request === undefined) return undefined;
    if (faults.down === true) return DOWN_RETRY_MS;
    const download = resource === 'downloadrequests.velero.io';
    if (download && faults.ignoreDownloads === true) return DOWN_RETRY_MS;
    const since = processedAt.get(request.metadata.uid);
    if (since !== undefined)
      return expire(resource, request, since + (download ? timings.downloadTtlMs : timings.statusRequestTtlMs));
    const age = Date.now() - (seenAt.get(request.metadata.uid) ?? Date.now());
    if (!seenAt.has(request.metadata.uid)) seenAt.set(request.metadata.uid, Date.now());
    if (age < timings.requestMs) return timings.requestMs - age;
    const status = download ? downloadStatus(context, request as DownloadRequest) : serverStatus(context);
    if (status === undefined) return undefined;
    processedAt.set(request.metadata.uid, Date.now());
    store.modify(resource, VELERO_NAMESPACE, name, (object) => {
      object['status'] = { phase: 'Processed', ...status };
    });
    return undefined;
  }

  function expire(resource: string, request: StoredObject, at: number): number | undefined {
    if (Date.now() < at) return at - Date.now();
    const { name, uid } = request.metadata;
    processedAt.delete(uid);
    seenAt.delete(uid);
    store.remove(resource, VELERO_NAMESPACE, name, { uid });
    return undefined;
  }

  const seenAt = new Map<string, number>();
  const keysIn = (resource: string) => (object: StoredObject) => [`${resource}/${object.metadata.name}`];
  const watched = ['downloadrequests.velero.io', 'serverstatusrequests.velero.io'];
  return startWorkLoop(store, { watches: Object.fromEntries(watched.map((r) => [r, keysIn(r)])), reconcile });
}
