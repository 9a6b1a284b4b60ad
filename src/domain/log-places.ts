import { hasRestarted } from './judge-pods.ts';
import type { ContainerStatus, Pod } from './kinds.ts';

/** One log to fetch: of a container, in this life or the one before. */
export interface LogPlace {
  pod: string;
  container: string;
  previous: boolean;
  /** As `restarted 4 times`; empty for one that is well. */
  standing: string;
}

/** Every container of every pod; init containers where one keeps its pod from starting; a life before the last restart too. */
export function listLogPlaces(pods: readonly Pod[]): LogPlace[] {
  return pods.flatMap((pod) => {
    const main = (pod.spec?.containers ?? []).map(({ name }) => name);
    const failing = (pod.status?.initContainerStatuses ?? []).filter(isHeld).map(({ name }) => name);
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    return [...failing, ...main].flatMap((container) => {
      const status = statuses.find(({ name }) => name === container);
      const place = { pod: pod.metadata.name, container, standing: describe(status) };
      const before = status !== undefined && hasRestarted(status) ? [{ ...place, previous: true }] : [];
      return [...before, { ...place, previous: false }];
    });
  });
}

/** An init container that ended well, or runs beside the others as a sidecar, holds nobody. */
function isHeld({ state, ready }: ContainerStatus): boolean {
  if (state?.terminated !== undefined) return state.terminated.exitCode !== 0;
  return !ready;
}

function describe(status: ContainerStatus | undefined): string {
  const { ready = false, restartCount = 0, state } = status ?? {};
  const reason = state?.waiting?.reason ?? state?.terminated?.reason;
  const words = [
    ...(ready || reason === 'Completed' ? [] : ['not ready']),
    ...(reason === undefined ? [] : [reason]),
    ...(restartCount === 0 ? [] : [`restarted ${restartCount} times`]),
  ];
  return words.join(', ');
}
