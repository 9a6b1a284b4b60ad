import { randomUUID } from 'node:crypto';
import { isRunEntry } from '../domain/ledger.ts';
import { postsStream } from '../domain/posts.ts';
import { foldRun, type RunView } from '../domain/run.ts';
import type { RunEvent, RunEventDraft } from '../domain/run-events.ts';
import { isTerminalEvent, leaseChange } from '../domain/run-events.ts';
import { targetKey } from '../domain/target.ts';
import { DrError } from '../errors.ts';
import type { Clock, Ledger } from '../ports.ts';

export function runStream(run: string): string {
  return `run-${run}`;
}

/** Reads and folds a run. @throws DrError RUN_NOT_FOUND, RUN_NEWER where not even its first event can be read, LEDGER_UNREACHABLE */
export async function readRun(ledger: Ledger, stream: string): Promise<RunView> {
  const entries = (await ledger.read(stream)).filter(isRunEntry);
  const state = foldRun(entries);
  if (state !== undefined) return { stream, entries, state };
  const run = stream.replace(/^run-/, '');
  const [first] = entries;
  if (first?.event.type === 'foreign') throw writtenByNewer(run, first.event.wrote);
  throw new DrError({
    code: 'RUN_NOT_FOUND',
    message: `There is no run "${run}" in the ledger.`,
    action: 'List the runs there are: dr runs',
  });
}

/** What this version does not know it neither guesses at nor adds to. */
export function writtenByNewer(run: string, wrote: string): DrError {
  return new DrError({
    code: 'RUN_NEWER',
    message: `A newer Muster wrote ${wrote} to run ${run}; this version keeps its hands off.`,
    action: `Use that version. What is recorded: dr export ${run}`,
  });
}

/** Appends one event after what the view has seen. @throws DrError LEDGER_CONFLICT when the stream has moved, TARGET_HELD */
export async function record(
  deps: { ledger: Ledger; clock: Clock },
  view: RunView,
  draft: RunEventDraft,
): Promise<void> {
  await appendEvent(deps, view.stream, view.entries.at(-1)?.id, targetKey(view.state.request.target), draft);
}

/** Appends the event that begins a run's stream. @throws DrError LEDGER_CONFLICT when the stream exists already */
export async function recordFirst(
  deps: { ledger: Ledger; clock: Clock },
  draft: Extract<RunEventDraft, { type: 'run.requested' | 'run.recovered' }>,
): Promise<void> {
  const first = draft.type === 'run.requested' ? draft : draft.record[0];
  if (first?.type !== 'run.requested') throw new Error('A recovered record must begin with its request');
  const { run, target } = first.request;
  await appendEvent(deps, runStream(run), undefined, targetKey(target), draft, postsStream(run));
}

async function appendEvent(
  { ledger, clock }: { ledger: Ledger; clock: Clock },
  stream: string,
  after: string | undefined,
  target: string,
  draft: RunEventDraft,
  opens?: string,
): Promise<void> {
  const event = { ...draft, v: 1, eid: randomUUID(), at: clock.now() } as RunEvent;
  await ledger.append({
    stream,
    after,
    event,
    target,
    lease: leaseChange(event.type),
    terminal: isTerminalEvent(event.type),
    ...(opens === undefined ? {} : { opens }),
  });
}
