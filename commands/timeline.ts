import { defineCommand, type Reply } from '../src/contracts.ts';
import { findIncident, INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { showTimeline } from '../src/responding/show-incident.ts';

/** What a message shows; the newest are what is asked for. */
const NEWEST = 30;

export const command = defineCommand({
  name: 'timeline',
  group: 'incidents',
  summary: 'Shows all that happened in an incident, in order.',
  details: [`In Slack the newest ${NEWEST} lines are shown, and all of them are a file in your direct messages.`],
  arguments: [{ name: 'incident', help: INCIDENT_OPTION.incident.help }],
  options: INCIDENT_OPTION,
  examples: ['timeline', 'timeline 20261126-174158'],

  async handle({ arguments: args, options }, context): Promise<Reply> {
    const view = await findIncident(context, args['incident'] ?? options['incident']);
    const { lines, data } = showTimeline(view);
    if (context.actor.kind === 'terminal' || lines.length <= NEWEST) return { ok: true, lines, data };
    const { incident } = view.state.opening;
    const file = {
      name: `incident-${incident}.txt`,
      title: `Timeline of incident ${incident}`,
      content: `${lines.join('\n')}\n`,
    };
    return { ok: true, lines: [`The newest ${NEWEST} of ${lines.length}:`, ...lines.slice(-NEWEST)], file, data };
  },
});
