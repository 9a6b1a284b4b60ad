import type { CommandContext } from '../contracts.ts';
import { renderActor } from '../domain/actor.ts';
import type { IncidentView } from '../domain/incident.ts';
import type { Json } from '../domain/plan.ts';
import { isOver } from '../domain/run.ts';
import { statusOf } from '../views/incident/stand.ts';
import { renderIncidentList, renderIncidentStatus } from '../views/incident/status.ts';
import { renderTimeline } from '../views/incident/timeline.ts';
import { describeRun, utc } from '../views/run.ts';
import { disarmReply } from '../views/slack/markup.ts';
import { mayShow } from './find-incident.ts';
import { asJson } from './work-on.ts';

/** What commands show of incidents: the lines for people, whatever is in them, and the same for programs. */
export interface Shown {
  lines: string[];
  data: Json;
}

/** All about one incident; `backup`: the newest usable one of what is affected, as one sentence. */
export async function showStatus(
  { incidents, runs, clock, signal }: CommandContext,
  view: IncidentView,
  backup: string | undefined,
): Promise<Shown> {
  const found = await incidents.runs(view);
  const standing = found.map(async (run) => ({
    view: run,
    progress: isOver(run.state) ? undefined : await runs.progress(run, signal),
  }));
  const { settings } = incidents;
  const known = { view, now: clock.now(), settings, runs: await Promise.all(standing), backup };
  const data = { ...describeIncident(view), runs: found.map(describeRun), backup: backup ?? null };
  return { lines: renderIncidentStatus(known).map(disarmReply), data };
}

/** One line for each; of private ones that are not to be shown only that they are there. */
export function showList(context: CommandContext, views: readonly IncidentView[]): Shown {
  const shown = views.map((view) => (mayShow(context, view) ? view : withoutTitle(view)));
  return {
    lines: renderIncidentList(shown).map(disarmReply),
    data: views.map((view) => (mayShow(context, view) ? describeIncident(view) : describeHidden(view))),
  };
}

/** What happened, in order; `chores`: every single thing. Programs get that in any case. */
export function showTimeline(view: IncidentView, chores: boolean): Shown {
  const data = asJson(view.entries.map(({ id, event }) => ({ id, ...event })));
  return { lines: renderTimeline(view, { chores }).map(disarmReply), data };
}

function withoutTitle(view: IncidentView): IncidentView {
  const { state } = view;
  return { ...view, state: { ...state, opening: { ...state.opening, title: '(private)', service: undefined } } };
}

function describeHidden({ state }: IncidentView): { [key: string]: Json } {
  const { opening, severity, declaredAt } = state;
  return {
    incident: opening.incident,
    private: true,
    state: statusOf(state),
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
