import type { CommandContext } from '../contracts.ts';
import { type IncidentView, isResolved } from '../domain/incident.ts';

/** Puts a note at PagerDuty's incident too: at that of those on call, else at the first there is. What is private stays here. */
export async function notePages(
  { incidents, actor: by }: Pick<CommandContext, 'incidents' | 'actor'>,
  { state }: IncidentView,
  text: string,
): Promise<void> {
  const [page] = [...state.pages.values()];
  if (page === undefined || state.opening.private || isResolved(state) || !incidents.settings.pager.rest) return;
  const draft = { type: 'page.changed', page: page.key, change: 'note', text, by } as const;
  await incidents.change(state.opening.incident, () => draft);
}
