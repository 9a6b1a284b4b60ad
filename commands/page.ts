import { defineCommand } from '../src/contracts.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { pagedBy } from '../src/responding/find-paged.ts';
import { isUntaken } from '../src/responding/pick-pages.ts';
import { warnUndriven } from '../src/responding/warn-undriven.ts';
import { answer, workOn } from '../src/responding/work-on.ts';
import { utc } from '../src/views/run.ts';
import { disarm } from '../src/views/slack/markup.ts';

export const command = defineCommand({
  name: 'page',
  group: 'incidents',
  pages: true,
  summary: 'Pages somebody through PagerDuty, beside those on call: a person or an escalation policy.',
  details: ['Nobody is guessed: where several could be meant they are listed, and nobody is paged.'],
  arguments: [
    {
      name: 'who',
      help: '@somebody in Slack (by their e-mail address), or an id, a name or an e-mail address in PagerDuty.',
      required: true,
    },
    { name: 'why', help: 'What they are needed for.', many: true },
  ],
  options: INCIDENT_OPTION,
  examples: [
    'page dba@example.com the restore of ClickHouse hangs',
    'page "Database on call" --incident 20261126-174158',
    'page <@U0123ABCD>',
  ],

  async handle({ arguments: args, rest, options }, context) {
    context.authorizeResponding();
    const found = await pagedBy(context, args['who'] ?? '');
    const who = { id: found.id, kind: found.kind, name: found.name };
    const why = rest.join(' ').trim();
    const name = disarm(found.name);
    let since: number | undefined;
    const worked = await workOn(context, options['incident'], ({ state }) => {
      since = [...state.pages.values()].find((page) => page.who?.id === who.id && isUntaken(page))?.at;
      return since === undefined ? ({ type: 'page.asked', who, why, by: context.actor } as const) : undefined;
    });
    const { incident } = worked;
    const undriven = await warnUndriven(context, 'call');
    if (since === undefined && undriven.length > 0)
      return answer(worked, ...undriven, `${name} is to be paged about incident ${incident}.`);
    if (since === undefined) {
      const outcome = `whether it worked: dr status ${incident}`;
      return answer(worked, `Recorded: ${name} is being paged about incident ${incident}; ${outcome}`);
    }
    return answer(
      worked,
      ...undriven,
      `${name} was paged about incident ${worked.incident} at ${utc(since)}, and has not answered yet.`,
    );
  },
});
