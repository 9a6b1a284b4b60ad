import { type IncidentState, isResolved } from '../../domain/incident.ts';
import type { IncidentContext } from '../../domain/incident-context.ts';
import { effectOf } from '../../domain/incident-effects.ts';
import { type IncidentEvent, isIncidentEvent } from '../../domain/incident-events.ts';
import { RTO_MS } from '../../domain/next-for-incident.ts';
import { isOver } from '../../domain/run.ts';
import { renderVerdict } from '../report.ts';
import { standOf } from '../run.ts';
import { cutPlain } from '../slack/cut-text.ts';
import { disarmIncident } from '../slack/incident/disarm-incident.ts';
import { disarmValue } from '../slack/markup.ts';
import { renderCount } from './alerts.ts';
import { oneLine } from './line.ts';
import { isUntaken } from './pages.ts';
import { proposeRun } from './runs.ts';
import { type IncidentShown, showIncident } from './shown.ts';
import { nameIncident } from './stand.ts';
import { describeFact } from './timeline-facts.ts';
import { countOf, minuteOf } from './times.ts';

/** It is edited in a field that takes 3,000 characters. */
const LONGEST = 2_900;
const LONGEST_LINE = 300;
const ACTIONS = 8;

/** A status update made of what is recorded, as text that Post posts; what is not known is said to be unknown. */
export function renderDraft(context: IncidentContext): string {
  const shown = disarmIncident(showIncident(context));
  const lines = [
    ...renderStanding(shown),
    ...renderActions(shown, context),
    `Next steps: ${listNext(shown).join('; ') || 'unknown, nobody has recorded any.'}`,
    `Estimate: ${renderEstimate(shown)}`,
  ];
  return cutPlain(lines.map((line) => cutPlain(oneLine(line), LONGEST_LINE)).join('\n'), LONGEST);
}

/** Only what was verified is called so, with the run that did. */
function renderStanding({ state, alerts, runs, asOf }: IncidentShown): string[] {
  const counted = alerts.firing + alerts.resolved === 0 ? 'no alert belongs to it' : `alerts: ${renderCount(alerts)}`;
  const verified = runs.filter((it) => it.state.outcome === 'succeeded');
  return [
    `Current status: ${cutPlain(nameIncident(state), 200)} (T+${countOf(asOf - state.declaredAt)}; ${counted})`,
    ...verified.map((it) => `Verified by run ${it.state.request.run}: ${renderVerdict(it.state)}`),
    ...(verified.length === 0 ? ['No recovery has been verified.'] : []),
  ];
}

function renderActions(shown: IncidentShown, { view }: IncidentContext): string[] {
  const last = shown.state.updates.at(-1)?.at;
  const since = last ?? -1;
  const happened = view.entries.flatMap(({ event }) => {
    if (!isIncidentEvent(event) || event.at <= since || !isAction(event)) return [];
    return [{ at: event.at, text: describeFact(disarmValue(event), shown.state) }];
  });
  const ended = shown.runs.flatMap(({ state }) => {
    const { endedAt, request } = state;
    if (endedAt === undefined || endedAt <= since) return [];
    return [{ at: endedAt, text: `Run ${request.run}: ${renderVerdict(state)}` }];
  });
  const all = [...happened, ...ended].sort((a, b) => a.at - b.at);
  const left = all.length - ACTIONS;
  const name = `Actions since ${minuteOf(last ?? shown.state.declaredAt)}:`;
  if (all.length === 0) return [`${name} none is recorded.`];
  return [
    name,
    ...(left > 0 ? [`- ${left} more, see the timeline`] : []),
    ...all.slice(-ACTIONS).map(({ at, text }) => `- ${minuteOf(at)} ${text}`),
  ];
}

const ACTS: string[] = [
  'note.added',
  'severity.changed',
  'role.assigned',
  'incident.run-linked',
  'page.asked',
  'page.changed',
  'incident.mitigated',
  'incident.resolved',
] satisfies IncidentEvent['type'][];

/** What somebody did about it, or Muster did so that somebody would. */
function isAction(event: IncidentEvent): boolean {
  if (event.type === 'effect.done')
    return ['page', 'page-by-event', 'page-aloud', 'open-room'].includes(effectOf(event.key).name);
  if (event.type === 'incident.pager-noticed') return /acknowledged|escalated|reassigned/.test(event.notice.type);
  return ACTS.includes(event.type);
}

function listNext(shown: IncidentShown): string[] {
  const { state, runs, alerts } = shown;
  if (isResolved(state)) return ['none, it is resolved'];
  const atWork = runs.filter((it) => !isOver(it.state));
  const proposed = proposeRun(shown);
  return [
    ...([...state.pages.values()].some((page) => isUntaken(state, page)) ? ['somebody has to take the page'] : []),
    ...atWork.map((it) => `run ${it.state.request.run} (${it.state.request.runbook.title}) is ${standOf(it.state)}`),
    ...(proposed === undefined ? [] : [`proposed: ${proposed.what}`]),
    ...(alerts.firing === 0 && alerts.resolved > 0 ? ['all alerts are resolved: decide whether it is over'] : []),
  ];
}

function renderEstimate({ state, runs, asOf }: IncidentShown): string {
  const target = sayTarget(state, asOf);
  const atWork = runs.filter((it) => !isOver(it.state) && it.progress !== undefined);
  if (atWork.length === 0) return `unknown${target}`;
  const known = atWork.map((it) => `run ${it.state.request.run}: ${it.progress}`);
  return `unknown; so far ${known.join('; ')}${target}`;
}

function sayTarget(state: IncidentState, asOf: number): string {
  if (state.mitigatedAt !== undefined || isResolved(state)) return '.';
  const end = state.declaredAt + RTO_MS;
  return `; the 15 min target ${end < asOf ? 'ended' : 'ends'} at ${minuteOf(end)}.`;
}
