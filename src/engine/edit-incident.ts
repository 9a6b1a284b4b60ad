import { hashJson } from '../domain/digest.ts';
import { effectOf } from '../domain/incident-effects.ts';
import { messageOf } from '../domain/incident-room.ts';
import { isDrError } from '../errors.ts';
import type { Performing } from './perform-effect.ts';
import { describeIncident } from './render-effect.ts';

/** The same message is edited at most this often, ms (chat.update is a tier 3 method: about 50 a minute). */
const EDIT_MS = 1_500;

/**
 * Brings what is edited in place up to date. Answers when the next edit may go out, ms since 1970; undefined: all show how it stands.
 * @throws DrError CHAT_* (retryable)
 */
export async function editMessages(doing: Performing): Promise<number | undefined> {
  const { deps, recorder, memory, signal } = doing;
  const { state } = recorder.view();
  const context = await describeIncident(doing);
  let waitUntil: number | undefined;
  for (const key of state.effects.keys()) {
    const posted = messageOf(state, key);
    if (posted === undefined || deps.effects.get(effectOf(key).name)?.edited !== true) continue;
    const message = deps.render(key, context);
    const hash = hashJson(message);
    const shown = memory.shown.get(key);
    if (hash === (shown?.hash ?? posted.shows)) continue;
    const mayAt = (shown?.at ?? 0) + EDIT_MS;
    if (deps.clock.now() < mayAt) {
      waitUntil = Math.min(waitUntil ?? mayAt, mayAt);
      continue;
    }
    const opensAt = deps.gate.opensAt();
    if (opensAt > deps.clock.now()) return opensAt;
    await deps.chat.update(posted, message, signal).catch((thrown: unknown) => {
      if (!isDrError(thrown, 'CHAT_REFUSED')) throw thrown;
      // Somebody deleted it, or the channel is archived: it is not worth more than saying so.
      deps.log.warn(
        { stream: recorder.view().stream, key, error: thrown.message },
        'a message can no longer be edited',
      );
    });
    memory.shown.set(key, { hash, at: deps.clock.now() });
  }
  return waitUntil;
}
