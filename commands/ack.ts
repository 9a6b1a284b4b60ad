import { type CommandContext, defineCommand } from '../src/contracts.ts';
import { renderActor } from '../src/domain/actor.ts';
import type { IncidentView } from '../src/domain/incident.ts';
import { effectOf } from '../src/domain/incident-effects.ts';
import type { PageState } from '../src/domain/incident-pages.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { isUntaken, namePage, ownPagerId, PAGE_OPTION, pickPage } from '../src/responding/pick-pages.ts';
import { warnUndriven } from '../src/responding/warn-undriven.ts';
import { answer, workOn } from '../src/responding/work-on.ts';
import { utc } from '../src/views/run.ts';
import { disarmReply } from '../src/views/slack/markup.ts';

export const command = defineCommand({
  name: 'ack',
  group: 'incidents',
  summary: 'Takes an incident: PagerDuty stops paging those on call.',
  details: [
    'Whoever was paged by name is not taken for somebody else: that page is acknowledged by them, or with --page.',
    'Doing it again changes nothing and says who has it.',
  ],
  arguments: [{ name: 'incident', help: INCIDENT_OPTION.incident.help }],
  options: { ...INCIDENT_OPTION, ...PAGE_OPTION },
  examples: ['ack', 'ack 20261126-174158', 'ack --page 2'],

  async handle({ arguments: args, options }, context) {
    context.authorizeResponding();
    const named = args['incident'] ?? options['incident'];
    const number = options['page'];
    const worked = await workOn(context, named, ({ state }) => draftFor(pickPage(state, number), context));
    const own = number === undefined ? await ackOwn(worked.view, worked.incident, context) : undefined;
    const { state } = own?.view ?? worked.view;
    const page = pickPage(state, number);
    const said = worked.recorded !== undefined ? `acknowledged by ${renderActor(context.actor)}.` : sayTaken(page);
    const rest = [...state.pages.values()].filter((it) => isUntaken(it)).map((it) => sayWaiting(it, worked.incident));
    const lines = [`Incident ${worked.incident}, ${namePage(page)}: ${said}`, ...(own?.lines ?? []), ...rest];
    const undriven = worked.recorded === undefined ? [] : await warnUndriven(context, 'pager');
    return answer(worked, ...undriven, ...lines);
  },
});

function sayTaken({ acknowledged }: PageState): string {
  if (acknowledged === undefined) return 'resolved in PagerDuty already.';
  return `${disarmReply(acknowledged.by)} has it, since ${utc(acknowledged.at)}.`;
}

function draftFor(page: PageState, { actor: by }: CommandContext) {
  if (!isUntaken(page)) return undefined;
  return { type: 'page.changed', page: page.key, change: 'acknowledge', by } as const;
}

/** Whoever was paged by name and acknowledges the incident has seen their own page. */
async function ackOwn({ state }: IncidentView, incident: string, context: CommandContext) {
  const byName = [...state.pages.values()].filter((page) => page.who?.kind === 'user' && isUntaken(page));
  const own = byName.length === 0 ? undefined : await ownPagerId(context);
  const mine = own === undefined ? undefined : byName.find(({ who }) => who?.id === own);
  if (mine === undefined) return undefined;
  const changed = await context.incidents.change(incident, (view) => {
    const page = view.state.pages.get(mine.key);
    return page === undefined ? undefined : draftFor(page, context);
  });
  const lines = changed.recorded === undefined ? [] : [`Your own ${namePage(mine)}: acknowledged.`];
  return { view: changed.view, lines };
}

function sayWaiting(page: PageState, incident: string): string {
  return `Nobody has acknowledged ${namePage(page)} yet: dr ack ${incident} --page ${effectOf(page.key).of}`;
}
