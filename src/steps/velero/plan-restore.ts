import type { StepContext, StepPlan } from '../../contracts.ts';
import { startOf } from '../../domain/choose-backup.ts';
import { type ContentPlan, countKinds, keyOf, nameSome, setFact } from '../../domain/compare-content.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { Check, Json, Refusal } from '../../domain/plan.ts';
import { workloadsOf } from '../../domain/velero-files.ts';
import { type PickedBackup, pickBackup } from './pick-backup.ts';
import { checkCoverage, planContent } from './plan-content.ts';
import type { RestoreParams } from './restore-object.ts';

/** The procedures' data-loss target (RPO): one hour. */
const RPO_MS = 60 * 60_000;

/** Picks the backup, says what is lost by it, and what it will create and leave, object by object. */
export async function planRestore(context: StepContext<RestoreParams>): Promise<StepPlan> {
  const { params, clock } = context;
  const wish = {
    namespace: params.namespace,
    backup: params.backup,
    schedule: params.schedule,
    partiallyFailed: params['allow-partially-failed'],
    now: clock.now(),
  };
  const answer = await pickBackup(context, wish);
  if (!answer.ok) return { facts: {}, refusals: [answer.refusal] };
  const { picked } = answer;
  const [content, coverage] = await Promise.all([
    planContent(context, picked.objects, params.namespace),
    checkCoverage(context, picked, params.namespace),
  ]);
  return {
    facts: factsOf(picked, content, params.namespace),
    refusals: content.create.length > 0 ? [] : [changesNothing(picked, params.namespace)],
    loss: describeLoss(picked, clock.now()),
    keeps: describeKept(content),
    notes: [
      `Creates ${content.create.length} objects: ${countKinds(content.create) || 'none'}.`,
      ...describePassedOver(picked.passedOver),
    ],
    checks: [describeBackup(picked, clock.now()), coverage, describeUnserved(content)],
  };
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
    workloads: workloadsOf(objects, namespace).map(keyOf).sort(),
    services: objects
      .filter((it) => it.namespace === namespace && keyOf(it).startsWith('v1/Service/'))
      .map(({ name }) => name)
      .sort(),
  };
}

function describeLoss({ backup }: PickedBackup, now: number): string {
  const age = now - startOf(backup);
  const target = age > RPO_MS ? 'OVER the 60 min target' : 'within the 60 min target';
  return `From backup ${backup.metadata.name}: everything written in the last ${formatDuration(age)} is lost (${target}).`;
}

function describeKept({ skip }: ContentPlan): string {
  if (skip.length === 0) return 'Nothing exists there that would stay as it is.';
  const claims = skip.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  const data = claims.length === 0 ? '' : ` Data will NOT change in ${claims.map(({ name }) => name).join(', ')}.`;
  return `${skip.length} objects exist and stay as they are: ${countKinds(skip)}.${data}`;
}

function describePassedOver([newest, ...others]: readonly string[]): string[] {
  if (newest === undefined) return [];
  return [`Newer, but not usable: ${newest}${others.length > 0 ? `; and ${others.length} more like it` : ''}.`];
}

function describeBackup({ backup }: PickedBackup, now: number): Check {
  const { phase, errors = 0, warnings = 0, expiration } = backup.status ?? {};
  const left =
    expiration === undefined ? 'never expires' : `expires in ${formatDuration(Date.parse(expiration) - now)}`;
  const clean = phase === 'Completed' && errors === 0;
  return {
    name: 'backup',
    verdict: clean ? 'pass' : 'fail',
    detail: `${backup.metadata.name} ${phase}, ${errors} errors, ${warnings} warnings, ${left}`,
  };
}

function describeUnserved({ unserved }: ContentPlan): Check {
  if (unserved.length === 0)
    return { name: 'kinds', verdict: 'pass', detail: 'the cluster serves every kind in the backup' };
  const kinds = [...new Set(unserved.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))].join(', ');
  return {
    name: 'kinds',
    verdict: 'fail',
    detail: `the cluster does not serve ${kinds}: ${nameSome(unserved)} cannot be restored; install their CRDs first`,
  };
}
