import type { CommandContext } from '../contracts.ts';
import { renderActor } from '../domain/actor.ts';
import { formatDuration } from '../domain/duration.ts';
import { type IncidentState, type IncidentView, isResolved } from '../domain/incident.ts';
import type { Json } from '../domain/plan.ts';
import { isOver } from '../domain/run.ts';
import { describeRun, standOf, utc } from '../views/run.ts';
import { disarm } from '../views/slack/markup.ts';
import { mayShow } from './find-incident.ts';
import { asJson } from './work-on.ts';

/** What commands show of incidents: the lines for people and the same for programs. */
export interface Shown {
  lines: string[];
  data: Json;
}

/** All about one incident. */
export async function showStatus(context: CommandContext, view: IncidentView): Promise<Shown> {
  const { incidents, runs, clock, signal } = context;
  const found = await incidents.runs(view);
  const known = await Promise.all(
    found.map(async (run) => ({
      view: run,
      progress: isOver(run.state) ? undefined : await runs.progress(run, signal),
    })),
  );
  const { state } = view;
  const lines = [
    `Incident ${state.opening.incident}: ${standOfIncident(state)}, ${state.severity}, ${disarm(state.opening.title)}`,
    ...[...state.roles].map(([role, user]) => `${role}: <@${user}>`),
    ...[...state.pages.values()].map(
      ({ key, status, acknowledged }) =>
        `${key}: ${status}${acknowledged === undefined ? '' : ` by ${acknowledged.by}`}`,
    ),
    ...known.map(({ view: run, progress }) => `Run ${run.state.request.run}: ${standOf(run.state)} ${progress ?? ''}`),
    `Declared ${formatDuration(clock.now() - state.declaredAt)} ago.`,
  ];
  return { lines, data: { ...describeIncident(view), runs: found.map(describeRun) } };
}

/** One line for each, newest first. */
export function showList(context: CommandContext, views: readonly IncidentView[]): Shown {
  const lines = views.map((view) => {
    const { opening, severity, declaredAt } = view.state;
    const title = mayShow(context, view) ? disarm(opening.title) : 'private';
    const age = formatDuration(context.clock.now() - declaredAt);
    return `${opening.incident}  ${severity}  ${standOfIncident(view.state)}  ${title}, ${age} ago`;
  });
  return { lines, data: views.map((view) => (mayShow(context, view) ? describeIncident(view) : describeHidden(view))) };
}

/** What happened, in order. */
export function showTimeline(_context: CommandContext, { entries }: IncidentView): Shown {
  const lines = entries.map(({ event }) => `${'at' in event ? utc(event.at) : ''} ${event.type}`);
  return { lines, data: asJson(entries.map(({ id, event }) => ({ id, ...event }))) };
}

function standOfIncident(state: IncidentState): 'open' | 'mitigated' | 'resolved' {
  if (isResolved(state)) return 'resolved';
  return state.mitigatedAt === undefined ? 'open' : 'mitigated';
}

function describeHidden({ state }: IncidentView): { [key: string]: Json } {
  const { opening, severity, declaredAt } = state;
  return {
    incident: opening.incident,
    private: true,
    state: standOfIncident(state),
    severity,
    declaredAt: utc(declaredAt),
  };
}

/** An incident for programs. */
export function describeIncident(view: IncidentView): { [key: string]: Json } {
  const { opening, roles, pages, updates, notes, failures, mitigatedAt, resolvedAt, resolved, runs } = view.state;
  const { by } = opening;
  return {
    ...describeHidden(view),
    private: opening.private,
    title: opening.title,
    service: opening.service ?? null,
    declaredBy: by.kind === 'alert' ? `${by.source}/${by.route}` : renderActor(by),
    roles: Object.fromEntries(roles),
    pages: asJson(
      [...pages.values()].map(({ key, who, status, acknowledged }) => ({ page: key, who, status, acknowledged })),
    ),
    runs: runs.map(({ run }) => run),
    updates: asJson(updates),
    notes: asJson(notes),
    alerts: {
      firing: [...failures.values()].filter(({ status }) => status === 'firing').length,
      resolved: [...failures.values()].filter(({ status }) => status === 'resolved').length,
    },
    mitigatedAt: mitigatedAt === undefined ? null : utc(mitigatedAt),
    resolvedAt: resolvedAt === undefined ? null : utc(resolvedAt),
    summary: resolved?.summary ?? null,
  };
}
