import type { Doctor } from '../contracts.ts';
import type { ChatMessage } from '../domain/chat-message.ts';
import { countVerdicts, type Diagnosis, isRed } from '../domain/diagnosis.ts';
import { coerceError } from '../errors.ts';
import type { Chat, Clock, Ledger } from '../ports.ts';
import type { Log } from './deps.ts';

/** How often it is looked whether today's check was done, in ms; the first time so long after the start. */
const LOOK_MS = 60_000;
/** How long one who has begun keeps others from it; if it died meanwhile, another begins after this. In ms. */
const ATTEMPT_MS = 5 * 60_000;
/** Longer than a day, in ms: what was done on a day stays done. */
const DONE_MS = 26 * 3_600_000;
/** How long a whole check and its message may take, in ms. */
const LIMIT_MS = 60_000;

export interface DailyDeps {
  ledger: Ledger;
  clock: Clock;
  log: Log;
  doctor: Doctor;
  chat: Pick<Chat, 'find' | 'post'>;
  /** The incidents channel. */
  channel: string;
  render(diagnoses: readonly Diagnosis[]): ChatMessage;
}

/** Once a UTC day, by one of all replicas, until `signal` aborts: examines everything, and posts what is red. It never rejects. */
export async function keepExamining(deps: DailyDeps, signal: AbortSignal): Promise<void> {
  let trouble = '';
  for (;;) {
    await deps.clock.sleep(LOOK_MS, signal);
    if (signal.aborted) return;
    try {
      await examineToday(deps, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
      trouble = '';
    } catch (thrown) {
      const { code, message } = coerceError(thrown);
      if (message !== trouble && !signal.aborted) deps.log.warn({ code, error: message }, 'the daily check waits');
      trouble = message;
    }
  }
}

/** @throws DrError LEDGER_UNREACHABLE, CHAT_*: then today's check is not done, and is begun again */
async function examineToday(deps: DailyDeps, signal: AbortSignal): Promise<void> {
  const key = `doctor/${new Date(deps.clock.now()).toISOString().slice(0, 10)}`;
  if (await deps.ledger.isClaimed(key)) return;
  if (!(await deps.ledger.claim(`${key}/attempt`, ATTEMPT_MS))) return;
  const diagnoses = await deps.doctor(undefined, signal);
  const summary = countVerdicts(diagnoses);
  if (isRed(diagnoses)) {
    deps.log.warn({ summary }, 'the daily check found something red');
    await postOnce(deps, key, diagnoses, signal);
  } else {
    deps.log.info({ summary }, 'the daily check found nothing red');
  }
  await deps.ledger.claim(key, DONE_MS);
}

/** Whoever died between the message and its record has said it already. */
async function postOnce(
  { chat, channel, render }: DailyDeps,
  key: string,
  diagnoses: readonly Diagnosis[],
  signal: AbortSignal,
): Promise<void> {
  if ((await chat.find(channel, key, signal)) !== undefined) return;
  await chat.post({ channel, key, message: render(diagnoses) }, signal);
}
