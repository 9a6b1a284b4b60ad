import { defineCommand } from '../src/contracts.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { severityOf } from '../src/responding/read-severity.ts';
import { answer, workOn } from '../src/responding/work-on.ts';

export const command = defineCommand({
  name: 'severity',
  group: 'incidents',
  summary: 'Says how bad an incident is: sev1 to sev4.',
  details: ['It pages nobody by itself: dr page <who>'],
  arguments: [{ name: 'severity', help: 'sev1 (all is lost) to sev4 (hardly anything is).', required: true }],
  options: INCIDENT_OPTION,
  examples: ['severity sev1', 'severity sev3 --incident 20261126-174158'],

  async handle({ arguments: args, options }, context) {
    const severity = severityOf(args['severity'] ?? '');
    let before = severity;
    const worked = await workOn(context, options['incident'], ({ state }) => {
      before = state.severity;
      if (before === severity) return undefined;
      return { type: 'severity.changed', severity, by: context.actor } as const;
    });
    const { incident, view, recorded } = worked;
    if (recorded === undefined) return answer(worked, `Incident ${incident} is ${severity} already.`);
    const unpaged = view.state.pages.size === 0 && severity < before;
    const next = unpaged ? ['Nobody was paged about it: dr page <who>'] : [];
    return answer(worked, `Incident ${incident} is ${severity} now; it was ${before}.`, ...next);
  },
});
