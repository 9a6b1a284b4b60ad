import { defineCommand, type Reply } from '../src/contracts.ts';
import { findIncident, INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { showTimeline } from '../src/responding/show-incident.ts';

/** What a message shows; the newest are what is asked for. */
const NEWEST = 30;

export const command = defineCommand({
  name: 'timeline',
  group: 'incidents',
  summary: 'Shows what happened in an incident, in order.',
  details: [
    'Left out is what Muster does about every incident, such as the topic and the pin, where it went well; `--all` shows that too.',
    `In Slack the newest ${NEWEST} lines are shown, and all of them are a file in your direct messages.`,
  ],
  arguments: [{ name: 'incident', help: INCIDENT_OPTION.incident.help }],
  options: { ...INCIDENT_OPTION, all: { type: 'flag', help: 'Also what Muster does about every incident.' } },
  examples: ['timeline', 'timeline 20261126-174158 --all'],

  async handle({ arguments: args, options, flags }, context): Promise<Reply> {
    const view = await findIncident(context, args['incident'] ?? options['incident']);
    const { lines, data } = showTimeline(view, flags.has('all'));
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
