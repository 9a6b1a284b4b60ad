import { type CommandContext, defineCommand } from '../src/contracts.ts';
import type { IncidentView } from '../src/domain/incident.ts';
import { isOver } from '../src/domain/run.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { warnUndriven } from '../src/responding/warn-undriven.ts';
import { answer, workOn } from '../src/responding/work-on.ts';
import { standOf } from '../src/views/run.ts';

export const command = defineCommand({
  name: 'resolve',
  group: 'incidents',
  summary: 'Ends an incident: it is resolved in PagerDuty too, and nobody is asked for updates any more.',
  details: ['Runs that are not over go on. The timeline still takes notes.'],
  arguments: [{ name: 'summary', help: 'How it ended, in a sentence.', many: true }],
  options: INCIDENT_OPTION,
  examples: ['resolve', 'resolve "restored from the backup of 03:00" --incident 20261126-174158'],

  async handle({ rest, options }, context) {
    const summary = rest.join(' ').trim();
    const worked = await workOn(context, options['incident'], () => {
      return { type: 'incident.resolved', by: context.actor, ...(summary === '' ? {} : { summary }) } as const;
    });
    const open = await sayUnfinished(worked.view, context);
    const undriven = await warnUndriven(context, 'pager');
    return answer(worked, ...undriven, `Incident ${worked.incident} is resolved.`, ...open);
  },
});

/** What whoever resolves may not know to be still going on. */
async function sayUnfinished(view: IncidentView, { incidents }: CommandContext): Promise<string[]> {
  const runs = (await incidents.runs(view)).filter(({ state }) => !isOver(state));
  const firing = [...view.state.failures.values()].filter(({ status }) => status === 'firing').length;
  return [
    ...runs.map(
      ({ state }) => `Run ${state.request.run} is ${standOf(state)}, and goes on: dr status ${state.request.run}`,
    ),
    ...(firing === 0 ? [] : [sayFiring(firing)]),
  ];
}

/** Resolved in spite of it, it is quiet for a while only. */
function sayFiring(count: number): string {
  const which = count === 1 ? '1 of its alerts still fires' : `${count} of its alerts still fire`;
  return `${which}: what is told again later than INCIDENT_GROUPING_MINUTES from now declares anew.`;
}
