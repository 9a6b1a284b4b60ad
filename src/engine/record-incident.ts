import { randomUUID } from 'node:crypto';
import { foldIncident, type IncidentState, type IncidentView } from '../domain/incident.ts';
import { type IncidentEvent, type IncidentEventDraft, incidentOf, incidentStream } from '../domain/incident-events.ts';
import type { Entry } from '../domain/ledger.ts';
import { DrError, isDrError } from '../errors.ts';
import type { Clock, Ledger } from '../ports.ts';
import { linkTarget } from './link-run.ts';

type Recording = { ledger: Ledger; clock: Clock };

/** How often somebody else may be faster before it is given up. */
const TRIES = 50;

/** Reads and folds. @throws DrError INCIDENT_NOT_FOUND, LEDGER_UNREACHABLE */
export async function readIncident(ledger: Ledger, stream: string): Promise<IncidentView> {
  return viewOf(stream, await ledger.read(stream));
}

function viewOf(stream: string, entries: Entry[]): IncidentView {
  const state = foldIncident(entries);
  if (state !== undefined) return { stream, entries, state };
  throw new DrError({
    code: 'INCIDENT_NOT_FOUND',
    message: `There is no incident "${incidentOf(stream) ?? stream}" in the ledger that this version can read.`,
    action: 'List the incidents there are: dr incidents',
  });
}

/** Appends after what the view has seen, and answers the view with it. @throws DrError LEDGER_CONFLICT when the stream has moved */
export async function recordIncident(
  { ledger, clock }: Recording,
  view: IncidentView,
  draft: IncidentEventDraft,
): Promise<IncidentView> {
  const { stream, entries, state } = view;
  const event = stamp(clock, draft);
  const id = await ledger.append({
    ...{ stream, event, after: entries.at(-1)?.id },
    ...leaseOf(event),
    // What is learned of an incident that is over opens nothing anew.
    terminal: state.over || event.type === 'incident.ended',
  });
  return viewOf(stream, [...entries, { id, event }]);
}

/**
 * Declares: takes the failure domain, from `over` where that incident had it. Answers the view, or undefined where the stream is taken.
 * @throws DrError TARGET_HELD where another incident has the domain
 */
export async function recordDeclared(
  { ledger, clock }: Recording,
  draft: Extract<IncidentEventDraft, { type: 'incident.declared' }>,
  over: string | undefined,
): Promise<IncidentView | undefined> {
  const stream = incidentStream(draft.opening.incident);
  const event = stamp(clock, draft);
  const target = domainTarget(draft.opening.domain);
  try {
    const id = await ledger.append({
      ...{ stream, event, target, after: undefined, lease: 'take', terminal: false },
      ...(over === undefined ? {} : { over }),
    });
    return viewOf(stream, [{ id, event }]);
  } catch (thrown) {
    if (!isDrError(thrown, 'LEDGER_CONFLICT')) throw thrown;
    return undefined;
  }
}

/**
 * Reads, decides and records until nobody else was faster; records nothing where `decide` answers undefined.
 * @throws DrError INCIDENT_NOT_FOUND, LEDGER_UNREACHABLE, LEDGER_CONFLICT
 */
export async function changeIncident<D extends IncidentEventDraft | undefined>(
  deps: Recording,
  stream: string,
  decide: (view: IncidentView) => D,
): Promise<{ view: IncidentView; recorded: D }> {
  for (let tries = 1; ; tries += 1) {
    const view = await readIncident(deps.ledger, stream);
    const draft = decide(view);
    try {
      return { view: draft === undefined ? view : await recordIncident(deps, view, draft), recorded: draft };
    } catch (thrown) {
      if (!isDrError(thrown, 'LEDGER_CONFLICT') || tries >= TRIES) throw thrown;
    }
  }
}

/** What this version does not know it neither guesses at nor adds to, but for alerts: none is lost. @throws DrError INCIDENT_NEWER */
export function refuseNewer({ opening: { incident }, foreign }: IncidentState): void {
  if (foreign === undefined) return;
  throw new DrError({
    code: 'INCIDENT_NEWER',
    message: `A newer Muster wrote ${foreign} to incident ${incident}; this version keeps its hands off.`,
    action: `Use that version. What is recorded: dr export ${incident}`,
  });
}

/** The lease of a failure domain: the newest incident of it. */
export function domainTarget(domain: string): string {
  return `domain/${domain}`;
}

/** The lease of a room: the incident it belongs to, for ever. */
export function roomTarget(channel: string): string {
  return `room/${channel}`;
}

/** What belongs to the incident from now on. */
function leaseOf(event: IncidentEvent): { lease: 'take' | 'none'; target: string } {
  if (event.type === 'effect.done' && event.key === 'open-room')
    return { lease: 'take', target: roomTarget(event.result.channel ?? '') };
  if (event.type === 'incident.run-linked') return { lease: 'take', target: linkTarget(event.run) };
  return { lease: 'none', target: '' };
}

function stamp(clock: Clock, draft: IncidentEventDraft): IncidentEvent {
  return { ...draft, v: 1, eid: randomUUID(), at: clock.now() } as IncidentEvent;
}
