import type { CommandContext } from '../contracts.ts';
import type { IncidentState } from '../domain/incident.ts';
import { effectKey, effectOf } from '../domain/incident-effects.ts';
import type { PageState } from '../domain/incident-pages.ts';
import { DrError } from '../errors.ts';
import { disarm } from '../views/slack/markup.ts';

export const PAGE_OPTION = {
  page: { type: 'text', help: 'Which page, as `dr status` numbers them: 1 is that of those on call.' },
} as const;

/** Where PagerDuty reached nobody, paging by name may reach nobody either. */
export const CALL = 'Call them by phone; where PagerDuty answers, page somebody: dr page <who>';

/** The page of those on call, where there is one, else the first that was asked for. @throws DrError INCIDENT_STATE where nobody was paged */
export function pickPage({ pages, opening }: IncidentState, number: string | undefined): PageState {
  const all = [...pages.values()];
  const page =
    number === undefined ? (all.find(({ who }) => who === undefined) ?? all[0]) : pages.get(effectKey('page', number));
  if (page !== undefined) return page;
  throw new DrError({
    code: 'INCIDENT_STATE',
    message:
      all.length === 0
        ? `Nobody was paged about incident ${opening.incident}.`
        : `Incident ${opening.incident} has ${all.length === 1 ? 'one page' : `the pages 1 to ${all.length}`}, not that one.`,
    action: all.length === 0 ? CALL : `See them: dr status ${opening.incident}`,
  });
}

export function isUntaken({ status, acknowledged }: PageState): boolean {
  return acknowledged === undefined && status !== 'resolved';
}

/** `page 2 (Bob Smith)` */
export function namePage({ key, who }: PageState): string {
  return `page ${effectOf(key).of} (${who === undefined ? 'on call' : disarm(who.name)})`;
}

/** PagerDuty's id of whoever acts; undefined where their e-mail address does not lead to exactly one user. It never throws. */
export async function ownPagerId({ actor, incidents, signal }: CommandContext): Promise<string | undefined> {
  const rooms = incidents.rooms();
  if (actor.kind !== 'slack' || rooms === undefined || incidents.pager === undefined) return undefined;
  try {
    const email = await rooms.emailOf(actor.user, signal);
    if (email === undefined) return undefined;
    const found = (await incidents.pager.search(email, signal)).filter((it) => isOfEmail(it, email));
    return found.length === 1 ? found[0]?.id : undefined;
  } catch {
    return undefined;
  }
}

export function isOfEmail({ kind, email }: { kind: string; email?: string }, wanted: string): boolean {
  return kind === 'user' && email?.toLowerCase() === wanted.toLowerCase();
}
