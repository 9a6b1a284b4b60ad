import type { Button, ChatMessage, TextFile } from '../../domain/chat-message.ts';
import { explainLabel } from '../../domain/names.ts';
import type { Plan } from '../../domain/plan.ts';
import type { PostContext } from '../../domain/post-context.ts';
import type { RunState } from '../../domain/run.ts';
import { partsOf, renderPlan } from '../plan.ts';
import { abortButton, approveButton, rejectButton } from './buttons.ts';
import { composeMessage } from './compose-message.ts';
import { cutMarkup } from './cut-text.ts';
import { bold, code, escapeSentence, joinForFile, mentionApprovers, strong } from './markup.ts';
import { clock, expiryOf, isWaiting, nameRun, sayDecision, sayGlass } from './say-run.ts';

/** Lines of one kind that a plan shows in the channel; the file beside it has all. */
const SHOWN = 8;
const LONGEST_LINE = 400;

const REPLACED = 'VOID: it was planned afresh; a newer plan is below.';

/** The plan as it is read at 3 a.m., and the question whether it may be carried out; once that is answered, who answered and when. */
export function renderPlanPost(context: PostContext): ChatMessage {
  const { state, approvers } = context;
  const { request, plan } = state;
  if (!context.current || plan === undefined) {
    const stand = context.current || plan === undefined ? sayStand(state) : REPLACED;
    return composeMessage(request.run, { sections: [[nameRun(state), strong(stand)]] });
  }
  const waiting = isWaiting(state);
  const ways = waiting ? [`Expires ${expiryOf(state)}. ${sayGlass(state, approvers.breakGlass)}`] : [];
  return composeMessage(request.run, {
    sections: [
      [
        ...(waiting ? [askApprovers(context)] : [strong(sayStand(state)), nameRun(state)]),
        ...foldPlan(state, plan, waiting),
      ],
      ways,
    ].filter((lines) => lines.length > 0),
    buttons: waiting ? [approveButton(state, plan), refuseButton(state, plan)] : [],
    file: fileOf(state, plan),
  });
}

/** Planned afresh after it had begun, a run can no longer be rejected, only aborted. */
function refuseButton(state: RunState, plan: Plan): Button {
  return state.startedAt === undefined ? rejectButton(state, plan) : abortButton(state);
}

function sayStand(state: RunState): string {
  return sayDecision(state) ?? 'It waits: see the card.';
}

/** By name: everybody else can go on sleeping. */
function askApprovers({ state, approvers }: PostContext): string {
  const refuse = state.startedAt === undefined ? 'reject' : 'abort';
  const people = mentionApprovers(approvers);
  if (people.length > 0) return `${people.join(' ')} please read this plan, then approve or ${refuse} it.`;
  const { cluster, namespace } = state.request.target;
  const involved = [namespace, state.request.params['namespace']].filter(
    (name) => typeof name === 'string' && explainLabel(name) === undefined,
  );
  const names = [...new Set(involved)].join(', ');
  const rule = `{group: approvers, may: [approve], clusters: [${JSON.stringify(cluster)}], namespaces: [${names}]}`;
  return `*Nobody may approve this in Slack.* Add to POLICY_FILE under "allow": ${code(rule)} and under "groups": ${code('approvers: {slack: [<member id>]}')}, with somebody else than who asked.`;
}

/** The verdict is a question's: it does not stand below the answer. */
function foldPlan({ request, plannedAt = 0 }: RunState, plan: Plan, waiting: boolean): string[] {
  const { verdict, unproven, refusals, loss, keeps, checks, toRead, notes, digest } = partsOf(request, plan);
  return [
    ...(waiting ? [bold(`${verdict}${unproven}`)] : []),
    ...[...refusals, ...loss, ...keeps].map(showLine),
    ...checks.map((line) => (toRead.length === 0 ? line : `${line}:`)),
    ...showSome(toRead),
    ...showSome(notes),
    escapeSentence(`${digest} of ${clock(plannedAt)}, run ${request.run}`),
  ];
}

function showLine(line: string): string {
  return cutMarkup(escapeSentence(line), LONGEST_LINE);
}

function showSome(lines: readonly string[]): string[] {
  const more = lines.length - SHOWN;
  const shown = lines.slice(0, SHOWN).map((line) => `• ${showLine(line)}`);
  return more > 0 ? [...shown, `• and ${more} more, see the file`] : shown;
}

/** The whole plan, where the message leaves some of it out. */
function fileOf({ request }: RunState, plan: Plan): TextFile | undefined {
  const lines = renderPlan(request, plan);
  const { toRead, notes } = partsOf(request, plan);
  const fits = toRead.length <= SHOWN && notes.length <= SHOWN;
  if (fits && lines.every((line) => escapeSentence(line).length <= LONGEST_LINE)) return undefined;
  const name = `${request.run}-plan-${plan.digest.slice(0, 8)}.txt`;
  return { name: `run-${name}`, title: `Plan of run ${request.run}`, content: joinForFile(lines) };
}
