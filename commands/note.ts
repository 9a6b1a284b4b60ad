import { defineCommand } from '../src/contracts.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { notePages } from '../src/responding/note-pages.ts';
import { answer, textOf, workOn } from '../src/responding/work-on.ts';

export const command = defineCommand({
  name: 'note',
  group: 'incidents',
  summary: "Writes something down in an incident's timeline.",
  details: [
    'It goes to PagerDuty too, where the incident was paged and is not private. A resolved incident takes notes.',
  ],
  arguments: [{ name: 'text', help: 'What was seen or done.', many: true }],
  options: INCIDENT_OPTION,
  examples: ['note failed over to the second database', 'note "the disk is full again" --incident 20261126-174158'],

  async handle({ rest, options }, context) {
    const text = textOf(rest, 'note failed over to the second database');
    const draft = { type: 'note.added', text, by: context.actor } as const;
    const worked = await workOn(context, options['incident'], () => draft, { alsoResolved: true });
    await notePages(context, worked.view, text);
    return answer(worked, `Noted in incident ${worked.incident}.`);
  },
});
