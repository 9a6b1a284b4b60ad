import { type Store, type StoredObject, timestamp } from '../cluster/store.ts';
import { runUntilAborted } from './faults.ts';
import {
  finishRestore,
  RESTORE_FINALIZER,
  type RestoreContext,
  readRestore,
  runRestore,
  writeRestore,
} from './restore-run.ts';
import { VOLUME_RESOURCES, volumeRestoresOf } from './restore-volumes.ts';
import { type Restore, type RestoreSpec, VELERO_NAMESPACE } from './velero-types.ts';

export interface SeenRestore {
  name: string;
  uid: string;
  /** As its creator sent it. */
  spec: RestoreSpec;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RestoreController {
  restoresSeen(): SeenRestore[];
  restart(): void;
  stop(): void;
}

type Context = Omit<RestoreContext, 'signal'>;

function phaseOf(restore: Restore | undefined): string {
  return restore?.status?.phase ?? 'New';
}

function listRestores(store: Store): Restore[] {
  return store.list('restores.velero.io', VELERO_NAMESPACE) as Restore[];
}

/** What the server does when it starts: what was InProgress cannot go on (velero `server.go` markInProgressRestoresFailed). */
function failInterrupted(store: Store): void {
  for (const { metadata, status } of listRestores(store)) {
    if (status?.phase !== 'InProgress') continue;
    const failureReason = 'found a restore with status "InProgress" during the server starting, mark it as "Failed"';
    writeRestore(store, metadata.name, { phase: 'Failed', failureReason, completionTimestamp: timestamp() });
    for (const resource of VOLUME_RESOURCES) {
      for (const volume of volumeRestoresOf(store, metadata.name, resource)) {
        store.modify(resource, VELERO_NAMESPACE, volume.metadata.name, (object) =>
          Object.assign(object['spec'] as object, { cancel: true }),
        );
      }
    }
  }
}

/** Deletes what belongs to a restore that is being deleted. A restore that runs goes on all the same (velero issue 2171). */
function finalize({ store, bucket, faults }: Context, restore: Restore): void {
  const { name, deletionTimestamp, finalizers = [] } = restore.metadata;
  if (faults.down === true || deletionTimestamp === undefined || !finalizers.includes(RESTORE_FINALIZER)) return;
  for (const file of bucket.files.keys()) {
    if (file.startsWith('Restore') && file.endsWith(`/${name}`)) bucket.files.delete(file);
  }
  store.modify('restores.velero.io', VELERO_NAMESPACE, name, (object) => {
    object.metadata.finalizers = finalizers.filter((finalizer) => finalizer !== RESTORE_FINALIZER);
  });
}

/** Runs restores one at a time, in the order in which they came. */
export function startRestoreController(context: Context): RestoreController {
  const { store } = context;
  const seen: SeenRestore[] = [];
  const queue: string[] = listRestores(store).map(({ metadata }) => metadata.name);
  let life = new AbortController();
  let busy = false;

  async function work(signal: AbortSignal): Promise<void> {
    for (let name = queue[0]; name !== undefined; name = queue[0]) {
      const phase = phaseOf(readRestore(store, name));
      if (phase === 'New') await runRestore({ ...context, signal }, name);
      else if (/^(Waiting|Finalizing)/.test(phase)) await finishRestore({ ...context, signal }, name);
      queue.shift();
    }
  }

  function kick(): void {
    if (busy || life.signal.aborted) return;
    busy = true;
    const { signal } = life;
    void runUntilAborted(work(signal)).finally(() => {
      if (life.signal === signal) busy = false;
    });
  }

  const unsubscribe = store.subscribe(({ type, resource, object }) => {
    if (resource !== 'restores.velero.io') return;
    if (type === 'MODIFIED') finalize(context, object as Restore);
    if (type !== 'ADDED') return;
    seen.push(describe(object));
    queue.push(object.metadata.name);
    kick();
  });
  kick();

  return {
    restoresSeen: () => [...seen],
    restart() {
      life.abort();
      life = new AbortController();
      busy = false;
      failInterrupted(store);
      kick();
    },
    stop() {
      unsubscribe();
      life.abort();
    },
  };
}

function describe(object: StoredObject): SeenRestore {
  const { name, uid, labels = {}, annotations = {} } = object.metadata;
  return { name, uid, spec: (object as Restore).spec, labels, annotations };
}
