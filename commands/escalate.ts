import { defineCommand } from '../src/contracts.ts';
import { isAtPager } from '../src/domain/incident-paging.ts';
import { DrError } from '../src/errors.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { CALL, namePage, PAGE_OPTION, pickPage } from '../src/responding/pick-pages.ts';
import { warnUndriven } from '../src/responding/warn-undriven.ts';
import { answer, workOn } from '../src/responding/work-on.ts';

export const command = defineCommand({
  name: 'escalate',
  group: 'incidents',
  pages: true,
  summary: 'Pages the next level of the escalation policy in PagerDuty.',
  arguments: [{ name: 'incident', help: INCIDENT_OPTION.incident.help }],
  options: { ...INCIDENT_OPTION, ...PAGE_OPTION },
  examples: ['escalate', 'escalate 20261126-174158'],

  async handle({ arguments: args, options }, context) {
    const named = args['incident'] ?? options['incident'];
    const { rest } = context.incidents.settings.pager;
    const worked = await workOn(context, named, ({ state }) => {
      const page = pickPage(state, options['page']);
      if (!rest) throw refuse('Escalating needs the REST API of PagerDuty, which is not configured.', SET_TOKEN);
      if (page.status === 'resolved')
        throw refuse('That page is resolved in PagerDuty already.', 'Page somebody else: dr page <who>');
      if (page.acknowledged !== undefined && !isAtPager(state, page))
        throw refuse('PagerDuty knows nothing of it: it could not be reached before somebody took it.', CALL);
      return { type: 'page.changed', page: page.key, change: 'escalate', by: context.actor } as const;
    });
    const page = pickPage(worked.view.state, options['page']);
    const undriven = await warnUndriven(context, 'call');
    const isLater = undriven.length > 0 || !isAtPager(worked.view.state, page);
    const told = isLater ? 'will be told' : 'is told';
    const line = `Incident ${worked.incident}, ${namePage(page)}: PagerDuty ${told} to page the next level.`;
    const nobody = undriven.length > 0 || !isLater ? [] : [UNPAGED];
    return answer(worked, ...undriven, ...nobody, line);
  },
});

const UNPAGED = 'Recorded, but PagerDuty is not known to have paged anybody yet: call them by phone.';
const SET_TOKEN = 'Escalate in PagerDuty; for the next time set PAGERDUTY_API_TOKEN.';

function refuse(message: string, action: string): DrError {
  return new DrError({ code: 'INCIDENT_STATE', message, action });
}
