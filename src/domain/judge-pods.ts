import { formatDuration } from './duration.ts';
import type { ContainerStatus, Pod } from './kinds.ts';
import { redactLog } from './redact-log.ts';

/** What is wrong with a pod. `ill`: it is not well now; otherwise it was not, and is again. */
export interface PodTrouble {
  name: string;
  ill: boolean;
  detail: string;
}

/** A container that ended so lately may end again, even where it runs just now. In ms. */
const LATELY_MS = 10 * 60_000;
/** A container waits for these as long as all is well. */
const HARMLESS = ['ContainerCreating', 'PodInitializing'];

/** The pods that are not well, or were restarted; `now` in ms since 1970. A pod that has done its work (Succeeded) is well. */
export function findPodTroubles(pods: readonly Pod[], now: number): PodTrouble[] {
  return pods.flatMap((pod) => {
    if (pod.status?.phase === 'Succeeded') return [];
    const name = `pod/${pod.metadata.name}`;
    const whole = describeWhole(pod);
    const containers = statusesOf(pod).flatMap((container) => judgeContainer(container, now));
    return [...(whole === undefined ? [] : [{ ill: true, detail: whole }]), ...containers].map((it) => ({
      name,
      ...it,
    }));
  });
}

/** Whether a container of the pod has ended before: then there is a log of that life too. */
export function hasRestarted({ restartCount = 0 }: ContainerStatus): boolean {
  return restartCount > 0;
}

export function statusesOf({ status }: Pod): ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function describeWhole({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return undefined;
  if (status?.phase === 'Failed') return `Failed${because(status.reason, status.message)}`;
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return `not scheduled${because(scheduled.reason, scheduled.message)}`;
  return undefined;
}

function judgeContainer(container: ContainerStatus, now: number): Omit<PodTrouble, 'name'>[] {
  const { name, state, ready, restartCount = 0 } = container;
  const ended = describeExit(container, now);
  const restarts = restartCount === 0 ? '' : `, restarted ${restartCount} times`;
  const last = ended === undefined ? '' : `; last exit: ${ended.text}`;
  if (state?.waiting !== undefined && !HARMLESS.includes(state.waiting.reason ?? ''))
    return [{ ill: true, detail: `${name}${because(state.waiting.reason, state.waiting.message)}${restarts}${last}` }];
  if (state?.terminated !== undefined && state.terminated.exitCode !== 0)
    return [{ ill: true, detail: `${name} has ended${restarts}${last}` }];
  if (restartCount === 0) return [];
  const lately = ended !== undefined && now - ended.at < LATELY_MS;
  return [{ ill: lately || !ready, detail: `${name}${ready ? ' runs' : ' runs, but is not ready'}${restarts}${last}` }];
}

/** How its present or last life ended, as `OOMKilled (exit code 137), 3 min ago`; `at` in ms since 1970. */
function describeExit({ state, lastState }: ContainerStatus, now: number): { text: string; at: number } | undefined {
  const end = state?.terminated ?? lastState?.terminated;
  if (end === undefined) return undefined;
  const at = Date.parse(end.finishedAt ?? '');
  const age = Number.isNaN(at) ? '' : `, ${formatDuration(now - at)} ago`;
  const how = end.signal === undefined || end.signal === 0 ? `exit code ${end.exitCode}` : `signal ${end.signal}`;
  return { text: `${end.reason ?? 'ended'} (${how})${age}`, at };
}

function because(reason: string | undefined, message: string | undefined): string {
  const words = [reason, message].filter((it) => it !== undefined && it !== '');
  return words.length === 0 ? '' : `: ${redactLog(words.join(', ')).replaceAll(/\s+/g, ' ')}`;
}
