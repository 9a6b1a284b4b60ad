import type { CommandContext } from '../contracts.ts';
import { coerceError, DrError } from '../errors.ts';
import type { Pager } from '../incident-ports.ts';
import { disarm } from '../views/slack/markup.ts';
import { isOfEmail } from './pick-pages.ts';

type Found = Awaited<ReturnType<Pager['search']>>[number];
type Asking = Pick<CommandContext, 'incidents' | 'signal'>;

/** More are not read. */
const LISTED = 10;

/**
 * Whom PagerDuty is to page: by a Slack mention, whose e-mail address must be that of one user, or by an id, a name or an e-mail address.
 * @throws DrError CONFIG_INVALID without PagerDuty, COMMAND_INVALID where it is nobody or may be several, and what PagerDuty and Slack throw
 */
export async function pagedBy({ incidents, signal }: Asking, typed: string): Promise<Found> {
  const { pager } = incidents;
  if (pager === undefined) {
    throw new DrError({
      code: 'CONFIG_INVALID',
      message: 'Paging somebody by name needs the REST API of PagerDuty, which is not configured. Nobody was paged.',
      action: 'Call them; for the next time set PAGERDUTY_API_TOKEN and PAGERDUTY_FROM_EMAIL.',
    });
  }
  const member = /^<@([UW][A-Z0-9]{2,})(?:\|[^<>]*)?>$/.exec(typed)?.[1];
  const who = member === undefined ? typed.trim() : await orNobodyPaged(emailOf({ incidents, signal }, member));
  if (who === '') throw refuse('It must say who is to be paged.', 'Such as: dr page dba@example.com');
  const all = await orNobodyPaged(pager.search(who, signal));
  const fitting = all.filter((it) => isExactly(it, who));
  const [one] = fitting;
  if (one !== undefined && fitting.length === 1) return one;
  if (all.length === 0) throw refuse(`PagerDuty knows nobody as ${shown(who)}.`, ASK_OTHERWISE);
  throw refuse(
    `${shown(who)} is not one person or escalation policy in PagerDuty for sure: ${list(all)}.`,
    `Say which, by the id: dr page ${all[0]?.id}`,
  );
}

const ASK_OTHERWISE = 'Give their e-mail address, name or id as PagerDuty has it: dr page dba@example.com';

/** Whoever is away: nothing was recorded, so that nobody will be paged later either. */
async function orNobodyPaged<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (thrown) {
    const { code, message, action, retryable } = coerceError(thrown);
    if (code === 'COMMAND_INVALID') throw thrown;
    const said = `${message} Nobody was paged: call them.`;
    throw new DrError({ code, message: said, action, retryable, cause: thrown });
  }
}

async function emailOf({ incidents, signal }: Asking, member: string): Promise<string> {
  const email = await incidents.rooms()?.emailOf(member, signal);
  if (email !== undefined) return email;
  throw refuse(`The e-mail address of <@${member}> cannot be told from Slack.`, ASK_OTHERWISE);
}

/** An id, an e-mail address, or every word of a name: a part of a word would be a guess. */
function isExactly(found: Found, who: string): boolean {
  if (found.id === who) return true;
  if (who.includes('@')) return isOfEmail(found, who);
  const words = wordsOf(found.name);
  const wanted = wordsOf(who);
  return wanted.length > 0 && wanted.every((word) => words.includes(word));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function list(found: readonly Found[]): string {
  const named = found
    .slice(0, LISTED)
    .map(
      ({ id, name, kind, email }) =>
        `${id} ${disarm(name)}${kind === 'user' ? `, ${disarm(email ?? '')}` : ' (policy)'}`,
    );
  return [...named, ...(found.length > LISTED ? [`${found.length - LISTED} more`] : [])].join('; ');
}

function shown(who: string): string {
  return `"${disarm(who).slice(0, 80)}"`;
}

function refuse(message: string, action: string): DrError {
  return new DrError({ code: 'COMMAND_INVALID', message: `${message} Nobody was paged.`, action });
}
