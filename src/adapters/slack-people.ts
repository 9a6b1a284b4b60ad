import { isDrError } from '../errors.ts';
import type { Rooms } from '../incident-ports.ts';
import { slackWord } from './slack-errors.ts';
import type { SlackDesk } from './slack-messages.ts';

/** How long Slack's word is believed, ms: who is there, and who is not. */
const KNOWN_MS = 600_000;
const MISSING_MS = 30_000;
/** So many answers are kept. */
const MOST = 1_000;

const NOBODY = new Set(['users_not_found', 'user_not_found', 'user_not_visible']);

/** Who is who, by e-mail address: PagerDuty knows people by nothing else that Slack knows too. */
export function createPeople({ call }: Pick<SlackDesk, 'call'>): Pick<Rooms, 'memberOf' | 'emailOf'> {
  const members = createMemory();
  const emails = createMemory();
  return {
    memberOf: (given, signal) => {
      const email = given.trim().toLowerCase();
      return members(email, async () => {
        const found = await call('users.lookupByEmail', (web) => web.users.lookupByEmail({ email }), signal);
        return found.user?.deleted === true || found.user?.is_bot === true ? undefined : found.user?.id;
      });
    },
    emailOf: (user, signal) =>
      emails(user, async () => {
        const found = await call('users.info', (web) => web.users.info({ user }), signal);
        const email = found.user?.deleted === true ? undefined : found.user?.profile?.email;
        return email === '' ? undefined : email;
      }),
  };
}

function createMemory(): (key: string, ask: () => Promise<string | undefined>) => Promise<string | undefined> {
  const known = new Map<string, { answer: string | undefined; until: number }>();
  return async (key, ask) => {
    const kept = known.get(key);
    if (kept !== undefined && kept.until > Date.now()) return kept.answer;
    known.delete(key);
    const answer = await orNobody(ask());
    const [oldest] = known.keys();
    if (known.size >= MOST && oldest !== undefined) known.delete(oldest);
    known.set(key, { answer, until: Date.now() + (answer === undefined ? MISSING_MS : KNOWN_MS) });
    return answer;
  };
}

async function orNobody(asking: Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await asking;
  } catch (thrown) {
    const word = isDrError(thrown, 'CHAT_REFUSED') ? slackWord(thrown.cause) : undefined;
    if (word === undefined || !NOBODY.has(word)) throw thrown;
    return undefined;
  }
}
