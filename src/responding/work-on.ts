import type { CommandContext, Reply } from '../contracts.ts';
import { renderActor } from '../domain/actor.ts';
import { type IncidentState, type IncidentView, isResolved } from '../domain/incident.ts';
import type { IncidentEventDraft } from '../domain/incident-events.ts';
import type { Json } from '../domain/plan.ts';
import { DrError } from '../errors.ts';
import { utc } from '../views/run.ts';
import { findIncident } from './find-incident.ts';

export interface Worked<D> {
  incident: string;
  /** With what was recorded in it. */
  view: IncidentView;
  recorded: D;
}

/**
 * The one way in which commands change an incident: who acts is checked, the incident is found, and `decide` is asked anew when somebody
 * else was faster. @throws DrError ACCESS_DENIED, INCIDENT_NOT_FOUND, INCIDENT_STATE where it is resolved, and what `decide` throws
 */
export async function workOn<D extends IncidentEventDraft | undefined>(
  context: CommandContext,
  named: string | undefined,
  decide: (view: IncidentView) => D,
  { alsoResolved = false } = {},
): Promise<Worked<D>> {
  context.authorizeResponding();
  const { incident } = (await findIncident(context, named)).state.opening;
  const changed = await context.incidents.change(incident, (view) => {
    if (!alsoResolved) demandUnresolved(view.state);
    return decide(view);
  });
  return { incident, ...changed };
}

/** What a command answers that was told to do what is done already, or has done it. */
export function answer(
  { incident, recorded }: Omit<Worked<IncidentEventDraft | undefined>, 'view'>,
  ...lines: string[]
): Reply {
  return { ok: true, lines, data: { incident, recorded: asJson(recorded ?? null) } };
}

/** As it is written to the ledger, without what is undefined. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** @throws DrError INCIDENT_STATE */
export function demandUnresolved(state: IncidentState): void {
  if (!isResolved(state)) return;
  const { incident } = state.opening;
  const { resolved, resolvedAt = 0 } = state;
  const how = resolved === undefined ? '' : `, by ${renderActor(resolved.by)} at ${utc(resolvedAt)}`;
  throw new DrError({
    code: 'INCIDENT_STATE',
    message: `Incident ${incident} is resolved already${how}.`,
    action: `What is still to be said of it: dr note --incident ${incident} "..."`,
  });
}
