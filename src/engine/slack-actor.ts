import type { Actor } from '../domain/actor.ts';
import { coerceError } from '../errors.ts';
import type { Chat } from '../ports.ts';
import type { Log } from './deps.ts';

/** How long Slack may take to say who is in a group, in ms: it happens before the ack. */
const GROUPS_LIMIT_MS = 1_500;

export interface WhoDeps {
  log: Log;
  /** Slack's user groups that the policy names. */
  groups: readonly string[];
  chat: Pick<Chat, 'groupsOf'>;
}

/** A member with the groups of the policy that they are in, asked anew each time; none named: Slack did not say, and nothing is assumed. */
export async function findActor({ groups, chat, log }: WhoDeps, user: string): Promise<Actor & { kind: 'slack' }> {
  if (groups.length === 0) return { kind: 'slack', user, groups: [] };
  try {
    return { kind: 'slack', user, groups: await chat.groupsOf(user, groups, AbortSignal.timeout(GROUPS_LIMIT_MS)) };
  } catch (thrown) {
    log.warn({ error: coerceError(thrown).message }, 'Slack did not say who is in which user group');
    return { kind: 'slack', user };
  }
}
