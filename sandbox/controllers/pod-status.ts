import { timestamp } from '../cluster/store.ts';
import { setCondition } from './conditions.ts';
import type { PodFault } from './pod-faults.ts';
import type { Condition, Pod, PodStatus } from './workload-types.ts';

type Outcome = Pick<Condition, 'status' | 'reason' | 'message'>;

const CRASHED = 'back-off 5m0s restarting failed container';

function withConditions(pod: Pod, outcomes: Record<string, Outcome>): Condition[] {
  let conditions = pod.status?.conditions;
  for (const [type, outcome] of Object.entries(outcomes)) conditions = setCondition(conditions, { type, ...outcome });
  return conditions ?? [];
}

function notReady(pod: Pod): Outcome {
  const names = pod.spec.containers.map(({ name }) => name).join(' ');
  return { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` };
}

function containersIn(pod: Pod, ready: boolean, state: Record<string, unknown>, restartCount: number) {
  return pod.spec.containers.map(({ name, image = '' }) => {
    const running = 'running' in state;
    const ids = { imageID: running ? `sandbox/${image}` : '', containerID: running ? `containerd://${name}` : '' };
    return { name, image, ...ids, ready, started: running, restartCount, state };
  });
}

/** Pending without a node. */
export function unschedulableStatus(pod: Pod, message: string): PodStatus {
  const outcome: Outcome = { status: 'False', reason: 'Unschedulable', message };
  return { ...pod.status, phase: 'Pending', conditions: withConditions(pod, { PodScheduled: outcome }) };
}

/** On a node, its containers not started yet. */
export function waitingStatus(pod: Pod, reason: string, message?: string): PodStatus {
  const waiting = { reason, ...(message === undefined ? {} : { message }) };
  const unready = notReady(pod);
  return {
    ...pod.status,
    phase: 'Pending',
    conditions: withConditions(pod, {
      PodScheduled: { status: 'True' },
      Initialized: { status: 'True' },
      ContainersReady: unready,
      Ready: unready,
    }),
    containerStatuses: containersIn(pod, false, { waiting }, 0),
  };
}

/** Running and Ready. */
export function runningStatus(pod: Pod, podIP: string): PodStatus {
  const ready: Outcome = { status: 'True' };
  return {
    ...pod.status,
    phase: 'Running',
    podIP,
    podIPs: [{ ip: podIP }],
    conditions: withConditions(pod, { ContainersReady: ready, Ready: ready }),
    containerStatuses: containersIn(pod, true, { running: { startedAt: startOf(pod) } }, 0),
  };
}

/** The instant that the containers' present state began: kept, so that writing the same status again changes nothing. */
function startOf(pod: Pod): unknown {
  const running = pod.status?.containerStatuses?.[0]?.state?.['running'] as { startedAt?: string } | undefined;
  return running?.startedAt ?? timestamp();
}

export function failedStatus(pod: Pod, fault: PodFault): PodStatus {
  const image = pod.spec.containers[0]?.image ?? '';
  if (fault === 'ImagePullBackOff') return waitingStatus(pod, fault, `Back-off pulling image "${image}"`);
  const crashed = fault === 'CrashLoopBackOff';
  const state = crashed ? { waiting: { reason: fault, message: CRASHED } } : { running: { startedAt: startOf(pod) } };
  const unready = notReady(pod);
  return {
    ...pod.status,
    phase: 'Running',
    conditions: withConditions(pod, { ContainersReady: unready, Ready: unready }),
    containerStatuses: containersIn(pod, false, state, crashed ? 4 : 0).map((status) =>
      crashed ? { ...status, lastState: lastStateOf(pod) } : status,
    ),
  };
}

/** How a crashed container ended; the instant is kept, so that writing the same status again changes nothing. */
function lastStateOf(pod: Pod): object {
  const known = pod.status?.containerStatuses?.[0]?.lastState;
  return known ?? { terminated: { exitCode: 1, reason: 'Error', finishedAt: timestamp() } };
}
