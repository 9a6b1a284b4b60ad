import { renderActor } from '../../domain/actor.ts';
import { APPROVAL_LIFE_MS } from '../../domain/approval.ts';
import { needsApproval } from '../../domain/next-for-run.ts';
import type { RunState } from '../../domain/run.ts';
import { outcomeWords } from '../outcome-words.ts';
import { renderVerdict } from '../report.ts';
import { renderApproved, utc } from '../run.ts';
import { bold, code, escapeSentence, escapeText } from './markup.ts';

/** Sentences that several of a run's messages share, as markup. Times are absolute: a message does not age. */

/** `03:04Z` */
export function clock(ms: number): string {
  return `${utc(ms).slice(11, 16)}Z`;
}

/** Which run it is about, and where. */
export function nameRun({ request: { run, runbook, target } }: RunState): string {
  return `${bold(`${runbook.title}: ${target.namespace}`)} on cluster ${escapeText(target.cluster)}, run ${escapeText(run)}`;
}

/** Whether somebody can say yes now. */
export function isWaiting(state: RunState): boolean {
  const { plan, approval, outcome, abort, parked, foreign } = state;
  const settled = [approval, outcome, abort, parked, foreign].some((it) => it !== undefined);
  return plan !== undefined && !settled && needsApproval(state);
}

export function expiryOf({ plannedAt = 0 }: RunState): string {
  return clock(plannedAt + APPROVAL_LIFE_MS);
}

/** What to do when nobody in Slack answers. */
export function sayGlass({ request, plan }: RunState, breakGlass: readonly string[]): string {
  if (plan === undefined) return '';
  const who = breakGlass.length === 0 ? 'no group may yet: see breakGlass in POLICY_FILE' : breakGlass.join(', ');
  const command = `dr approve ${request.run} ${plan.digest.slice(0, 8)} --reason "..."`;
  return `Nobody there? Break the glass in the terminal (${escapeText(who)}): ${code(command)}`;
}

/** What became of the question whether the plan may be carried out, by whom and when; undefined while it is open. */
export function sayDecision(state: RunState): string | undefined {
  const { approval, rejected, abort, parked, plan, outcome, endedAt = 0 } = state;
  if (outcome === 'refused') return escapeSentence(renderVerdict(state));
  if (outcome === 'expired') return escapeSentence(`At ${utc(endedAt)} ${renderVerdict(state)}`);
  if (rejected !== undefined) return sayBy('Rejected', rejected);
  if (plan === undefined && parked !== undefined)
    return escapeSentence(`VOID since ${utc(parked.at)}: ${parked.error.message} Next: ${parked.error.action}`);
  if (approval !== undefined) return escapeSentence(renderApproved(state));
  if (abort !== undefined) return sayBy('Told to stop', abort);
  if (plan === undefined) return 'There is no plan now: the run is planned afresh.';
  if (!needsApproval(state)) return outcomeWords(state.plan).unasked;
  return undefined;
}

type Said = NonNullable<RunState['abort']>;

export function sayBy(what: string, { by, at, reason }: Said): string {
  return escapeSentence(`${what} by ${renderActor(by)} at ${utc(at)}${reason === '' ? '.' : `: ${reason}`}`);
}
