import { renderActor } from '../domain/actor.ts';
import { counted } from '../domain/counted.ts';
import { formatDuration } from '../domain/duration.ts';
import { formatTime } from '../domain/moment.ts';
import { RPO_MS } from '../domain/objectives.ts';
import { BackupFact, type Check, SkipFact } from '../domain/plan.ts';
import type { RunState } from '../domain/run.ts';
import { outcomeWords } from './outcome-words.ts';
import { describeUnchecked, describeWithoutData, namesUnchecked } from './unproven.ts';

/** The recovery time target of the procedures this runs (RTO): 15 minutes. */
const RTO_MS = 15 * 60_000;

/** How a run ended: the verdict first, and only what was seen. */
export function renderReport(state: RunState): string[] {
  return [
    renderVerdict(state),
    ...renderUnchecked(state),
    ...renderConsented(state),
    ...renderTimes(state),
    ...renderEvidence(state),
    ...renderChecks(state),
    ...renderLeftRunning(state),
  ];
}

export function renderVerdict(state: RunState): string {
  const { request, checks = [], error } = state;
  const { namespace } = request.target;
  switch (state.outcome) {
    case 'succeeded':
      return `${outcomeWords(state.plan).done}: ${namespace}, ${counted(checks.filter(({ verdict }) => verdict === 'pass').length, 'check')} passed.${listUnchecked(state)}${describeWithoutData(state.plan)}`;
    case 'failed':
      return `${outcomeWords(state.plan).failed}: ${error?.message ?? 'a step failed'} Next: ${error?.action ?? 'look at the steps'}`;
    case 'refused':
      return `REFUSED, nothing was changed: ${(state.refusals ?? []).map(({ message, action }) => `${message} Next: ${action}`).join(' ')}`;
    case 'aborted':
      return `ABORTED by ${state.abort === undefined ? 'somebody' : renderActor(state.abort.by)}; ${namespace} is not verified.`;
    case 'rejected':
      return `REJECTED${describeRejection(state)}; nothing was changed.`;
    case 'expired':
      return 'EXPIRED: nobody approved the plan within 30 minutes; nothing was changed.';
    default:
      return 'Not over yet.';
  }
}

function describeRejection({ rejected }: RunState): string {
  if (rejected === undefined) return '';
  return ` by ${renderActor(rejected.by)}${rejected.reason === '' ? '' : ` (${rejected.reason})`}`;
}

/** What the approved plan left as it is leads the report: nobody shall think that it was restored. */
export function renderConsented({ plan, outcome }: RunState): string[] {
  if (outcome !== 'succeeded') return [];
  return (plan?.parts ?? []).flatMap(({ facts, keeps }) => {
    const { count } = SkipFact.catch({ count: 0 }).parse(facts['skip']);
    return count === 0 || keeps === null ? [] : [`As approved: ${keeps}`];
  });
}

/** Nor did anybody look later at what the restore's own plan could not. */
function uncheckedOf({ plan, checks = [] }: RunState): Check[] {
  const restoring = (plan?.parts ?? []).filter(({ effect }) => effect === 'destructive');
  const all = [...checks, ...restoring.flatMap((part) => part.checks)];
  return all.filter(({ verdict }) => verdict === 'unchecked');
}

function listUnchecked(state: RunState): string {
  const names = namesUnchecked(uncheckedOf(state));
  return names.length === 0 ? '' : ` NOT checked: ${names.join(', ')}.`;
}

/** Why something was not checked stands right below the verdict. */
export function renderUnchecked(state: RunState): string[] {
  if (state.outcome !== 'succeeded') return [];
  return [...new Set(uncheckedOf(state).map(describeUnchecked))].map((line) => `  ${line}`);
}

/** Both clocks against the recovery time target; what the human waited for is in the first. */
export function renderTimes(state: RunState): string[] {
  const { requestedAt, approval, endedAt, outcome } = state;
  if (endedAt === undefined || outcome !== 'succeeded') return [];
  const judge = (ms: number) => `${formatDuration(ms)} (${ms <= RTO_MS ? 'within' : 'OVER'} 15 min)`;
  const approved = approval === undefined ? '' : `, approved to verified ${judge(endedAt - approval.at)}`;
  return [`Requested to verified ${judge(endedAt - requestedAt)}${approved}.`, ...renderLoss(state)];
}

/** The data is as old as the backup's start; measured from the disaster, or from the request if nobody said when that was. */
function renderLoss({ plan, request, requestedAt }: RunState): string[] {
  const since = request.params['since'];
  const told = typeof since === 'string' ? Date.parse(since) : Number.NaN;
  const disaster = Number.isNaN(told) ? undefined : told;
  return (plan?.parts ?? []).flatMap(({ facts }) => {
    const { name, startTimestamp } = BackupFact.catch({}).parse(facts['backup']);
    if (name === undefined || startTimestamp === undefined) return [];
    const age = (disaster ?? requestedAt) - Date.parse(startTimestamp);
    const from = disaster === undefined ? 'the request' : `the disaster at ${formatTime(disaster)}`;
    const judged = age <= RPO_MS ? 'within' : 'OVER';
    return [
      `Data is as of ${startTimestamp} (backup ${name}), ${formatDuration(age)} before ${from} (${judged} 60 min).`,
    ];
  });
}

export function renderEvidence({ request, steps, outcome, leftRunning = [] }: RunState): string[] {
  // An abort looks at what was in flight; what still goes on is listed below.
  const inDoubt =
    outcome === 'aborted' && leftRunning.length === 0
      ? 'begun, but nothing of it took effect'
      : 'begun, its end was not seen';
  return request.steps.flatMap(({ id }) => {
    const step = steps.get(id);
    if (step?.outcome === 'succeeded') return [`  ${id}: ${step.evidence}`];
    if (step?.outcome === 'failed') return [`  ${id}: FAILED: ${step.error?.message}`];
    return step === undefined ? [] : [`  ${id}: ${inDoubt}`];
  });
}

/** What was not checked has been said at the top where all is well. */
export function renderChecks({ checks = [], outcome }: RunState): string[] {
  return checks
    .filter(({ verdict }) => verdict !== 'unchecked' || outcome !== 'succeeded')
    .map((check) => `  ${renderCheck(check)}`);
}

export function renderCheck(check: Check): string {
  if (check.verdict === 'unchecked') return describeUnchecked(check);
  return `${check.verdict === 'pass' ? 'ok  ' : 'FAIL'} ${check.name}: ${check.detail}`;
}

export function renderLeftRunning({ outcome, leftRunning = [] }: RunState): string[] {
  if (outcome !== 'aborted') return [];
  return leftRunning.length === 0 ? ['Nothing of it goes on.'] : leftRunning.map((line) => `  still going on: ${line}`);
}
