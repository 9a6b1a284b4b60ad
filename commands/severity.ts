import { defineCommand } from '../src/contracts.ts';
import type { IncidentState } from '../src/domain/incident.ts';
import type { Severity } from '../src/domain/incident-events.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { isUntaken } from '../src/responding/pick-pages.ts';
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
    const next = severity < before ? sayPaged(view.state, before) : [];
    return answer(worked, `Incident ${incident} is ${severity} now; it was ${before}.`, ...next);
  },
});

/** What got worse may need louder paging, which is for people to decide. */
function sayPaged({ pages }: IncidentState, before: Severity): string[] {
  if (pages.size === 0) return ['Nobody was paged about it: dr page <who>'];
  const wasLow = before === 'sev3' || before === 'sev4';
  return wasLow && [...pages.values()].some(isUntaken)
    ? ['It was paged with low urgency, and nobody has acknowledged: dr escalate, or dr page <who>']
    : [];
}
