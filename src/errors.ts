/** Every way Muster can fail, in one table: the code an operator may search for, and what it means. */
export const ERROR_CODES = {
  CONFIG_INVALID: 'The environment, the policy file or a runbook cannot be used as written.',
  COMMAND_INVALID: 'A command could not be understood; nothing was started.',
  ACCESS_DENIED: 'The policy does not allow this actor to do this here.',
  APPROVAL_REFUSED: 'The approval does not fit: wrong run state, stale plan, expired, or not allowed.',
  RUN_NOT_FOUND: 'No run of that name is in the ledger.',
  RUN_NEWER: 'A newer Muster wrote to the run what this version does not know; it keeps its hands off.',
  RUN_STATE: 'The run is not in a state in which this can be done.',
  LEDGER_UNREACHABLE: 'Redis did not answer in time.',
  LEDGER_CONFLICT: 'Somebody else appended to the stream first.',
  LEDGER_FOREIGN: 'The stream belongs to another Muster installation.',
  INCIDENT_NOT_FOUND: 'No incident of that name is in the ledger, or none belongs to this channel.',
  INCIDENT_NEWER: 'A newer Muster wrote to the incident what this version does not know; it keeps its hands off.',
  INCIDENT_STATE: 'The incident is not in a state in which this can be done.',
  INBOX_NEWER: 'A newer Muster received an alert that this version cannot read; it waits in Redis for that one.',
  TARGET_HELD: 'Another run holds the target.',
  CLUSTER_UNKNOWN: 'No cluster (kubeconfig context) of that name is configured.',
  CLUSTER_UNREACHABLE: 'The Kubernetes API did not answer, or answered with 429 or 5xx.',
  CLUSTER_FORBIDDEN: 'The Kubernetes API refused our identity (401 or 403).',
  CLUSTER_INVALID: 'The Kubernetes API refused the object or the request (400, 404 on create, 422).',
  CLUSTER_CONFLICT: 'The object changed meanwhile (409 Conflict).',
  CLUSTER_ALREADY_EXISTS: 'An object of that name exists (409 AlreadyExists).',
  CLUSTER_NOT_SERVED: 'The API server does not serve this kind: its CRD or API version is missing.',
  CLUSTER_UNREADABLE: 'The Kubernetes API answered with something that does not fit its schema.',
  STORAGE_UNREACHABLE: 'The object storage did not answer.',
  STORAGE_MISSING: 'The object storage does not have this file (yet).',
  STORAGE_REFUSED: 'A file from object storage was not taken: foreign host, redirect, bad signature, or too large.',
  VELERO_SILENT: 'Velero did not answer a request object in time.',
  STEP_FAILED: 'A step ended in failure, as seen on its target.',
  STEP_UNKNOWN: 'It cannot be told whether a step took effect.',
  STEP_TIMEOUT: 'A step did not finish before its deadline.',
  CHAT_UNREACHABLE: 'Slack did not take a call: no connection, or it asked us to wait.',
  CHAT_UNANSWERED: 'Slack may or may not have taken a call: its answer did not come.',
  CHAT_REFUSED: 'Slack will not take this message there: no such channel, not a member, archived.',
  CHAT_FORBIDDEN: 'Slack refused our token, or a scope is missing.',
  CHAT_NAME_TAKEN: 'Slack has a channel of that name already.',
  PAGER_UNREACHABLE: 'PagerDuty did not answer, or asked us to wait.',
  PAGER_UNANSWERED: 'PagerDuty may or may not have taken a call: its answer did not come.',
  PAGER_REFUSED: 'PagerDuty refused our token, or does not know what was asked for.',
  NAME_TAKEN: 'An object with our name exists that we did not ask for.',
  PLAN_CHANGED: 'The facts changed between approval and run; the approval is void.',
  PLAN_REFUSED: 'The plan cannot be carried out safely.',
  RUNBOOK_NOT_FOUND: 'No runbook of that name is installed.',
  VERIFICATION_FAILED: 'The recovery could not be verified.',
  INTERNAL: 'A defect in Muster itself.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorFacts {
  code: ErrorCode;
  /** What happened, as one sentence. */
  message: string;
  /** What the human does next, as one sentence. */
  action: string;
  /** True where trying the same again later may work: a network fault, 429, 5xx, Redis away. */
  retryable?: boolean;
  /** How long whoever refused asks us to wait, in ms. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** The one error type: facts for the program, sentences for the human. */
export class DrError extends Error {
  readonly code: ErrorCode;
  readonly action: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor({ code, message, action, retryable = false, retryAfterMs, cause }: ErrorFacts) {
    super(message, { cause });
    this.name = 'DrError';
    this.code = code;
    this.action = action;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

/** True for a DrError of one of these codes. */
export function isDrError(error: unknown, ...codes: ErrorCode[]): error is DrError {
  return error instanceof DrError && (codes.length === 0 || codes.includes(error.code));
}

/** Anything thrown, as a DrError; what we did not foresee is INTERNAL and never retried. */
export function coerceError(thrown: unknown): DrError {
  if (thrown instanceof DrError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new DrError({
    code: 'INTERNAL',
    message: `Unexpected: ${message}`,
    action: 'Report this with the log lines around it.',
    cause: thrown,
  });
}
