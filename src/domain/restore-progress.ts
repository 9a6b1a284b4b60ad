import { z } from 'zod';
import { DurationText, durationMs } from './duration.ts';
import { isTerminalRestorePhase, isTerminalVolumePhase, type PodVolumeRestore, type Restore } from './velero.ts';

/** How long a Restore may stay in each phase, as durations; a phase that is not named has no deadline of its own. */
export const PhaseDeadlines = z.record(z.string(), DurationText);
export type PhaseDeadlines = z.infer<typeof PhaseDeadlines>;

export interface RestoreWatch {
  deadlines: PhaseDeadlines;
  /** When the step was started, ms. */
  startedAt: number;
  now: number;
  /** When each phase was first seen by this worker, ms; kept between looks. */
  firstSeen: Map<string, number>;
}

export type RestoreJudgement =
  | { state: 'running'; detail: string }
  | { state: 'done'; evidence: string }
  | { state: 'failed'; message: string; action: string }
  | { state: 'stuck'; message: string; action: string };

/**
 * What a Restore and its volumes say (Velero v1.18 `restore_types.go`). Completed alone is not the end: 1.17.0 reported it
 * while volumes were still being written (velero issue 9365). Unknown phases count as running.
 */
export function judgeRestore(
  restore: Restore,
  volumes: readonly PodVolumeRestore[],
  watch: RestoreWatch,
): RestoreJudgement {
  const phase = restore.status?.phase || 'New';
  const open = volumes.filter(({ status }) => !isTerminalVolumePhase(status?.phase));
  if (!isTerminalRestorePhase(phase)) return judgeRunning(restore, phase, open, watch);
  if (phase !== 'Completed') return describeFailure(restore, phase);
  const broken = volumes.filter(({ status }) => status?.phase !== 'Completed' && isTerminalVolumePhase(status?.phase));
  if (broken.length > 0) return describeBrokenVolumes(restore, broken);
  if (open.length > 0) return judgeRunning(restore, 'Completed, volumes not', open, watch);
  const { progress } = restore.status ?? {};
  const items =
    progress?.totalItems === undefined ? '' : `, ${progress.itemsRestored ?? 0} of ${progress.totalItems} items`;
  return {
    state: 'done',
    evidence: `Restore ${restore.metadata.name} (uid ${restore.metadata.uid}) Completed${items}, ${volumes.length} volumes.`,
  };
}

function judgeRunning(
  restore: Restore,
  phase: string,
  open: readonly PodVolumeRestore[],
  watch: RestoreWatch,
): RestoreJudgement {
  const since = phaseSince(restore, phase, watch);
  // The twin of a phase, for a Restore that has errors already, has the deadline of its phase.
  const deadline = watch.deadlines[phase] ?? watch.deadlines[phase.replace(/PartiallyFailed$/, '')];
  const limit = deadline === undefined ? undefined : durationMs(deadline);
  const detail = describeProgress(restore, phase, open);
  if (limit === undefined || watch.now - since < limit) return { state: 'running', detail };
  return {
    state: 'stuck',
    message: `Restore ${restore.metadata.name} has been ${phase} for ${Math.round((watch.now - since) / 1000)} s (allowed: ${limit / 1000} s): ${culprit(phase, open)} It was not stopped: Velero has no cancel.`,
    action: 'Look there, then retry the run to wait on, or abort it.',
  };
}

/** Velero records when it began (startTimestamp), but not when a later phase began: there our own first sight counts. */
function phaseSince({ metadata, status }: Restore, phase: string, { startedAt, now, firstSeen }: RestoreWatch): number {
  if (phase === 'New') return Math.max(startedAt, Date.parse(metadata.creationTimestamp));
  const known = firstSeen.get(phase) ?? now;
  firstSeen.set(phase, known);
  if (phase === 'InProgress' && status?.startTimestamp !== undefined)
    return Math.min(known, Date.parse(status.startTimestamp));
  return known;
}

function culprit(phase: string, open: readonly PodVolumeRestore[]): string {
  if (open.length > 0)
    return `waiting for volumes ${open.map(({ metadata, status }) => `${metadata.name} (${status?.phase || 'New'})`).join(', ')}.`;
  if (phase === 'New') return 'Velero has not taken it up; is its Deployment ready, is another Restore running?';
  if (phase.startsWith('Finalizing')) return 'Velero waits for restore hooks or for volumes to be bound.';
  if (phase.startsWith('WaitingForPluginOperations')) return 'a plugin has not ended its operation.';
  return 'Velero is still restoring items.';
}

function describeProgress({ status }: Restore, phase: string, open: readonly PodVolumeRestore[]): string {
  const { totalItems, itemsRestored = 0 } = status?.progress ?? {};
  const items = totalItems === undefined ? '' : ` ${itemsRestored}/${totalItems} items`;
  const volumes = open.length === 0 ? '' : `, ${open.length} volumes still being written`;
  return `Velero: ${phase}${items}${volumes}`;
}

function describeFailure({ metadata, status }: Restore, phase: string): RestoreJudgement {
  const reasons = [status?.failureReason, ...(status?.validationErrors ?? [])].filter(
    (text) => text !== undefined && text !== '',
  );
  const counts =
    phase === 'PartiallyFailed' ? ` with ${status?.errors ?? 0} errors and ${status?.warnings ?? 0} warnings` : '';
  const restarted = status?.failureReason?.includes('found a restore with status') === true;
  return {
    state: 'failed',
    message: `Restore ${metadata.name} ended ${phase}${counts}${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}.`,
    action: restarted
      ? 'Velero restarted in the middle. See what is in the namespace, then ask for a new run.'
      : `Read its log: velero restore logs ${metadata.name}`,
  };
}

function describeBrokenVolumes({ metadata }: Restore, broken: readonly PodVolumeRestore[]): RestoreJudgement {
  const list = broken.map(
    (volume) => `${volume.metadata.name} ${volume.status?.phase}: ${volume.status?.message ?? 'no message'}`,
  );
  return {
    state: 'failed',
    message: `Restore ${metadata.name} is Completed, but volumes are not: ${list.join('; ')}.`,
    action: 'The data in those volumes is not restored. See the node-agent logs.',
  };
}
