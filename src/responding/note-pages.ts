import type { CommandContext } from '../contracts.ts';
import { type IncidentView, isResolved } from '../domain/incident.ts';
import { coerceError } from '../errors.ts';

/** Puts a note at PagerDuty's incident too: at that of those on call, else at the first there is. What is private stays here. A failure undoes no note: the lines say so. */
export async function notePages(
  { incidents, actor: by }: Pick<CommandContext, 'incidents' | 'actor'>,
  { state }: IncidentView,
  text: string,
): Promise<string[]> {
  const [page] = [...state.pages.values()];
  if (page === undefined || state.opening.private || isResolved(state) || !incidents.settings.pager.rest) return [];
  const draft = { type: 'page.changed', page: page.key, change: 'note', text, by } as const;
  try {
    await incidents.change(state.opening.incident, () => draft);
    return [];
  } catch (thrown) {
    return [`It does not go to PagerDuty: ${coerceError(thrown).message}`];
  }
}
