import { z } from 'zod';
import type { StartedContext } from '../../contracts.ts';
import { hashJson } from '../../domain/digest.ts';
import { durationMs } from '../../domain/duration.ts';
import { RUN_LABEL, SPEC_HASH_ANNOTATION } from '../../domain/provenance.ts';
import { PhaseDeadlines } from '../../domain/restore-progress.ts';
import { Restore } from '../../domain/velero.ts';
import { DrError, isDrError } from '../../errors.ts';

export const RestoreParams = z.strictObject({
  /** As it is called in the backup. */
  namespace: z.string(),
  /** Where it goes; left out: where it was. */
  into: z.string().optional(),
  backup: z.string().optional(),
  schedule: z.string().optional(),
  /** When the disaster was, RFC 3339. */
  since: z.string().optional(),
  'allow-partially-failed': z.boolean().default(false),
  phases: PhaseDeadlines,
});
export type RestoreParams = z.infer<typeof RestoreParams>;

/** The namespace that the objects end up in. */
export function destinationOf({ namespace, into }: RestoreParams): string {
  return into ?? namespace;
}

/** Velero's own default is 4 h; a recovery has no such time. */
const DEFAULT_OPERATION_TIMEOUT = '15m';

/** Creates the Restore of this run; one that is there already is no error if it is ours. @throws DrError NAME_TAKEN */
export async function createRestore(context: StartedContext<RestoreParams>): Promise<void> {
  const { cluster, signal } = context;
  try {
    await cluster.create(Restore, restoreManifest(context), signal);
  } catch (thrown) {
    if (!isDrError(thrown, 'CLUSTER_ALREADY_EXISTS')) throw thrown;
    await readOurRestore(context);
  }
}

function restoreManifest(
  context: Pick<StartedContext<RestoreParams>, 'params' | 'facts' | 'homes' | 'key' | 'provenance'>,
) {
  const { homes, key, provenance } = context;
  const spec = restoreSpec(context);
  const annotations = { ...provenance.annotations, [SPEC_HASH_ANNOTATION]: hashJson(spec) };
  return { metadata: { name: key, namespace: homes.veleroNamespace, labels: provenance.labels, annotations }, spec };
}

/** Built fresh each time: Velero writes the other of backupName and scheduleName into a spec it has processed. */
export function restoreSpec({ params, facts }: Pick<StartedContext<RestoreParams>, 'params' | 'facts'>) {
  const destination = destinationOf(params);
  const mapped = destination !== params.namespace;
  return {
    backupName: pinnedBackup(facts),
    includedNamespaces: [params.namespace],
    ...(mapped ? { namespaceMapping: { [params.namespace]: destination } } : {}),
    existingResourcePolicy: 'none',
    restorePVs: true,
    preserveNodePorts: false,
    // In seconds: Go's durations know no days.
    itemOperationTimeout: `${durationMs(params.phases['WaitingForPluginOperations'] ?? DEFAULT_OPERATION_TIMEOUT) / 1000}s`,
  };
}

/** The backup that the approved plan names. @throws DrError PLAN_CHANGED where it names none */
export function pinnedBackup(facts: Record<string, unknown>): string {
  const parsed = z.looseObject({ name: z.string() }).safeParse(facts['backup']);
  if (parsed.success) return parsed.data.name;
  throw new DrError({
    code: 'PLAN_CHANGED',
    message: 'The approved plan names no backup.',
    action: 'Ask for a new run.',
  });
}

/** The Restore of our name, if it is ours; undefined if there is none. @throws DrError NAME_TAKEN for anybody else's */
export async function readOurRestore(context: StartedContext<RestoreParams>): Promise<Restore | undefined> {
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
