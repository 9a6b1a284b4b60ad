import { type EffectName, effectOf } from '../domain/incident-effects.ts';
import type { EffectResult } from '../domain/incident-events.ts';
import type { Wanted } from '../domain/next-for-incident.ts';
import { SETTLE_MS } from '../domain/next-post.ts';
import { coerceError, type DrError, isDrError } from '../errors.ts';
import type { Effect, EffectContext } from '../incident-contracts.ts';
import type { IncidentDeps, IncidentMemory } from './incident-deps.ts';
import type { IncidentRecorder } from './incident-recorder.ts';
import { renderEffect } from './render-effect.ts';

/** The first wait after a failure, and the longest, ms: paging is tried more often than a topic. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const LONGEST_PAGE_WAIT_MS = 10_000;
/** Others wait for what these leave: the room for whatever is in it, the card for its pin, those on call for their invitation. */
const AWAITED: string[] = ['page', 'open-room', 'post-card', 'find-on-call'] satisfies EffectName[];
/** How long Slack is left alone after a fault, ms, if it does not say itself. */
const CLOSED_MS = 1_000;
/** How soon what may be on its way is looked for again, ms. */
const LOOK_AGAIN_MS = 700;
/** So many reasons for a delay are written down; more tell nobody anything. */
const REASONS_KEPT = 5;

/** What is thrown where the target took nothing. That a look has failed says nothing of what was looked for. */
const NOT_TAKEN = ['CHAT_UNREACHABLE', 'CHAT_FORBIDDEN', 'PAGER_UNREACHABLE', 'PAGER_REFUSED'] as const;

export interface Performing {
  deps: IncidentDeps;
  recorder: IncidentRecorder;
  memory: IncidentMemory;
  signal: AbortSignal;
}

/** Writes ahead that these are begun, in one record: nothing waits for another's. False where somebody else has begun one of them. */
export async function beginEffects({ deps, recorder }: Performing, wanted: readonly Wanted[]): Promise<boolean> {
  if (wanted.length === 0) return true;
  const effects = wanted.map(({ key, attempt }) => ({ key, attempt }));
  return recorder.record(({ state }) => {
    const isNew = effects.every(({ key, attempt }) => (state.effects.get(key)?.attempt ?? 0) < attempt);
    return isNew ? { type: 'effects.begun', effects, worker: deps.worker } : undefined;
  });
}

/** Whether an earlier attempt may have taken effect, so that its target is asked first. */
export function mustLook(
  { deps, memory }: Pick<Performing, 'deps' | 'memory'>,
  { key, name, attempt, inDoubt }: Wanted,
) {
  return inDoubt && deps.effects.get(name)?.find !== undefined && !memory.notTaken.has(`${key}/${attempt - 1}`);
}

/** An earlier attempt is known not to have arrived: it is simply done again. */
export function isKnownLost({ memory }: Pick<Performing, 'memory'>, { key, attempt, inDoubt }: Wanted): boolean {
  return inDoubt && memory.notTaken.has(`${key}/${attempt - 1}`);
}

/** Does it, and records how it ended; what may work later is left for later. @throws DrError LEDGER_* only */
export async function applyEffect(doing: Performing, wanted: Wanted): Promise<void> {
  const attempt = isKnownLost(doing, wanted) ? wanted.attempt - 1 : wanted.attempt;
  const id = `${wanted.key}/${attempt}`;
  const { notTaken } = doing.memory;
  // What is known of it is known of the last time only.
  notTaken.delete(id);
  await attemptIt(doing, wanted.key, attempt, async (effect, context) => {
    try {
      return await effect.apply(context);
    } catch (thrown) {
      if (isDrError(thrown, ...NOT_TAKEN)) notTaken.add(id);
      throw thrown;
    }
  });
}

/** Finds out what became of an attempt that nobody saw end; answers whether it is certain that nothing did. */
export async function lookForEffect(doing: Performing, { key, attempt }: Wanted): Promise<boolean> {
  const begunAt = doing.recorder.view().state.effects.get(key)?.begunAt ?? 0;
  let isGone = false;
  await attemptIt(doing, key, attempt - 1, async (effect, context) => {
    const found = await effect.find?.(context);
    isGone = found === undefined && doing.deps.clock.now() >= begunAt + SETTLE_MS;
    if (found === undefined && !isGone) wait(doing, key, LOOK_AGAIN_MS);
    return found;
  });
  return isGone;
}

async function attemptIt(
  doing: Performing,
  key: string,
  attempt: number,
  work: (effect: Effect, context: EffectContext) => Promise<EffectResult | undefined>,
): Promise<void> {
  const { deps, recorder, memory } = doing;
  const { name } = effectOf(key);
  const effect = deps.effects.get(name);
  try {
    if (effect === undefined) throw new Error(`No effect "${name}" is loaded`);
    const result = await work(effect, describeContext(doing, key, attempt));
    if (result === undefined) return;
    memory.retries.delete(key);
    await recorder.record(({ state }) => {
      const known = state.effects.get(key);
      return known?.doneAt === undefined ? { type: 'effect.done', key, result } : undefined;
    }, AWAITED.includes(name));
  } catch (thrown) {
    await takeFailure(doing, key, coerceError(thrown));
  }
}

async function takeFailure(doing: Performing, key: string, error: DrError): Promise<void> {
  const { deps, recorder, memory, signal } = doing;
  if (error.code.startsWith('LEDGER_')) throw error;
  if (signal.aborted) return;
  deps.onTrouble(error);
  if (!error.retryable) {
    deps.log.error(
      { stream: recorder.view().stream, key, code: error.code, error: error.message },
      'an effect was refused',
    );
    await recorder.record(({ state }) =>
      state.effects.get(key)?.doneAt === undefined ? { type: 'effect.refused', key, why: error.message } : undefined,
    );
    return;
  }
  const failures = (memory.retries.get(key)?.failures ?? 0) + 1;
  const longest = isPaging(effectOf(key).name) ? LONGEST_PAGE_WAIT_MS : LONGEST_WAIT_MS;
  const ms = error.retryAfterMs ?? Math.min(longest, FIRST_WAIT_MS * 2 ** (failures - 1));
  memory.retries.set(key, { at: deps.clock.now() + ms, failures });
  if (error.code.startsWith('CHAT_')) deps.gate.close(error.retryAfterMs ?? CLOSED_MS);
  await recorder.record(({ state }) => {
    const delayed = state.effects.get(key)?.delayed ?? [];
    if (delayed.includes(error.message) || delayed.length >= REASONS_KEPT) return undefined;
    return { type: 'effect.delayed', key, why: error.message };
  });
}

function wait({ deps, memory }: Performing, key: string, ms: number): void {
  const failures = memory.retries.get(key)?.failures ?? 0;
  memory.retries.set(key, { at: deps.clock.now() + ms, failures });
}

/** When it may be tried, ms since 1970: after a failure, and not while Slack is to be left alone; paging does not care for that. */
export function readyAt({ deps, memory }: Pick<Performing, 'deps' | 'memory'>, { key, name }: Wanted): number {
  return Math.max(memory.retries.get(key)?.at ?? 0, isPaging(name) ? 0 : deps.gate.opensAt());
}

/** It never waits for Slack. */
function isPaging(name: string): boolean {
  return ['page', 'page-by-event', 'change-page', 'find-on-call'].includes(name);
}

function describeContext(doing: Performing, key: string, attempt: number): EffectContext {
  const { deps, recorder, signal } = doing;
  const { clock, chat, rooms, pager, events, settings } = deps;
  const view = recorder.view();
  return {
    ...{ clock, chat, rooms, pager, events, settings, view, key, attempt, signal },
    of: effectOf(key).of,
    begunAt: view.state.effects.get(key)?.begunAt ?? clock.now(),
    render: () => renderEffect(doing, key),
  };
}
