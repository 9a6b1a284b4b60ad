import { setTimeout as sleep } from 'node:timers/promises';
import type { RestorePhase, VolumePhase } from './velero-types.ts';

/** What a test or a demonstration makes Velero do wrong. Set a field to begin, delete it to end. */
export interface VeleroFaults {
  /** Nothing is reconciled. */
  down?: boolean | undefined;
  /** Restores stay in this phase. */
  stuckIn?: RestorePhase | undefined;
  /** How restores end. PartiallyFailed adds that many errors; Failed comes after half of the objects. */
  outcome?:
    | { phase: 'PartiallyFailed'; errors: number }
    | { phase: 'Failed'; reason: string }
    | { phase: 'FailedValidation'; errors: string[] }
    | undefined;
  /** That many warnings are added. */
  warnings?: number | undefined;
  /** Volume restores stay in this phase. */
  holdVolumes?: VolumePhase | undefined;
  /** Volume restores fail with this message. */
  failVolumes?: string | undefined;
  /**
   * The RestoreResults file is not there, has 64 MiB, is no gzip, is answered with a redirect, or names this error although the
   * Restore counts none; or every download URL names another host.
   */
  results?: 'missing' | 'huge' | 'garbage' | 'redirect' | { error: string } | { host: string } | undefined;
  /** The files of the bucket whose path begins so, as `BackupResults/nightly`, hold this instead; `undefined`: it is not there. */
  file?: { path: string; instead: string | undefined } | undefined;
  /** Backups that are created end PartiallyFailed with that many errors. */
  backupErrors?: number | undefined;
  /** Backups that are created end Failed, for this reason. */
  failBackups?: string | undefined;
  /** Backups that are created stay InProgress. */
  holdBackups?: boolean | undefined;
  /** DownloadRequests stay unanswered, all else goes on. */
  ignoreDownloads?: boolean | undefined;
  /** What the server says it is. */
  version?: string | undefined;
  /** This object, as `deployments.apps/shop/web`, is left out without a word. */
  skipSilently?: string | undefined;
  /** Completed while volumes are still being restored, as Velero 1.17.0 did (velero issue 9365). */
  completeTooEarly?: boolean | undefined;
}

const POLL_MS = 5;

/** Resolves when the condition holds. @throws AbortError when the signal aborts */
export async function waitFor(condition: () => boolean, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  while (!condition()) await sleep(POLL_MS, undefined, { signal });
}

/** Lets time pass, and more of it while Velero is down. @throws AbortError when the signal aborts */
export async function pass(ms: number, faults: VeleroFaults, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms > 0) await sleep(ms, undefined, { signal });
  await waitFor(() => faults.down !== true, signal);
}

/** Runs a task to its end or to the signal's; only an abort is swallowed. */
export function runUntilAborted(task: Promise<void>): Promise<void> {
  return task.catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  });
}
