import type { ChatMessage } from '../../domain/chat-message.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { PostContext } from '../../domain/post-context.ts';
import { isOver, type RunState, type StepState } from '../../domain/run.ts';
import { partsOf } from '../plan.ts';
import { renderEvidence, renderLeftRunning, renderTimes, renderVerdict } from '../report.ts';
import { RECORDED, renderApproved, renderAsked, renderNext, renderRecovered, renderSteps, standOf } from '../run.ts';
import { abortButton, detailsButton } from './buttons.ts';
import { composeMessage } from './compose-message.ts';
import { bold, escapeSentence } from './markup.ts';
import { clock, expiryOf, isWaiting, nameRun, sayBy } from './say-run.ts';

/** Where the run stands, edited in place: from the moment it is recorded to its verdict. */
export function renderCard({ state, progress }: PostContext): ChatMessage {
  const head = `${nameRun(state)}: ${bold(standOf(state))}`;
  const body = isOver(state) ? renderEnd(state) : [foldPlan(state), renderCourse(state, progress)];
  return composeMessage(state.request.run, {
    sections: [[head], ...body.filter((lines) => lines.length > 0)],
    small: [renderAsked(state), ...renderRecovered(state)].map(escapeSentence),
    buttons: [...(isOver(state) || state.abort !== undefined ? [] : [abortButton(state)]), detailsButton(state)],
  });
}

/** Line 1 the verdict, line 2 the backup and what is lost, line 3 what will NOT change; an approved plan needs no verdict. */
function foldPlan({ request, plan, plannedAt = 0, approval }: RunState): string[] {
  if (plan === undefined) return [];
  const { verdict, unproven, loss, keeps, checks } = partsOf(request, plan);
  const counted = checks.map((line) => `${line} (planned ${clock(plannedAt)})`);
  return [...(approval === undefined ? [`${verdict}${unproven}`] : []), ...loss, ...keeps, ...counted].map(
    escapeSentence,
  );
}

function renderCourse(state: RunState, progress: string | undefined): string[] {
  const steps = renderSteps(state, progress, tellTime).map((line) => line.trimStart());
  return [
    ...(standOf(state) === 'planning' ? [RECORDED] : []),
    ...(isWaiting(state) ? [`Waits for approval, expires ${expiryOf(state)}.`] : []),
    ...[...(state.approval === undefined ? [] : [renderApproved(state)]), ...steps, ...renderNext(state)].map(
      escapeSentence,
    ),
  ];
}

function tellTime({ startedAt, endedAt }: StepState): string {
  return endedAt === undefined ? `since ${clock(startedAt)}` : formatDuration(endedAt - startedAt);
}

function renderEnd(state: RunState): string[][] {
  const { approval, rejected, abort } = state;
  const by = [
    ...(approval === undefined ? [] : [escapeSentence(renderApproved(state))]),
    ...(rejected === undefined ? [] : [sayBy('Rejected', rejected)]),
    ...(abort === undefined ? [] : [sayBy('Told to stop', abort)]),
  ];
  const seen = [...renderTimes(state), ...renderEvidence(state), ...renderLeftRunning(state)];
  return [
    [bold(renderVerdict(state))],
    [
      ...by,
      ...seen.map((line) => escapeSentence(line.trimStart())),
      'Check by check: see the report below, or Details.',
    ],
  ];
}
