import type { CommandContext } from '../contracts.ts';
import type { RunRequest } from '../domain/run-events.ts';
import { coerceError } from '../errors.ts';
import { findIncident, incidentHere } from './find-incident.ts';

/** The option of every command that begins a run. */
export const RUN_INCIDENT_OPTION = {
  incident: { type: 'text', help: 'The incident it belongs to; without it, the one whose room this is, if any.' },
} as const;

/** The incident that is named, which must be there. @throws DrError INCIDENT_NOT_FOUND, ACCESS_DENIED, before anything is begun */
export async function namedIncident(context: CommandContext, named: string | undefined): Promise<string | undefined> {
  return named === undefined ? undefined : (await findIncident(context, named)).state.opening.incident;
}

/**
 * Begins a run, and writes it down in its incident before: that named, else the one whose room this is. A link that fails stops no
 * recovery; then the lines say so.
 */
export async function beginRun(
  context: CommandContext,
  request: RunRequest,
  incident: string | undefined,
): Promise<{ run: string; lines: string[] }> {
  const lines = await linkRun(context, request, incident);
  return { run: await context.runs.begin(request), lines };
}

async function linkRun(context: CommandContext, request: RunRequest, named: string | undefined): Promise<string[]> {
  const { run, command } = request;
  try {
    const incident = named ?? (await incidentHere(context));
    if (incident === undefined) return [];
    await context.incidents.change(incident, ({ state }) =>
      state.foreign !== undefined || state.runs.some((it) => it.run === run)
        ? undefined
        : ({ type: 'incident.run-linked', run, command, by: context.actor } as const),
    );
    return [`It belongs to incident ${incident}.`];
  } catch (thrown) {
    return [
      `It could not be written down in its incident (${coerceError(thrown).message}); the run goes on all the same.`,
    ];
  }
}
