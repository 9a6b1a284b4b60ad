import { type IncidentState, isResolved } from '../domain/incident.ts';
import type { IncidentEventDraft } from '../domain/incident-events.ts';
import {
  type DueFact,
  type NextForIncident,
  nextForIncident,
  RTO_MS,
  type Wanted,
} from '../domain/next-for-incident.ts';
import { coerceError, DrError } from '../errors.ts';
import { editMessages } from './edit-incident.ts';
import type { IncidentDeps, IncidentMemory } from './incident-deps.ts';
import { openRecorder } from './incident-recorder.ts';
import {
  applyEffect,
  beginEffects,
  isKnownLost,
  lookForEffect,
  mustLook,
  type Performing,
  readyAt,
} from './perform-effect.ts';
import { runStream } from './record.ts';
import { describeIncident, nextTickAt, tickAt } from './render-effect.ts';
import { listReadTimes, listUnread, readPage } from './watch-pages.ts';

/** How long the loop waits at most for what is under way before it looks again, ms: somebody may have acknowledged meanwhile. */
const LOOK_MS = 500;
const RETRY_MS = 1_000;
const EDIT = 'edit';
const EDIT_RETRY_MS = 5_000;
const BACKUP = 'backup';
/** How often the card tells how far a run at work is, ms. */
const RUN_LOOK_MS = 10_000;
/** How long what is known of the newest backup is believed, ms; later it matters less. */
const BACKUP_MS = 60_000;
const LATER_BACKUP_MS = 5 * 60_000;

/** What a look has come to: the last entry it saw, and when it is worth to look again (ms since 1970) though nothing was recorded. */
export interface IncidentRest {
  seen: string;
  until: number;
}

/**
 * The loop of an incident: reads the ledger, asks the decider, does all that is outstanding side by side, records; until nothing is left
 * to do now or `signal` aborts. What has failed is left for later: no slot of the worker waits for a Slack that is down.
 */
export async function driveIncident(
  deps: IncidentDeps,
  memory: IncidentMemory,
  stream: string,
  signal: AbortSignal,
): Promise<IncidentRest | undefined> {
  const flight = new Map<string, Promise<void>>();
  try {
    const recorder = await openRecorder(deps, stream);
    await refuseForeign(deps, recorder.view().state.opening.installation, stream);
    const doing: Performing = { deps, recorder, memory, signal };
    let rest: IncidentRest | undefined;
    while (!signal.aborted && rest === undefined) rest = await lookOnce(doing, flight);
    return rest;
  } finally {
    await Promise.all(flight.values());
  }
}

async function lookOnce(doing: Performing, flight: Map<string, Promise<void>>): Promise<IncidentRest | undefined> {
  const { deps, recorder, signal } = doing;
  try {
    const { state } = await recorder.refresh();
    const next = nextForIncident(state, deps.clock.now(), deps.settings);
    for (const fact of next.facts) await recordFact(doing, fact);
    if (next.facts.length > 0) return undefined;
    await startReady(doing, next, flight);
    if (!state.over) {
      await startEdit(doing, flight);
      startBackup(doing, flight);
      startReading(doing, flight);
    }
    if (flight.size === 0) return await comeToRest(doing, next);
    await Promise.race([...flight.values(), deps.clock.sleep(LOOK_MS, signal)]);
  } catch (thrown) {
    const error = coerceError(thrown);
    if (!error.retryable) throw error;
    deps.onTrouble(error);
    await deps.clock.sleep(RETRY_MS, signal);
  }
  return undefined;
}

/** Begins everything that is outstanding, not under way and not waiting for its next attempt. */
async function startReady(doing: Performing, next: NextForIncident, flight: Map<string, Promise<void>>): Promise<void> {
  const now = doing.deps.clock.now();
  const isReady = (it: Wanted) => !flight.has(it.key) && readyAt(doing, it) <= now;
  const ready = next.wanted.filter(isReady);
  const looked = ready.filter((it) => mustLook(doing, it));
  const fresh = ready.filter((it) => !looked.includes(it) && !isKnownLost(doing, it));
  const launch = (wanted: Wanted, work: () => Promise<void>) => track(flight, doing, wanted.key, work);
  for (const wanted of looked) launch(wanted, () => lookThenApply(doing, wanted));
  for (const wanted of ready.filter((it) => isKnownLost(doing, it))) launch(wanted, () => applyEffect(doing, wanted));
  if (!(await beginEffects(doing, fresh))) return;
  for (const wanted of fresh) launch(wanted, () => applyEffect(doing, wanted));
}

async function lookThenApply(doing: Performing, wanted: Wanted): Promise<void> {
  if (!(await lookForEffect(doing, wanted))) return;
  if (await beginEffects(doing, [wanted])) await applyEffect(doing, wanted);
}

/** A ledger that is away ends the effect, not the process: the loop meets it too, and waits. */
function track(flight: Map<string, Promise<void>>, { deps }: Performing, key: string, work: () => Promise<void>): void {
  const done = work()
    .catch((thrown: unknown) => deps.onTrouble(coerceError(thrown)))
    .finally(() => flight.delete(key));
  flight.set(key, done);
}

/** Where nothing has changed since all messages were right, none is looked at. */
async function startEdit(doing: Performing, flight: Map<string, Promise<void>>): Promise<void> {
  const { deps, memory } = doing;
  if (flight.has(EDIT) || !deps.settings.chat || (memory.retries.get(EDIT)?.at ?? 0) > deps.clock.now()) return;
  const stamp = await stampNow(doing);
  if (stamp === memory.edited) return;
  track(flight, doing, EDIT, async () => {
    try {
      const nextAt = await editMessages(doing);
      if (nextAt === undefined) memory.edited = stamp;
      defer(memory, EDIT, nextAt);
    } catch (thrown) {
      const error = coerceError(thrown);
      defer(memory, EDIT, deps.clock.now() + (error.retryAfterMs ?? EDIT_RETRY_MS));
      throw error;
    }
  });
}

function defer({ retries }: IncidentMemory, key: string, at: number | undefined): void {
  if (at === undefined) retries.delete(key);
  else retries.set(key, { at, failures: 0 });
}

/** What the messages show depends on: the incident, its runs, the minute, and what is known of the backup. */
async function stampNow({ deps, recorder, memory }: Performing): Promise<string> {
  const { state, entries } = recorder.view();
  const runs = state.runs.map(({ run }) => runStream(run));
  const ids = runs.length === 0 ? [] : [...(await deps.ledger.lastIds(runs)).values()];
  const look = memory.runsAtWork ? Math.floor(deps.clock.now() / RUN_LOOK_MS) : '';
  return [entries.at(-1)?.id, tickAt(state, deps.clock.now()), memory.backup?.text, look, ...ids].join(' ');
}

/** How pages stand in PagerDuty, where nothing has been heard of them for a while. */
function startReading(doing: Performing, flight: Map<string, Promise<void>>): void {
  for (const page of listUnread(doing)) {
    const key = `read ${page.key}`;
    if (!flight.has(key)) track(flight, doing, key, () => readPage(doing, page));
  }
}

/** What the cluster says of the newest backup is looked up beside everything else, and shown once it is known. */
function startBackup(doing: Performing, flight: Map<string, Promise<void>>): void {
  const { deps, recorder, memory, signal } = doing;
  const view = recorder.view();
  const { declaredAt, opening } = view.state;
  const now = deps.clock.now();
  const isKnown = memory.backup !== undefined && memory.backup.until > now;
  if (flight.has(BACKUP) || isKnown || opening.target === undefined || isResolved(view.state)) return;
  const asked = deps.describeBackup(view, signal);
  // The next look asks again: no look is worth it by itself.
  if (asked === 'busy') return;
  memory.backup = { text: memory.backup?.text, until: now + BACKUP_MS };
  track(flight, doing, BACKUP, async () => {
    const text = await asked;
    const believedMs = now < declaredAt + RTO_MS ? BACKUP_MS : LATER_BACKUP_MS;
    memory.backup = { text, until: deps.clock.now() + believedMs };
  });
}

/** Nothing is under way: it rests until something is recorded, or its time comes. All that was resolved and done is over. */
async function comeToRest(doing: Performing, next: NextForIncident): Promise<IncidentRest | undefined> {
  const { deps, recorder, memory } = doing;
  const { state, entries } = recorder.view();
  const seen = entries.at(-1)?.id ?? '';
  const edit = memory.retries.get(EDIT)?.at;
  const retries = [...next.wanted.map((it) => readyAt(doing, it)), ...(edit === undefined ? [] : [edit])];
  if (isResolved(state) && !state.over && next.wanted.length === 0 && retries.length === 0) {
    await recorder.record((view) => (view.state.over ? undefined : { type: 'incident.ended' }));
    return undefined;
  }
  const reads = deps.settings.pager.rest && !state.over ? listReadTimes(state, memory) : [];
  const tick = deps.settings.chat && !state.over ? nextLookAt(doing) : undefined;
  const times = [next.until, ...retries, ...reads, ...(tick === undefined ? [] : [tick])];
  return { seen, until: state.over ? Number.POSITIVE_INFINITY : Math.min(...times) };
}

/** When its messages say something new though nothing is recorded: the minute is full, or a run at work has got on. */
function nextLookAt({ deps, recorder, memory }: Performing): number | undefined {
  const now = deps.clock.now();
  const tick = nextTickAt(recorder.view().state, now);
  return memory.runsAtWork ? Math.min(tick ?? Number.POSITIVE_INFINITY, now + RUN_LOOK_MS) : tick;
}

/** What time alone made a fact; the draft is what people are shown, so it is kept as it was then. */
async function recordFact(doing: Performing, fact: DueFact): Promise<void> {
  const draft: IncidentEventDraft =
    fact.type === 'slot.drafted'
      ? { ...fact, text: doing.deps.draftUpdate(await describeIncident(doing)) }
      : { ...fact };
  await doing.recorder.record(({ state }) => (isKnown(state, fact) ? undefined : draft));
}

function isKnown(state: IncidentState, fact: DueFact): boolean {
  return fact.type === 'slot.drafted' ? state.slots.has(fact.slot) : state.marks.has(fact.percent);
}

/** A stream that another installation wrote is not ours to drive. */
async function refuseForeign({ ledger }: IncidentDeps, owner: string, stream: string): Promise<void> {
  const installation = await ledger.installation();
  if (owner === installation) return;
  throw new DrError({
    code: 'LEDGER_FOREIGN',
    message: `${stream} belongs to installation ${owner}; this is ${installation}.`,
    action: 'Point REDIS_URL at the Redis that belongs to this Muster.',
  });
}
