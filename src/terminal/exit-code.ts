import type { RunState } from '../domain/run.ts';

/** Exit codes for scripts; `dr help` prints them. */
export const EXIT = {
  done: 0,
  failed: 1,
  notUnderstood: 2,
  notAllowed: 3,
  waitsForHuman: 4,
  redisAway: 75,
  interrupted: 130,
} as const;

const BY_ERROR: Record<string, number> = {
  COMMAND_INVALID: EXIT.notUnderstood,
  CONFIG_INVALID: EXIT.notUnderstood,
  RUNBOOK_NOT_FOUND: EXIT.notUnderstood,
  CLUSTER_UNKNOWN: EXIT.notUnderstood,
  ACCESS_DENIED: EXIT.notAllowed,
  APPROVAL_REFUSED: EXIT.notAllowed,
  // Thrown only for namespaces that Muster never acts on; a plan that was looked at and refused is an answer.
  PLAN_REFUSED: EXIT.notAllowed,
  LEDGER_UNREACHABLE: EXIT.redisAway,
};

export function exitCodeOf(errorCode: string | undefined): number {
  return BY_ERROR[errorCode ?? ''] ?? EXIT.failed;
}

/** A run that is over: only a verified recovery is a success; so is an abort to somebody who asked for one. */
export function exitCodeOfRun({ outcome }: RunState): number {
  return outcome === 'succeeded' || outcome === 'aborted' ? EXIT.done : EXIT.failed;
}
