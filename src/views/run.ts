import { renderActor } from '../domain/actor.ts';
import { APPROVAL_LIFE_MS } from '../domain/approval.ts';
import { formatDuration } from '../domain/duration.ts';
import { needsApproval } from '../domain/next-for-run.ts';
import type { Json } from '../domain/plan.ts';
import type { RunState, RunView, StepState } from '../domain/run.ts';
import type { RunRequest } from '../domain/run-events.ts';
import { outcomeWords } from './outcome-words.ts';
import { renderApprovalWay, renderPlan } from './plan.ts';
import { renderReport } from './report.ts';

export const RECORDED = 'Recorded; planning now.';

/** The answer to a request: within a second, before anything is known. */
export function renderRequested(
  { run, runbook, target }: RunRequest,
  holder: string | undefined,
  others: readonly RunView[],
): string[] {
  const lines = [`Run ${run}: ${runbook.title}, ${target.namespace} on cluster ${target.cluster}. ${RECORDED}`];
  if (holder !== undefined)
    lines.push(`${holder.replace(/^run-/, 'Run ')} holds this namespace: this run can be planned, but waits to start.`);
  return [...lines, ...renderOthers(others.filter(({ stream }) => stream !== holder))];
}

/** Who else asked for the same: only one of them can be started at a time, and hardly anybody wants both. */
export function renderOthers(others: readonly RunView[]): string[] {
  return others.map(({ state }) => {
    const { run, by } = state.request;
    return `Run ${run} for the same namespace is ${standOf(state)} too, asked for by ${renderActor(by)}. Not needed? dr abort ${run}`;
  });
}

/** One word for where a run stands. */
export function standOf(state: RunState): string {
  if (state.outcome !== undefined) return state.outcome;
  if (state.foreign !== undefined) return 'parked';
  if (state.abort !== undefined) return 'aborting';
  if (state.parked !== undefined) return 'parked';
  if (state.plan === undefined) return 'planning';
  if (state.approval === undefined && needsApproval(state)) return 'waiting for approval';
  return 'running';
}

/** `dr runs`: one line a run, newest first. */
export function renderRunList(views: readonly RunView[], now: number): string[] {
  if (views.length === 0) return ['No runs yet. Ask for one: dr restore namespace <namespace>'];
  return views.map(({ state }) => {
    const { run, runbook, target } = state.request;
    const age = formatDuration(now - state.requestedAt);
    return `${run}  ${standOf(state).padEnd(20)}  ${runbook.name} ${target.cluster}/${target.namespace}, ${renderActor(state.request.by)}, ${age} ago`;
  });
}

/** `dr status`: everything about one run, and what to do next. */
export function renderRun({ state }: RunView, now: number, progress: string | undefined): string[] {
  const { request, plan } = state;
  const head = `Run ${request.run}: ${standOf(state)}. ${request.runbook.title}, ${request.target.namespace} on cluster ${request.target.cluster}`;
  const asked = renderAsked(state);
  const recovered = renderRecovered(state);
  if (state.outcome !== undefined) return [head, asked, ...recovered, ...renderReport(state)];
  return [
    head,
    asked,
    ...recovered,
    ...(plan === undefined ? [] : renderPlan(request, plan)),
    ...renderApproval(state, now),
    ...renderSteps(state, progress, (step) => formatDuration((step.endedAt ?? now) - step.startedAt)),
    ...renderNext(state),
  ];
}

export function renderAsked({ request, requestedAt }: RunState): string {
  return `Asked for by ${renderActor(request.by)} at ${utc(requestedAt)}: ${request.command}`;
}

export function renderRecovered({ recovered }: RunState): string[] {
  if (recovered === undefined) return [];
  return [
    `Its ledger was lost; it was found again from ${recovered.from} at ${utc(recovered.at)}. Nothing was repeated.`,
  ];
}

function renderApproval(state: RunState, now: number): string[] {
  const { approval, plan, plannedAt = 0, request } = state;
  if (approval !== undefined) return [renderApproved(state)];
  if (plan === undefined || !needsApproval(state)) return [];
  const left = formatDuration(Math.max(0, plannedAt + APPROVAL_LIFE_MS - now));
  return [`Waits for approval, ${left} left: ${renderApprovalWay(request.run, plan)}`];
}

/** What to do with a plan, as one line. */
export function renderWay(state: RunState): string {
  if (state.plan === undefined || !needsApproval(state)) return outcomeWords(state.plan).unasked;
  return `Waits for approval: ${renderApprovalWay(state.request.run, state.plan)}`;
}

export function renderApproved({ approval }: RunState): string {
  if (approval === undefined) return 'Not approved.';
  const how = approval.breakGlass ? 'BREAK-GLASS approval' : 'Approved';
  return `${how} by ${renderActor(approval.by)} at ${utc(approval.at)}${approval.reason === undefined ? '' : `: ${approval.reason}`}`;
}

/** The steps of a started run with their marks; `tellTime`: how long a step took, or since when it is in flight. */
export function renderSteps(
  { request, steps, startedAt }: RunState,
  progress: string | undefined,
  tellTime: (step: StepState) => string,
): string[] {
  if (startedAt === undefined) return [];
  return request.steps.map(({ id, uses }) => {
    const step = steps.get(id);
    if (step === undefined) return `  [ ] ${id} (${uses})`;
    const took = tellTime(step);
    if (step.outcome === 'succeeded') return `  [x] ${id}, ${took}: ${step.evidence}`;
    if (step.outcome === 'failed') return `  [!] ${id}, ${took}: ${step.error?.message}`;
    return `  [>] ${id}, ${took}${progress === undefined ? '' : `: ${progress}`}`;
  });
}

export function renderNext(state: RunState): string[] {
  const { run } = state.request;
  if (state.foreign !== undefined)
    return [
      `A newer Muster wrote ${state.foreign} to this run; this version keeps its hands off. Next: use that version.`,
    ];
  if (state.abort !== undefined) return [`Told to stop by ${renderActor(state.abort.by)}; a worker is ending it.`];
  if (state.parked !== undefined)
    return [`Parked: ${state.parked.error.message}`, `Next: ${state.parked.error.action}`, `Stop it: dr abort ${run}`];
  return [];
}

/** A run for programs. */
export function describeRun({ state, stream }: RunView): { [key: string]: Json } {
  const { request } = state;
  return {
    run: request.run,
    stream,
    state: standOf(state),
    runbook: request.runbook.name,
    target: { cluster: request.target.cluster, namespace: request.target.namespace },
    params: request.params,
    requestedBy: renderActor(request.by),
    requestedAt: utc(state.requestedAt),
    digest: state.plan?.digest ?? null,
    approvedBy: state.approval === undefined ? null : renderActor(state.approval.by),
    recovered: state.recovered?.from ?? null,
    // What a newer Muster wrote to it: this version keeps its hands off.
    newer: state.foreign ?? null,
    steps: request.steps.map(({ id }) => ({
      id,
      outcome: state.steps.get(id)?.outcome ?? (state.steps.has(id) ? 'started' : 'waiting'),
    })),
    parked: state.parked === undefined ? null : { ...state.parked.error },
    error: state.error === undefined ? null : { ...state.error },
    refusals: (state.refusals ?? []).map((refusal) => ({ ...refusal })),
    checks: (state.checks ?? []).map((check) => ({ ...check })),
    leftRunning: state.leftRunning ?? [],
    endedAt: state.endedAt === undefined ? null : utc(state.endedAt),
  };
}

/** `2026-01-31 03:04:05Z` */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
