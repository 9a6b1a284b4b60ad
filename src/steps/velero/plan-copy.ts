import type { StepContext } from '../../contracts.ts';
import { isMadeByKubernetes, type LiveContent, nameSome } from '../../domain/compare-content.ts';
import type { Refusal } from '../../domain/plan.ts';
import { type OwnHomes, protectedReason } from '../../domain/target.ts';
import type { ListedObject } from '../../domain/velero-files.ts';
import { listLive } from './plan-content.ts';

/** What a namespace is looked through for before another one's content goes in, beside the kinds of the backup. */
const OCCUPANTS: Record<string, string[]> = {
  v1: ['Pod', 'Service', 'PersistentVolumeClaim', 'ConfigMap', 'Secret', 'ServiceAccount', 'ReplicationController'],
  'apps/v1': ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  'batch/v1': ['Job', 'CronJob'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'rbac.authorization.k8s.io/v1': ['Role', 'RoleBinding'],
};

/** What is in the destination of a copy, other than what Kubernetes puts into every namespace. */
export async function listOccupants(
  context: StepContext<unknown>,
  destination: string,
  objects: readonly ListedObject[],
): Promise<LiveContent> {
  const known = Object.entries(OCCUPANTS).flatMap(([apiVersion, kinds]) => kinds.map((kind) => ({ apiVersion, kind })));
  const live = await listLive(context, destination, [...known, ...objects.filter(isCounted)]);
  return { ...live, objects: live.objects.filter((it) => !isMadeByKubernetes(it)) };
}

/** Events are no content: a namespace that was just made has some. */
function isCounted({ kind, namespace }: ListedObject): boolean {
  return namespace !== '' && kind !== 'Event';
}

/** A copy never mixes with what is there: half of it would be skipped, and the rest would use what is not its own. */
export function refuseOccupied(destination: string, { objects: occupants, unseen }: LiveContent): Refusal[] {
  if (occupants.length === 0) return refuseUnseen(destination, unseen);
  return [
    {
      code: 'PLAN_REFUSED',
      message: `Namespace ${destination} is not empty: ${nameSome(occupants)}.`,
      action: 'Restore into a namespace that does not exist yet: --into <another name>.',
    },
  ];
}

/** A copy would put the Secrets of Muster, Velero or Kubernetes where others can read them. */
export function refuseProtected(source: string, homes: OwnHomes): Refusal[] {
  const reason = protectedReason(source, homes);
  if (reason === undefined) return [];
  const action = 'Restore what you need of it by hand, where nobody else can read it.';
  return [{ code: 'PLAN_REFUSED', message: `${reason}; Muster never copies it elsewhere.`, action }];
}

/** What cannot be looked at is not known to be empty. */
function refuseUnseen(destination: string, unseen: LiveContent['unseen']): Refusal[] {
  const [action] = unseen.values();
  if (action === undefined) return [];
  const kinds = [...unseen.keys()].join(', ');
  return [
    {
      code: 'PLAN_REFUSED',
      message: `Whether namespace ${destination} is empty cannot be told: Muster may not list ${kinds} there.`,
      action: `Restore into a namespace that does not exist yet: --into <another name>. Or: ${action}`,
    },
  ];
}

/** What a copy in another namespace may do that nobody expects. */
export function warnAboutCopy(source: string, destination: string): string[] {
  return [
    `Environment values, DNS names and Ingress hosts inside the copy still name ${source}: ${destination} may read and write what belongs to ${source}.`,
    `Labels of Argo CD and Flux are copied too: their controllers may take the copy for a leftover of ${source} and delete it.`,
  ];
}
