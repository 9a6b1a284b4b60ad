import { z } from 'zod';
import { Actor } from './actor.ts';
import { DataAssertion } from './data-assertion.ts';
import { HealthCheck } from './health-check.ts';
import { Check, Json, Plan, Refusal } from './plan.ts';

/**
 * Everything that can happen to a run, as written to its stream. Events are never edited: a changed shape gets a new type
 * or version, and old shapes stay readable for ever.
 */

/** An error as facts: what the ledger keeps of it. */
export const ErrorRecord = z.object({ code: z.string(), message: z.string(), action: z.string() });
export type ErrorRecord = z.infer<typeof ErrorRecord>;

/** One step with its parameters filled in; the runbook is copied into the run, so editing the file changes no run in flight. */
export const RunStep = z.object({
  id: z.string(),
  uses: z.string(),
  with: z.record(z.string(), Json),
  timeoutMs: z.number(),
});
export type RunStep = z.infer<typeof RunStep>;

/** Where in the chat something was asked for. */
export const Origin = z.object({
  /** Slack's id of the channel or direct message. */
  channel: z.string(),
  /** Slack's id of the delivery: the same one never makes two runs. */
  delivery: z.string(),
});
export type Origin = z.infer<typeof Origin>;

export const RunRequest = z.object({
  run: z.string(),
  /** The installation whose Redis this stream was first written to. */
  installation: z.string(),
  /** The command line that asked for it. */
  command: z.string(),
  runbook: z.object({ name: z.string(), title: z.string(), hash: z.string(), deadlineMs: z.number() }),
  params: z.record(z.string(), Json),
  target: z.object({ cluster: z.string(), namespace: z.string() }),
  steps: z.array(RunStep),
  /** The runbook's health checks for this namespace; none: health is not checked, and that is said. */
  health: z.array(HealthCheck).default([]),
  /** Likewise its assertions about the data. */
  data: z.array(DataAssertion).default([]),
  by: Actor,
  origin: Origin.optional(),
});
export type RunRequest = z.infer<typeof RunRequest>;

/** `at` is milliseconds since 1970; `eid` makes an append idempotent. */
function event<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.object({ type: z.literal(type), v: z.literal(1), eid: z.string(), at: z.number(), ...shape });
}

const attempt = { step: z.string(), attempt: z.number().int().positive() };

const Requested = event('run.requested', { request: RunRequest });
const Planned = event('run.planned', { plan: Plan });
const Refused = event('run.refused', { refusals: z.array(Refusal), plan: Plan.optional() });
const Approved = event('run.approved', {
  by: Actor,
  digest: z.string(),
  breakGlass: z.boolean(),
  reason: z.string().optional(),
});
const Rejected = event('run.rejected', { by: Actor, reason: z.string() });
const Expired = event('run.expired', {});
/** Takes the target's lease. */
const Started = event('run.started', { worker: z.string() });
/** Written before `apply`: whoever finds it without an outcome must observe first. */
const StepStarted = event('step.started', { ...attempt, worker: z.string(), key: z.string() });
const StepAdopted = event('step.adopted', { ...attempt, worker: z.string() });
const StepSucceeded = event('step.succeeded', { ...attempt, evidence: z.string() });
const StepFailed = event('step.failed', { ...attempt, error: ErrorRecord });
/** Waits for a human; keeps the lease. */
const Parked = event('run.parked', { error: ErrorRecord, voidsApproval: z.boolean() });
const Retried = event('run.retried', { by: Actor });
const AbortRequested = event('run.abort-requested', { by: Actor, reason: z.string() });
const Aborted = event('run.aborted', { leftRunning: z.array(z.string()) });
const Succeeded = event('run.succeeded', { checks: z.array(Check) });
const Failed = event('run.failed', { error: ErrorRecord, checks: z.array(Check) });

const Ordinary = z.discriminatedUnion('type', [
  Requested,
  Planned,
  Refused,
  Approved,
  Rejected,
  Expired,
  Started,
  StepStarted,
  StepAdopted,
  StepSucceeded,
  StepFailed,
  Parked,
  Retried,
  AbortRequested,
  Aborted,
  Succeeded,
  Failed,
]);

/** The run was found again from the object it had created, after its own stream was lost. Takes the lease. */
const Recovered = event('run.recovered', {
  /** The events as the object carried them, up to the apply that created it. */
  record: z.array(Ordinary),
  installation: z.string(),
  /** Where it was found, as `Restore velero/dr-...`. */
  from: z.string(),
});

export const RunEvent = z.discriminatedUnion('type', [...Ordinary.options, Recovered]);
export type RunEvent = z.infer<typeof RunEvent>;
export type RunRecord = z.infer<typeof Ordinary>[];
export const RunRecord = z.array(Ordinary);

const TERMINAL = ['run.refused', 'run.rejected', 'run.expired', 'run.aborted', 'run.succeeded', 'run.failed'];

/** After these nothing more happens to the run, and its lease is free. */
export function isTerminalEvent(type: string): boolean {
  return TERMINAL.includes(type);
}

/** What an event does to the target's lease, in the same atomic write. */
export function leaseChange(type: string): 'take' | 'free' | 'none' {
  if (type === 'run.started' || type === 'run.recovered') return 'take';
  return isTerminalEvent(type) ? 'free' : 'none';
}

export type RunEventType = RunEvent['type'];
/** An event before `v`, `eid` and `at` are stamped on it. */
export type RunEventDraft = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, 'v' | 'eid' | 'at'>
    : never
  : never;
