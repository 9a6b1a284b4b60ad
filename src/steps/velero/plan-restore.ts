import type { StepContext, StepPlan } from '../../contracts.ts';
import { type BackupWish, describePassedOver } from '../../domain/choose-backup.ts';
import { type ContentPlan, isMadeForService, keyOf, setFact } from '../../domain/compare-content.ts';
import { Service } from '../../domain/kinds.ts';
import type { Json, Refusal } from '../../domain/plan.ts';
import { type ListedObject, workloadsOf } from '../../domain/velero-files.ts';
import {
  describeBackup,
  describeCopy,
  describeCreated,
  describeKept,
  describeLoss,
  describeOriginal,
  describeUnseen,
  describeUnserved,
} from './describe-plan.ts';
import { type PickedBackup, pickBackup } from './pick-backup.ts';
import { planContent } from './plan-content.ts';
import { listOccupants, refuseOccupied, refuseProtected, warnAboutCopy } from './plan-copy.ts';
import { planVolumes } from './plan-volumes.ts';
import { destinationOf, type RestoreParams } from './restore-object.ts';

type Context = StepContext<RestoreParams>;

/** Picks the backup, says what is lost by it, and what it will create and leave, object by object. */
export async function planRestore(context: Context): Promise<StepPlan> {
  const { params, clock } = context;
  const { namespace: source } = params;
  const wish = wishOf(params, clock.now());
  const answer = await pickBackup(context, wish);
  if (!answer.ok) return { facts: {}, refusals: [answer.refusal] };
  const { picked } = answer;
  const destination = destinationOf(params);
  const planned = planContent(context, picked.objects, { source, destination });
  const [content, volumes, copy] = await Promise.all([
    planned,
    planVolumes(context, picked, source, planned),
    planCopy(context, picked.objects),
  ]);
  const byItself = await listMadeForServices(context, content);
  const create = content.create.filter((it) => !byItself.includes(it));
  return {
    facts: { ...factsOf(picked, content, source), ...copy.facts },
    refusals: [...copy.refusals, ...(mayCreate(content) ? [] : [changesNothing(picked, source)])],
    loss: destination === source ? describeLoss(picked, wish) : describeCopy(picked, source, wish.now),
    keeps: `${describeOriginal(source, destination)}${describeKept(content)}`,
    withoutData: volumes.withoutData,
    notes: [
      ...describeCreated({ ...content, create }, byItself),
      volumes.estimate,
      ...copy.notes,
      ...describePassedOver(picked.passedOver, wish.now).map((line) => `Newer, but not used: ${line}`),
    ],
    checks: [describeBackup(picked, clock.now()), volumes.check, describeUnserved(content), ...describeUnseen(content)],
  };
}

function wishOf(params: RestoreParams, now: number): BackupWish {
  return {
    namespace: params.namespace,
    backup: params.backup,
    schedule: params.schedule,
    partiallyFailed: params['allow-partially-failed'],
    since: params.since === undefined ? undefined : Date.parse(params.since),
    now,
  };
}

/** What only a restore into another namespace has to look at and to say. */
async function planCopy(
  context: Context,
  objects: readonly ListedObject[],
): Promise<{ facts: Record<string, Json>; refusals: Refusal[]; notes: string[] }> {
  const { namespace: source } = context.params;
  const destination = destinationOf(context.params);
  if (destination === source) return { facts: {}, refusals: [], notes: [] };
  const ofSource = objects.filter(({ namespace }) => namespace === source);
  const occupants = await listOccupants(context, destination, ofSource);
  return {
    // So that whatever moves in after the approval voids it.
    facts: { occupants: occupants.objects.length },
    refusals: [...refuseProtected(source, context.homes), ...refuseOccupied(destination, occupants)],
    notes: warnAboutCopy(source, destination),
  };
}

/** The endpoints that Kubernetes has under new names by now: Velero creates the old ones, and they are cleared up at once. */
async function listMadeForServices(context: Context, { create, skip }: ContentPlan): Promise<ListedObject[]> {
  const kept = new Set(skip.filter(({ kind }) => kind === 'Service').map(({ name }) => name));
  if (kept.size === 0) return [];
  const services = await context.cluster.list(Service, { namespace: destinationOf(context.params) }, context.signal);
  const selecting = services
    .filter(({ metadata, spec }) => kept.has(metadata.name) && Object.keys(spec.selector ?? {}).length > 0)
    .map(({ metadata }) => metadata.name);
  return create.filter((it) => isMadeForService(it, selecting));
}

/** What could not be looked at may be missing, and so be created. */
function mayCreate({ create, unseen }: ContentPlan): boolean {
  return create.length + unseen.length > 0;
}

/** Velero never overwrites: "Completed" would be true, and nothing would be better. */
function changesNothing({ backup }: PickedBackup, namespace: string): Refusal {
  return {
    code: 'PLAN_REFUSED',
    message: `Everything that backup ${backup.metadata.name} holds of ${namespace} exists already: a restore would change nothing.`,
    action: 'Velero never overwrites. Delete what is broken (a PVC only if its data may go), then ask again.',
  };
}

function factsOf(
  { backup, location, objects }: PickedBackup,
  content: ContentPlan,
  namespace: string,
): Record<string, Json> {
  const { metadata, status } = backup;
  return {
    backup: {
      name: metadata.name,
      uid: metadata.uid,
      phase: status?.phase ?? '',
      expiration: status?.expiration ?? '',
      startTimestamp: status?.startTimestamp ?? metadata.creationTimestamp,
    },
    location: { name: location.metadata.name, uid: location.metadata.uid },
    skip: setFact(content.skip),
    create: setFact(content.create),
    // Once Muster may look, there is more to approve.
    ...(content.unseen.length === 0 ? {} : { unseen: setFact(content.unseen) }),
    workloads: workloadsOf(objects, namespace).map(keyOf).sort(),
    services: objects
      .filter((it) => it.namespace === namespace && keyOf(it).startsWith('v1/Service/'))
      .map(({ name }) => name)
      .sort(),
  };
}
