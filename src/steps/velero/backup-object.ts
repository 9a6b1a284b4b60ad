import { z } from 'zod';
import type { StartedContext } from '../../contracts.ts';
import { SCHEDULE_LABEL } from '../../domain/choose-backup.ts';
import { hashJson } from '../../domain/digest.ts';
import { Json } from '../../domain/plan.ts';
import { RUN_LABEL, SPEC_HASH_ANNOTATION } from '../../domain/provenance.ts';
import { Backup } from '../../domain/velero.ts';
import { DrError, isDrError } from '../../errors.ts';

export const BackupParams = z.strictObject({
  namespace: z.string(),
  /** The schedule whose template is used; left out: the one of the newest backup that can restore the namespace. */
  schedule: z.string().optional(),
  /** Whether it carries the schedule's label, so that Velero takes it for the newest of the schedule. */
  'counts-as-latest': z.boolean().default(false),
});
export type BackupParams = z.infer<typeof BackupParams>;

/** What the plan pins. */
export const BackupFacts = z.looseObject({
  schedule: z.object({ name: z.string(), uid: z.string() }),
  spec: z.record(z.string(), Json),
});

type Started = StartedContext<BackupParams>;

/** Creates the Backup of this run; one that is there already is no error if it is ours. @throws DrError NAME_TAKEN */
export async function createBackup(context: Started): Promise<void> {
  const { cluster, homes, key, provenance, signal } = context;
  const { schedule, spec } = pinned(context);
  const counts = context.params['counts-as-latest'] ? { [SCHEDULE_LABEL]: schedule.name } : {};
  const metadata = {
    name: key,
    namespace: homes.veleroNamespace,
    labels: { ...provenance.labels, ...counts },
    annotations: { ...provenance.annotations, [SPEC_HASH_ANNOTATION]: hashJson(spec) },
  };
  try {
    await cluster.create(Backup, { metadata, spec }, signal);
  } catch (thrown) {
    if (!isDrError(thrown, 'CLUSTER_ALREADY_EXISTS')) throw thrown;
    await readOurBackup(context);
  }
}

/** The Backup of our name, if it is ours; undefined if there is none. @throws DrError NAME_TAKEN for anybody else's */
export async function readOurBackup(context: Started): Promise<Backup | undefined> {
  const { cluster, homes, key, request, signal } = context;
  const found = await cluster.read(Backup, { namespace: homes.veleroNamespace, name: key }, signal);
  if (found === undefined) return undefined;
  const { labels, annotations } = found.metadata;
  const hash = hashJson(pinned(context).spec);
  if (labels?.[RUN_LABEL] === request.run && annotations?.[SPEC_HASH_ANNOTATION] === hash) return found;
  throw new DrError({
    code: 'NAME_TAKEN',
    message: `Backup ${homes.veleroNamespace}/${key} exists, but is not the one this run asks for.`,
    action: 'Find out who created it; then abort this run and ask for a new one.',
  });
}

export function pinned({ facts }: Pick<Started, 'facts'>): z.infer<typeof BackupFacts> {
  const parsed = BackupFacts.safeParse(facts);
  if (parsed.success) return parsed.data;
  throw new DrError({
    code: 'PLAN_CHANGED',
    message: 'The plan does not say what to back up.',
    action: 'Ask for a new run.',
  });
}
