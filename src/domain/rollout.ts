import type { DaemonSet, Deployment, StatefulSet } from './kinds.ts';

/** Where a workload's rollout stands. `failed` is what waiting will not mend. */
export interface Rollout {
  state: 'ready' | 'waiting' | 'failed';
  detail: string;
}

const ready = (detail: string): Rollout => ({ state: 'ready', detail });
const waiting = (detail: string): Rollout => ({ state: 'waiting', detail });

/**
 * kubectl's own rule (kubectl `pkg/polymorphichelpers/rollout_status.go`, DeploymentStatusViewer), and one more: for a
 * recovery at least one replica must be wanted, or "0 of 0" would pass at once.
 */
export function deploymentRollout({ metadata, spec, status = {} }: Deployment): Rollout {
  const wanted = spec.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  if ((metadata.generation ?? 0) > observedGeneration) return waiting('its latest spec is not observed yet');
  const progressing = status.conditions?.find(({ type }) => type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return { state: 'failed', detail: `it exceeded its progress deadline (${availableReplicas}/${wanted} available)` };
  }
  if (updatedReplicas < wanted) return waiting(`${updatedReplicas}/${wanted} replicas updated${refusal(status)}`);
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old replicas to end`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${availableReplicas}/${updatedReplicas} replicas available${refusal(status)}`);
  return wanted === 0 ? ready('scaled to 0 on purpose') : ready(`${availableReplicas}/${wanted} replicas available`);
}

/** Why pods cannot be made, such as a quota: only the condition ReplicaFailure says it. */
function refusal({ conditions = [] }: NonNullable<Deployment['status']>): string {
  const failure = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  return failure?.message === undefined ? '' : `: ${failure.message}`;
}

/** kubectl's StatefulSetStatusViewer, for RollingUpdate; an OnDelete set counts as ready when all its replicas are. */
export function statefulSetRollout({ metadata, spec, status = {} }: StatefulSet): Rollout {
  const wanted = spec.replicas ?? 1;
  const { readyReplicas = 0, updatedReplicas = 0, observedGeneration = 0 } = status;
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration) {
    return waiting('its latest spec is not observed yet');
  }
  if (readyReplicas < wanted) return waiting(`${readyReplicas}/${wanted} replicas ready`);
  if (spec.updateStrategy?.type === 'OnDelete') return ready(`${readyReplicas}/${wanted} replicas ready`);
  const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  if (partition > 0) {
    if (updatedReplicas < wanted - partition)
      return waiting(`${updatedReplicas}/${wanted - partition} replicas updated`);
  } else if (status.updateRevision !== status.currentRevision) {
    return waiting(`rolling to revision ${status.updateRevision}`);
  }
  return wanted === 0 ? ready('scaled to 0 on purpose') : ready(`${readyReplicas}/${wanted} replicas ready`);
}

/** kubectl's DaemonSetStatusViewer. */
export function daemonSetRollout({ metadata, status = {} }: DaemonSet): Rollout {
  const {
    desiredNumberScheduled: wanted = 0,
    updatedNumberScheduled = 0,
    numberAvailable = 0,
    observedGeneration = 0,
  } = status;
  if ((metadata.generation ?? 0) > observedGeneration) return waiting('its latest spec is not observed yet');
  if (updatedNumberScheduled < wanted) return waiting(`${updatedNumberScheduled}/${wanted} pods updated`);
  if (numberAvailable < wanted) return waiting(`${numberAvailable}/${wanted} pods available`);
  return ready(`${numberAvailable}/${wanted} pods available`);
}
