import { defineCommand } from '../src/contracts.ts';
import { renderActor } from '../src/domain/actor.ts';
import { DrError } from '../src/errors.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { warnUndriven } from '../src/responding/warn-undriven.ts';
import { answer, workOn } from '../src/responding/work-on.ts';
import { utc } from '../src/views/run.ts';

export const command = defineCommand({
  name: 'mitigate',
  group: 'incidents',
  summary: 'Says that the damage has been stopped: the clock of the recovery time target stands still.',
  details: ['The incident stays open until it is resolved.'],
  arguments: [{ name: 'text', help: 'By what.', many: true }],
  options: INCIDENT_OPTION,
  examples: ['mitigate', 'mitigate traffic goes to the other region'],

  async handle({ rest, options }, context) {
    const text = rest.join(' ').trim();
    const worked = await workOn(context, options['incident'], ({ state }) => {
      const { mitigated, mitigatedAt = 0, opening } = state;
      if (mitigated !== undefined) {
        throw new DrError({
          code: 'INCIDENT_STATE',
          message: `Incident ${opening.incident} is mitigated already, by ${renderActor(mitigated.by)} at ${utc(mitigatedAt)}.`,
          action: `When it is over: dr resolve --incident ${opening.incident}`,
        });
      }
      return { type: 'incident.mitigated', by: context.actor, ...(text === '' ? {} : { text }) } as const;
    });
    const undriven = await warnUndriven(context, 'people');
    const line = `Incident ${worked.incident} is mitigated. When it is over: dr resolve "how it ended"`;
    return answer(worked, ...undriven, line);
  },
});
