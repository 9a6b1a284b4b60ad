import { setTimeout as sleep } from 'node:timers/promises';
import { coerceError } from '../errors.ts';
import type { CallSlack } from './slack-client.ts';
import { chatError } from './slack-errors.ts';
import type { SlackLog } from './slack-log.ts';

export interface Identity {
  team: string;
  user: string;
  botId: string;
  botUserId: string;
}

export interface IdentityDesk {
  /** What is known by now, without asking. */
  known(): Identity | undefined;
  /** Asks Slack anew. */
  ask(signal: AbortSignal): Promise<Identity>;
  /** What is known, or else what Slack says now. */
  find(signal: AbortSignal): Promise<Identity>;
}

export function createIdentityDesk(call: CallSlack): IdentityDesk {
  let known: Identity | undefined;
  const ask = async (signal: AbortSignal) => {
    const { team, user, bot_id, user_id } = await call('auth.test', (web) => web.auth.test(), signal);
    if (bot_id === undefined || user_id === undefined) {
      throw chatError('CHAT_FORBIDDEN', 'The token is not a bot token: auth.test names no bot.');
    }
    known = { team: team ?? '', user: user ?? '', botId: bot_id, botUserId: user_id };
    return known;
  };
  return { known: () => known, ask, find: async (signal) => known ?? ask(signal) };
}

const LONGEST_WAIT_MS = 60_000;

/** Asks until Slack has answered once, in the background; Muster works meanwhile. It never rejects. */
export async function keepAsking(desk: IdentityDesk, log: SlackLog, signal: AbortSignal): Promise<void> {
  for (
    let waitMs = 1_000;
    !signal.aborted && desk.known() === undefined;
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  ) {
    try {
      const { team, user } = await desk.ask(signal);
      log.info({ team, user }, 'Slack answers');
    } catch (thrown) {
      const { code, message, retryAfterMs = 0 } = coerceError(thrown);
      if (signal.aborted) return;
      log.warn({ code, reason: message }, 'Slack does not say who we are; asking again');
      await sleep(Math.max(waitMs, retryAfterMs), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
