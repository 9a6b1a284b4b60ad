import type { CommandContext } from '../contracts.ts';
import { formatDuration } from '../domain/duration.ts';
import type { IncidentView } from '../domain/incident.ts';
import { parseIncidentName } from '../domain/incident-name.ts';
import { roomOf } from '../domain/incident-room.ts';
import { isShownTo } from '../domain/private-incident.ts';
import { DrError } from '../errors.ts';
import { disarm } from '../views/slack/markup.ts';

/** The option of every command that is about one incident. */
export const INCIDENT_OPTION = {
  incident: {
    type: 'text',
    help: 'Its id or its room; without it, the incident whose room this is, else the only open one.',
  },
} as const;

/** How far back a room is looked for by its name. */
const LOOKED_AT = 500;
/** More open incidents than these are not read. */
const LISTED = 10;

type Asking = Pick<CommandContext, 'incidents' | 'actor' | 'policy' | 'origin' | 'clock'>;

/**
 * The incident that is meant: the one that is named, else that of the room in which it was asked, else the only open one.
 * @throws DrError INCIDENT_NOT_FOUND, which lists those to choose from; ACCESS_DENIED for a private one that is not to be shown here
 */
export async function findIncident(context: Asking, named: string | undefined): Promise<IncidentView> {
  const view = named === undefined ? await findUnnamed(context) : await findNamed(context, named);
  if (mayShow(context, view)) return view;
  throw new DrError({
    code: 'ACCESS_DENIED',
    message: `Incident ${view.state.opening.incident} is private.`,
    action: 'Ask in its room, or whoever declared it.',
  });
}

/** The incident whose room the command was typed in. */
export async function incidentHere({ incidents, origin }: Pick<Asking, 'incidents' | 'origin'>) {
  return origin === undefined ? undefined : await incidents.ofChannel(origin.channel);
}

export function mayShow(
  { actor, policy, origin }: Omit<Asking, 'clock' | 'incidents'>,
  { state }: IncidentView,
): boolean {
  return isShownTo(state, { actor, policy, channel: origin?.channel });
}

async function findNamed({ incidents }: Asking, text: string): Promise<IncidentView> {
  const name = parseIncidentName(text);
  if (name === undefined) throw notFound(`"${disarm(text).slice(0, 80)}" is no incident's id and no incident's room.`);
  if ('incident' in name) return incidents.read(name.incident);
  const views = 'room' in name ? await incidents.list(LOOKED_AT) : [];
  const incident =
    'channel' in name
      ? await incidents.ofChannel(name.channel)
      : views.find(({ state }) => roomOf(state)?.name === name.room)?.state.opening.incident;
  if (incident === undefined) throw notFound('This channel is no room of an incident.');
  return incidents.read(incident);
}

async function findUnnamed(context: Asking): Promise<IncidentView> {
  const here = await incidentHere(context);
  if (here !== undefined) return context.incidents.read(here);
  const open = await context.incidents.open();
  const [only] = open;
  if (only !== undefined && open.length === 1) return only;
  if (only === undefined) {
    throw new DrError({
      code: 'INCIDENT_NOT_FOUND',
      message: 'No incident is open.',
      action: 'Declare one: dr declare "what is wrong"; or see those that were: dr incidents --all',
    });
  }
  throw new DrError({
    code: 'INCIDENT_NOT_FOUND',
    message: `${open.length} incidents are open: ${listOpen(context, open).join('; ')}.`,
    action: sayWhich(open.find((view) => mayShow(context, view))),
  });
}

/** One that may not be shown is nothing to go on with. */
function sayWhich(view: IncidentView | undefined): string {
  return view === undefined
    ? 'All are private: ask in the room of the one that you mean, or whoever declared it.'
    : `Say which, such as: --incident ${view.state.opening.incident}`;
}

/** One clause for each. */
export function listOpen(context: Asking, views: readonly IncidentView[]): string[] {
  const shown = views.slice(0, LISTED).map((view) => {
    const { opening, severity, declaredAt } = view.state;
    const title = mayShow(context, view) ? disarm(opening.title).slice(0, 80) : 'private';
    return `${opening.incident} (${severity}, ${title}, ${formatDuration(context.clock.now() - declaredAt)} ago)`;
  });
  return views.length > LISTED ? [...shown, `${views.length - LISTED} more`] : shown;
}

function notFound(message: string): DrError {
  return new DrError({ code: 'INCIDENT_NOT_FOUND', message, action: 'List the incidents there are: dr incidents' });
}
