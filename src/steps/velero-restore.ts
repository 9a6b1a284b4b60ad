import { z } from 'zod';
import { defineStep, type StepContext } from '../contracts.ts';
import { chooseBackup, startOf } from '../domain/choose-backup.ts';
import { hashJson } from '../domain/digest.ts';
import { durationMs } from '../domain/duration.ts';
import type { Refusal } from '../domain/plan.ts';
import { RUN_LABEL, SPEC_HASH_ANNOTATION } from '../domain/provenance.ts';
import { judgeRestore, PhaseDeadlines } from '../domain/restore-progress.ts';
import { Backup, BackupStorageLocation, DataDownload, PodVolumeRestore, Restore } from '../domain/velero.ts';
import { DrError, isDrError } from '../errors.ts';
import type { Cluster } from '../ports.ts';

const Params = z.strictObject({
  namespace: z.string(),
  backup: z.string().optional(),
  schedule: z.string().optional(),
  phases: PhaseDeadlines,
});
type Params = z.infer<typeof Params>;

/** Velero's own default is 4 h; a recovery has no such time. */
const DEFAULT_OPERATION_TIMEOUT = '15m';

/** Restores one namespace from one pinned backup, with exactly one Restore object. */
export const step = defineStep<Params>({
  name: 'velero.restore',
  summary: 'Restores a namespace from a Velero backup.',
  effect: 'destructive',
  params: Params,

  async plan({ cluster, params, homes, clock, signal }) {
    const scope = { namespace: homes.veleroNamespace };
    const [backups, locations] = await Promise.all([
      cluster.list(Backup, scope, signal),
      cluster.list(BackupStorageLocation, scope, signal),
    ]);
    const chosen = chooseBackup(backups, {
      namespace: params.namespace,
      backup: params.backup,
      schedule: params.schedule,
      now: clock.now(),
    });
    if (!chosen.ok) return { facts: {}, refusals: [chosen.refusal] };
    const { backup, passedOver } = chosen;
    const location = locations.find(({ metadata }) => metadata.name === (backup.spec.storageLocation ?? 'default'));
    const minutes = Math.round((clock.now() - startOf(backup)) / 60_000);
    return {
      facts: {
        backup: {
          name: backup.metadata.name,
          uid: backup.metadata.uid,
          phase: backup.status?.phase ?? '',
          expiration: backup.status?.expiration ?? '',
        },
        location: { name: location?.metadata.name ?? '', uid: location?.metadata.uid ?? '' },
      },
      notes: [
        `From backup ${backup.metadata.name}: the data is as it was ${minutes} min ago.`,
        ...describePassedOver(passedOver),
      ],
      refusals: refuseLocation(location, backup),
    };
  },

  async observe(context) {
    const { cluster, homes, key, params, startedAt, firstSeen, clock, signal } = context;
    const restore = await readOurs(context);
    if (restore === undefined) return { state: 'absent', detail: 'the Restore does not exist yet' };
    const scope = { namespace: homes.veleroNamespace, labelSelector: `velero.io/restore-name=${key}` };
    const volumes = (
      await Promise.all([
        listVolumes(cluster, PodVolumeRestore, scope, signal),
        listVolumes(cluster, DataDownload, scope, signal),
      ])
    ).flat();
    const judged = judgeRestore(restore, volumes, { deadlines: params.phases, startedAt, now: clock.now(), firstSeen });
    if (judged.state !== 'running') return judged;
    return { ...judged, changed: (stop) => cluster.awaitChange(Restore, restore, stop) };
  },

  async apply(context) {
    const { cluster, homes, key, provenance, signal } = context;
    const spec = restoreSpec(context);
    const annotations = { ...provenance.annotations, [SPEC_HASH_ANNOTATION]: hashJson(spec) };
    const metadata = { name: key, namespace: homes.veleroNamespace, labels: provenance.labels, annotations };
    try {
      await cluster.create(Restore, { metadata, spec }, signal);
    } catch (thrown) {
      if (!isDrError(thrown, 'CLUSTER_ALREADY_EXISTS')) throw thrown;
      await readOurs(context);
    }
  },

  async verify(context) {
    const restore = await readOurs(context);
    if (restore === undefined) return [{ name: 'restore', verdict: 'fail', detail: `Restore ${context.key} is gone` }];
    const { phase = 'New', errors = 0, warnings = 0 } = restore.status ?? {};
    const clean = phase === 'Completed' && errors === 0 && warnings === 0;
    return [
      {
        name: 'restore',
        verdict: clean ? 'pass' : 'fail',
        detail: `${context.key} ${phase}, ${errors} errors, ${warnings} warnings`,
      },
    ];
  },

  describeAbort: ({ homes, key }) =>
    `Velero has no cancel: Restore ${homes.veleroNamespace}/${key} goes on there until it ends by itself.`,
});

interface Ours extends StepContext<Params> {
  key: string;
  facts: Record<string, unknown>;
}

/** Built fresh each time: Velero writes the other of backupName and scheduleName into a spec it has processed. */
function restoreSpec({ params, facts }: Pick<Ours, 'params' | 'facts'>): Record<string, unknown> {
  return {
    backupName: pinnedBackup(facts),
    includedNamespaces: [params.namespace],
    existingResourcePolicy: 'none',
    restorePVs: true,
    preserveNodePorts: false,
    // In seconds: Go's durations know no days.
    itemOperationTimeout: `${durationMs(params.phases['WaitingForPluginOperations'] ?? DEFAULT_OPERATION_TIMEOUT) / 1000}s`,
  };
}

function describePassedOver([newest, ...others]: readonly string[]): string[] {
  if (newest === undefined) return [];
  return [`Newer, but not usable: ${newest}${others.length > 0 ? `; and ${others.length} more like it` : ''}.`];
}

function pinnedBackup(facts: Record<string, unknown>): string {
  const parsed = z.looseObject({ name: z.string() }).safeParse(facts['backup']);
  if (parsed.success) return parsed.data.name;
  throw new DrError({
    code: 'PLAN_CHANGED',
    message: 'The approved plan names no backup.',
    action: 'Ask for a new run.',
  });
}

/** The Restore of our name, if it is ours; undefined if there is none. @throws DrError NAME_TAKEN for anybody else's */
async function readOurs(context: Ours): Promise<Restore | undefined> {
  const { cluster, homes, key, request, signal } = context;
  const found = await cluster.read(Restore, { namespace: homes.veleroNamespace, name: key }, signal);
  if (found === undefined) return undefined;
  const { labels, annotations } = found.metadata;
  if (labels?.[RUN_LABEL] === request.run && annotations?.[SPEC_HASH_ANNOTATION] === hashJson(restoreSpec(context)))
    return found;
  throw new DrError({
    code: 'NAME_TAKEN',
    message: `Restore ${homes.veleroNamespace}/${key} exists, but is not the one this run asks for.`,
    action: 'Find out who created it; then abort this run and ask for a new one.',
  });
}

/** Velero's data movement kinds may be missing from an older installation: then there is nothing to wait for. */
async function listVolumes(
  cluster: Cluster,
  kind: typeof PodVolumeRestore,
  scope: { namespace: string; labelSelector: string },
  signal: AbortSignal,
): Promise<PodVolumeRestore[]> {
  try {
    return await cluster.list(kind, scope, signal);
  } catch (thrown) {
    if (isDrError(thrown, 'CLUSTER_NOT_SERVED')) return [];
    throw thrown;
  }
}

function refuseLocation(location: BackupStorageLocation | undefined, backup: Backup): Refusal[] {
  if (location?.status?.phase === 'Available') return [];
  const what =
    location === undefined
      ? 'does not exist'
      : `is ${location.status?.phase ?? 'not validated'}: ${location.status?.message ?? 'no message'}`;
  const message = `Storage location ${backup.spec.storageLocation ?? 'default'} of backup ${backup.metadata.name} ${what}.`;
  return [{ code: 'PLAN_REFUSED', message, action: 'Make the object store reachable: velero backup-location get' }];
}
