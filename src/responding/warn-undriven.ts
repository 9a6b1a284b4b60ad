import type { CommandContext } from '../contracts.ts';

/** What does not happen while nobody drives an incident. */
const LEFT = {
  call: 'NOBODY is paged until one is (npm start). Call them.',
  pager: 'PagerDuty is not told until one is (npm start).',
  people: 'nobody is told until one is (npm start).',
} as const;

/**
 * The lines before the answer where no Muster is running to do what was recorded; empty where one is, and where it cannot be told. Whoever
 * asks in Slack is answered by one that is.
 */
export async function warnUndriven(
  { incidents, actor }: Pick<CommandContext, 'incidents' | 'actor'>,
  left: keyof typeof LEFT,
): Promise<string[]> {
  if (actor.kind === 'slack' || (await incidents.isDriven()) !== false) return [];
  const { rest, events } = incidents.settings.pager;
  const why = left === 'pager' && !rest && !events ? 'people' : left;
  return [`Recorded, but no Muster is running: ${LEFT[why]}`];
}
