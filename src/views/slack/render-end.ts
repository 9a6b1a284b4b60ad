import { renderActor } from '../../domain/actor.ts';
import type { ChatMessage, TextFile } from '../../domain/chat-message.ts';
import type { PostContext } from '../../domain/post-context.ts';
import type { RunState } from '../../domain/run.ts';
import {
  renderCheck,
  renderConsented,
  renderEvidence,
  renderLeftRunning,
  renderReport,
  renderTimes,
  renderUnchecked,
  renderVerdict,
} from '../report.ts';
import { renderApproved, renderAsked } from '../run.ts';
import { composeMessage } from './compose-message.ts';
import { cutMarkup } from './cut-text.ts';
import { bold, escapeSentence, joinForFile, link } from './markup.ts';
import { sayBy } from './say-run.ts';

/** With more checks than this the list goes into a file; those that did not pass stay. */
const SHOWN = 10;
const LONGEST_LINE = 400;

/** How the run ended: the verdict first, then who, the times against their targets, and what was seen. */
export function renderEnd({ state, cardLink }: PostContext): ChatMessage {
  const { request } = state;
  const evidence = renderEvidence(state).map(showLine);
  return composeMessage(request.run, {
    sections: [
      [
        bold(renderVerdict(state)),
        ...renderUnchecked(state).map(showLine),
        ...renderConsented(state).map(bold),
        ...sayPeople(state),
      ],
      [...renderTimes(state), ...renderLeftRunning(state)].map(showLine),
      [...evidence, ...showChecks(state)],
    ].filter((lines) => lines.length > 0),
    small: [`Run ${escapeSentence(request.run)}, ${link(cardLink, 'its card')}`],
    file: fileOf(state),
  });
}

/** Those it concerns are mentioned by it. */
function sayPeople(state: RunState): string[] {
  const { request, approval, rejected, abort } = state;
  const approvedBy = approval === undefined ? '' : ` ${renderApproved(state)}`;
  return [
    escapeSentence(`Asked for by ${renderActor(request.by)}.${approvedBy}`),
    ...(rejected === undefined ? [] : [sayBy('Rejected', rejected)]),
    ...(abort === undefined ? [] : [sayBy('Told to stop', abort)]),
  ];
}

/** What was not checked is said at the top where all is well. */
function showChecks({ checks: all = [], outcome }: RunState): string[] {
  const checks = outcome === 'succeeded' ? all.filter(({ verdict }) => verdict !== 'unchecked') : all;
  if (checks.length <= SHOWN) return checks.map((check) => showLine(renderCheck(check)));
  const toRead = checks.filter(({ verdict }) => verdict !== 'pass');
  const more = toRead.length - SHOWN;
  return [
    `${checks.length - toRead.length} of ${checks.length} checks ok; all are in the file.`,
    ...toRead.slice(0, SHOWN).map((check) => showLine(renderCheck(check))),
    ...(more > 0 ? [`and ${more} more that did not pass`] : []),
  ];
}

function showLine(line: string): string {
  return cutMarkup(escapeSentence(line.trimStart()), LONGEST_LINE);
}

/** The whole report, where the message leaves some of it out. */
function fileOf(state: RunState): TextFile | undefined {
  const { request, checks = [] } = state;
  const lines = [renderAsked(state), renderApproved(state), ...renderReport(state)];
  if (checks.length <= SHOWN && lines.every((line) => escapeSentence(line).length <= LONGEST_LINE)) return undefined;
  return {
    name: `run-${request.run}-report.txt`,
    title: `Report of run ${request.run}`,
    content: joinForFile(lines),
  };
}
