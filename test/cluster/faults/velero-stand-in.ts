import { type StoredObject, timestamp } from '../../../sandbox/cluster/store.ts';
import { type DownloadServer, startDownloadServer } from '../../../sandbox/velero/download-server.ts';
import { createFileReader } from '../../../sandbox/velero/file-reader.ts';
import { type Restore, STORAGE_LOCATION, VELERO_VERSION } from '../../../sandbox/velero/velero-types.ts';
import type { Admin } from '../access.ts';
import { advanceRestore, failInterrupted, isOver, nameLocation, phaseOf } from './advance-restore.ts';
import { lookOn } from './look-on.ts';
import { list, type StandInContext, type StandInFaults, VELERO_API } from './velero-objects.ts';

/** Plays Velero on a real API server: all it knows comes from there, and all it does it does there. Its files are the backups' own. */
export interface VeleroStandIn {
  /** As the sandbox's Velero: set a field to begin, delete it to heal. */
  faults: StandInFaults;
  /** Why the storage cannot be read from now on; undefined: it can. */
  setUnavailable(message: string | undefined): Promise<void>;
  setAccessMode(mode: 'ReadWrite' | 'ReadOnly'): Promise<void>;
  /** Puts a Backup object there, as it was made; answers the way to take it away. */
  keepBackup(backup: StoredObject): Promise<() => Promise<void>>;
  /** The server process ends and starts again. */
  restart(): void;
  /** Whether no Restore is under way. @throws what kept it from its work */
  isFree(): Promise<boolean>;
  /** Fails if it could not do its work. */
  stop(): Promise<void>;
}

const LOCATION = `${VELERO_API}/backupstoragelocations/${STORAGE_LOCATION}`;
const LOOK_MS = 80;
const DOWNLOAD_TTL_MS = 600_000;

interface Request extends StoredObject {
  spec: { target?: { kind: string; name: string } };
  status?: { phase?: string };
}

export async function startVeleroStandIn(given: Omit<StandInContext, 'faults'>): Promise<VeleroStandIn> {
  const faults: StandInFaults = {};
  const context: StandInContext = { ...given, faults };
  const { admin, bucket } = context;
  let unavailable: string | undefined;
  let restarted = false;
  const downloads = await startDownloadServer(createFileReader(bucket, faults), () => unavailable !== undefined);
  await admin.must('POST', `${VELERO_API}/backupstoragelocations`, nameLocation(downloads.url));
  const validate = () => validateLocation(admin, unavailable);
  const looking = lookOn('Velero', LOOK_MS, async () => {
    if (faults.down === true) return;
    if (restarted) await failInterrupted(context);
    restarted = false;
    await answerRequests(context, downloads);
    await advanceRestore(context);
  });
  await validate();
  return {
    faults,
    setUnavailable: (message) => {
      unavailable = message;
      return validate();
    },
    setAccessMode: async (accessMode) => void (await admin.must('PATCH', LOCATION, { spec: { accessMode } })),
    keepBackup: (backup) => keepBackup(admin, backup),
    restart: () => {
      restarted = true;
    },
    isFree: async () => {
      looking.check();
      return (await list<Restore>(admin, 'restores')).every((restore) => isOver(phaseOf(restore)));
    },
    stop: async () => {
      await looking.stop().finally(downloads.close);
    },
  };
}

async function validateLocation(admin: Admin, trouble: string | undefined): Promise<void> {
  const now = timestamp();
  const status =
    trouble === undefined
      ? { phase: 'Available', lastValidationTime: now, lastSyncedTime: now, message: null }
      : { phase: 'Unavailable', lastValidationTime: now, message: trouble };
  await admin.must('PATCH', LOCATION, { status });
}

/** DownloadRequests and ServerStatusRequests; one that was taken away meanwhile needs no answer. */
async function answerRequests({ admin, faults }: StandInContext, downloads: DownloadServer): Promise<void> {
  const answer = async (plural: string, { metadata }: Request, status: object) => {
    const path = `${VELERO_API}/${plural}/${metadata.name}`;
    const { status: code, json } = await admin.send('PATCH', path, { status: { phase: 'Processed', ...status } });
    if (code !== 200 && code !== 404) throw new Error(`${path}: ${code} ${JSON.stringify(json)}`);
  };
  const open = (requests: Request[]) => requests.filter(({ status }) => status?.phase !== 'Processed');
  for (const request of open(await list<Request>(admin, 'serverstatusrequests')))
    await answer('serverstatusrequests', request, {
      processedTimestamp: timestamp(),
      serverVersion: faults.version ?? VELERO_VERSION,
    });
  if (faults.ignoreDownloads === true) return;
  for (const request of open(await list<Request>(admin, 'downloadrequests'))) {
    const { kind = '', name = '' } = request.spec.target ?? {};
    const url = new URL(downloads.sign(kind, name, DOWNLOAD_TTL_MS));
    if (typeof faults.results === 'object' && 'host' in faults.results) url.host = faults.results.host;
    const expiration = timestamp(Date.now() + DOWNLOAD_TTL_MS);
    await answer('downloadrequests', request, { downloadURL: url.href, expiration });
  }
}

async function keepBackup(admin: Admin, { apiVersion, kind, metadata, ...content }: StoredObject) {
  const { name, namespace, labels, annotations } = metadata;
  const kept = { apiVersion, kind, metadata: { name, namespace, labels, annotations }, ...content };
  await admin.must('POST', `${VELERO_API}/backups`, kept);
  return async () => void (await admin.send('DELETE', `${VELERO_API}/backups/${name}`));
}
