import type { ChatMessage } from '../domain/chat-message.ts';
import type { IncidentState } from '../domain/incident.ts';
import type { IncidentContext } from '../domain/incident-context.ts';
import { RTO_MS } from '../domain/next-for-incident.ts';
import { isOver, type RunView } from '../domain/run.ts';
import type { Performing } from './perform-effect.ts';

/** What a message about an incident says of the time is as of a full minute since the declaration, ms; later it matters less. */
const TICK_MS = 60_000;
const LATER_TICK_MS = 5 * 60_000;
/** How long the cluster may take to say how far a step is, ms. */
const PROGRESS_LIMIT_MS = 3_000;

/** The message of this effect as it is to be shown now. */
export async function renderEffect(
  doing: Pick<Performing, 'deps' | 'recorder' | 'memory' | 'signal'>,
  key: string,
): Promise<ChatMessage> {
  return doing.deps.render(key, await describeIncident(doing));
}

export async function describeIncident(
  doing: Pick<Performing, 'deps' | 'recorder' | 'memory' | 'signal'>,
): Promise<IncidentContext> {
  const { deps, recorder, memory } = doing;
  const view = recorder.view();
  const runs = await deps.runsOf(view);
  memory.runsAtWork = runs.some(isAtWork);
  return {
    view,
    now: tickAt(view.state, deps.clock.now()),
    settings: deps.settings,
    runs: await Promise.all(runs.map(async (run) => ({ view: run, progress: await readProgress(doing, run) }))),
    backup: memory.backup?.text,
  };
}

function isAtWork({ state }: RunView): boolean {
  return state.startedAt !== undefined && !isOver(state) && state.parked === undefined;
}

/** A cluster that does not answer in time keeps no message waiting. */
async function readProgress(
  { deps, signal }: Pick<Performing, 'deps' | 'signal'>,
  run: RunView,
): Promise<string | undefined> {
  if (!isAtWork(run)) return undefined;
  return deps.progressOf(run, AbortSignal.any([signal, AbortSignal.timeout(PROGRESS_LIMIT_MS)]));
}

/** The same for a whole minute, so that a message is not edited for the passing of time alone. */
export function tickAt({ declaredAt, mitigatedAt, resolvedAt }: IncidentState, now: number): number {
  if (resolvedAt !== undefined) return resolvedAt;
  const passed = Math.max(0, now - declaredAt);
  const tick = passed < RTO_MS && mitigatedAt === undefined ? TICK_MS : LATER_TICK_MS;
  return declaredAt + Math.floor(passed / tick) * tick;
}

/** When the next minute of the recovery time is full; undefined once it is used up or no longer counts. */
export function nextTickAt(state: IncidentState, now: number): number | undefined {
  const counts = state.mitigatedAt === undefined && state.resolvedAt === undefined && now < state.declaredAt + RTO_MS;
  return counts ? tickAt(state, now) + TICK_MS : undefined;
}
