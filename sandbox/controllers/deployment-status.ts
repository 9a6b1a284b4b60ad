import { type Store, timestamp } from '../cluster/store.ts';
import { findCondition, setCondition } from './conditions.ts';
import { rolloutLimits } from './rollout.ts';
import type { Condition, Deployment, ReplicaSet, ReplicaStatus } from './workload-types.ts';

type Progress = Map<string, { mark: string; at: number }>;

interface Counts {
  replicas: number;
  updatedReplicas: number;
  readyReplicas: number;
  availableReplicas: number;
}

function countReplicas(current: ReplicaSet | undefined, old: ReplicaSet[]): Counts {
  const sets = current === undefined ? old : [current, ...old];
  const sum = (field: keyof ReplicaStatus) => sets.reduce((n, set) => n + Number(set.status?.[field] ?? 0), 0);
  return {
    replicas: sum('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
  };
}

function availability(deployment: Deployment, counts: Counts): Condition {
  const least = (deployment.spec.replicas ?? 1) - rolloutLimits(deployment).unavailable;
  return counts.availableReplicas >= least
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

interface Rollout {
  condition: Condition;
  /** When to look again because the deadline may have passed. */
  deadlineInMs?: number;
}

/** The Progressing condition (kube deployment/progress.go). */
function progressing(deployment: Deployment, current: ReplicaSet, counts: Counts, progress: Progress): Rollout {
  const wanted = deployment.spec.replicas ?? 1;
  const { replicas, updatedReplicas, availableReplicas } = counts;
  const name = current.metadata.name;
  const before = findCondition(deployment.status?.conditions, 'Progressing');
  const say = (status: 'True' | 'False', reason: string, message: string): Condition => ({
    type: 'Progressing',
    status,
    reason,
    message,
  });
  if (updatedReplicas === wanted && replicas === wanted && availableReplicas === wanted) {
    const done = say('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`);
    return { condition: done };
  }
  // A rollout that was complete stays so when its pods fail later: only a new template starts the clock again.
  if (before?.reason === 'NewReplicaSetAvailable' && before.message?.includes(`"${name}"`))
    return { condition: before };
  const mark = `${name} ${JSON.stringify(counts)}`;
  const last = progress.get(deployment.metadata.uid);
  const at = last?.mark === mark ? last.at : Date.now();
  progress.set(deployment.metadata.uid, { mark, at });
  const left = at + (deployment.spec.progressDeadlineSeconds ?? 600) * 1000 - Date.now();
  if (left <= 0) {
    const late = say('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`);
    return { condition: late };
  }
  const created = updatedReplicas === 0;
  const reason = created ? 'NewReplicaSetCreated' : 'ReplicaSetUpdated';
  const message = created ? `Created new replica set "${name}"` : `ReplicaSet "${name}" is progressing.`;
  return { condition: say('True', reason, message), deadlineInMs: left };
}

/** Writes the Deployment's status; returns the ms until its progress deadline, if it is rolling out. */
export function writeDeploymentStatus(
  store: Store,
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: ReplicaSet[],
  progress: Progress,
): number | undefined {
  const fresh =
    current && (store.get('replicasets.apps', current.metadata.namespace, current.metadata.name) as ReplicaSet);
  const counts = countReplicas(fresh, old);
  const missing = Math.max(0, (deployment.spec.replicas ?? 1) - counts.availableReplicas);
  const rollout = fresh && !deployment.spec.paused ? progressing(deployment, fresh, counts, progress) : undefined;
  const failure = findCondition(fresh?.status?.conditions, 'ReplicaFailure');
  store.modify('deployments.apps', deployment.metadata.namespace, deployment.metadata.name, (object) => {
    const before = (object as Deployment).status?.conditions;
    let conditions = setCondition(before, availability(deployment, counts));
    if (rollout) conditions = setCondition(conditions, withUpdateTime(before, rollout.condition));
    conditions = conditions.filter(({ type }) => type !== 'ReplicaFailure');
    if (failure) conditions = setCondition(conditions, failure);
    object['status'] = {
      observedGeneration: deployment.metadata.generation,
      ...counts,
      ...(missing === 0 ? {} : { unavailableReplicas: missing }),
      conditions,
    };
  });
  return rollout?.deadlineInMs;
}

function withUpdateTime(before: Condition[] | undefined, condition: Condition): Condition {
  const last = findCondition(before, condition.type);
  const same = last?.reason === condition.reason && last?.message === condition.message;
  return { ...condition, lastUpdateTime: (same ? last?.lastUpdateTime : undefined) ?? timestamp() };
}
