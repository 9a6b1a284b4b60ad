import type { Deployment, ReplicaSet } from './workload-types.ts';

export interface Scale {
  set: ReplicaSet;
  replicas: number;
}

function resolve(value: number | string | undefined, replicas: number, round: (n: number) => number): number {
  if (typeof value === 'number') return value;
  return round((Number.parseFloat(value ?? '25%') / 100) * replicas);
}

/** How many pods may be missing while rolling; never zero together with the surge (deployment_util.go ResolveFenceposts). */
export function rolloutLimits(deployment: Deployment): { surge: number; unavailable: number } {
  const replicas = deployment.spec.replicas ?? 1;
  const { maxSurge, maxUnavailable } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = resolve(maxSurge, replicas, Math.ceil);
  const unavailable = resolve(maxUnavailable, replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas) };
}

function total(sets: ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number {
  return sets.reduce((sum, set) => sum + (count(set) ?? 0), 0);
}

function scaleUp(deployment: Deployment, current: ReplicaSet, old: ReplicaSet[]): Scale[] {
  const wanted = deployment.spec.replicas ?? 1;
  const now = current.spec.replicas ?? 0;
  if (now > wanted) return [{ set: current, replicas: wanted }];
  const room = wanted + rolloutLimits(deployment).surge - now - total(old, (set) => set.spec.replicas);
  const replicas = now + Math.max(0, Math.min(room, wanted - now));
  return replicas === now ? [] : [{ set: current, replicas }];
}

function scaleDown(deployment: Deployment, current: ReplicaSet, old: ReplicaSet[]): Scale[] {
  const wanted = deployment.spec.replicas ?? 1;
  const least = wanted - rolloutLimits(deployment).unavailable;
  const sets = [current, ...old];
  const missing = Math.max(0, (current.spec.replicas ?? 0) - (current.status?.availableReplicas ?? 0));
  let room = total(sets, (set) => set.spec.replicas) - least - missing;
  let spare = total(sets, (set) => set.status?.availableReplicas) - least;
  const scales: Scale[] = [];
  for (const set of old) {
    const now = set.spec.replicas ?? 0;
    // Pods that serve nobody go first and cost no availability.
    const unhealthy = Math.max(0, Math.min(now - (set.status?.availableReplicas ?? 0), room));
    const healthy = Math.max(0, Math.min(now - unhealthy, spare, room - unhealthy));
    if (unhealthy + healthy === 0) continue;
    room -= unhealthy + healthy;
    spare -= healthy;
    scales.push({ set, replicas: now - unhealthy - healthy });
  }
  return scales;
}

/** The next sizes on the way to the present template (kube deployment/rolling.go, recreate.go). */
export function planRollout(deployment: Deployment, current: ReplicaSet, old: ReplicaSet[]): Scale[] {
  const active = old.filter((set) => (set.spec.replicas ?? 0) > 0);
  if (deployment.spec.strategy?.type !== 'Recreate') {
    return [...scaleUp(deployment, current, active), ...scaleDown(deployment, current, active)];
  }
  if (active.length > 0) return active.map((set) => ({ set, replicas: 0 }));
  const stopping = old.some((set) => (set.status?.replicas ?? 0) > 0);
  const wanted = deployment.spec.replicas ?? 1;
  return stopping || current.spec.replicas === wanted ? [] : [{ set: current, replicas: wanted }];
}
