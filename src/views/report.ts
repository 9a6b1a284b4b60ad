import { renderActor } from '../domain/actor.ts';
import { formatDuration } from '../domain/duration.ts';
import type { Check } from '../domain/plan.ts';
import type { RunState } from '../domain/run.ts';

/** The recovery time target of the procedures this runs (RTO): 15 minutes. */
const RTO_MS = 15 * 60_000;

/** How a run ended: the verdict first, and only what was seen. */
export function renderReport(state: RunState): string[] {
  return [
    verdictOf(state),
    ...renderTimes(state),
    ...renderEvidence(state),
    ...(state.checks ?? []).map(renderCheck),
    ...renderLeftRunning(state),
  ];
}

function verdictOf(state: RunState): string {
  const { request, checks = [], error } = state;
  const { namespace } = request.target;
  switch (state.outcome) {
    case 'succeeded':
      return `RECOVERED and verified: ${namespace}, ${checks.filter(({ verdict }) => verdict === 'pass').length} checks passed.${describeUnchecked(checks)}`;
    case 'failed':
      return `NOT RECOVERED: ${error?.message ?? 'a step failed'} Next: ${error?.action ?? 'look at the steps'}`;
    case 'refused':
      return `REFUSED, nothing was changed: ${(state.refusals ?? []).map(({ message, action }) => `${message} Next: ${action}`).join(' ')}`;
    case 'aborted':
      return `ABORTED by ${state.abort === undefined ? 'somebody' : renderActor(state.abort.by)}; ${namespace} is not verified.`;
    case 'rejected':
      return 'REJECTED, nothing was changed.';
    case 'expired':
      return 'EXPIRED: nobody approved the plan within 30 minutes; nothing was changed.';
    default:
      return 'Not over yet.';
  }
}

function describeUnchecked(checks: readonly Check[]): string {
  const unchecked = checks.filter(({ verdict }) => verdict === 'unchecked');
  return unchecked.length === 0 ? '' : ` NOT checked: ${unchecked.map(({ name }) => name).join(', ')}.`;
}

function renderTimes({ requestedAt, approval, endedAt, outcome }: RunState): string[] {
  if (endedAt === undefined || outcome !== 'succeeded') return [];
  const whole = endedAt - requestedAt;
  const judged = whole <= RTO_MS ? 'within' : 'OVER';
  const approved = approval === undefined ? '' : `, ${formatDuration(endedAt - approval.at)} from the approval`;
  return [`Took ${formatDuration(whole)} from the request${approved}: ${judged} the 15 min target.`];
}

function renderEvidence({ request, steps }: RunState): string[] {
  return request.steps.flatMap(({ id }) => {
    const step = steps.get(id);
    if (step?.outcome === 'succeeded') return [`  ${id}: ${step.evidence}`];
    if (step?.outcome === 'failed') return [`  ${id}: FAILED: ${step.error?.message}`];
    return step === undefined ? [] : [`  ${id}: started, its outcome is not known`];
  });
}

function renderCheck({ name, verdict, detail }: Check): string {
  return `  ${verdict === 'pass' ? 'ok  ' : verdict === 'fail' ? 'FAIL' : 'not checked'} ${name}: ${detail}`;
}

function renderLeftRunning({ outcome, leftRunning = [] }: RunState): string[] {
  if (outcome !== 'aborted') return [];
  return leftRunning.length === 0 ? ['Nothing of it goes on.'] : leftRunning.map((line) => `  still going on: ${line}`);
}
