import { type CommandContext, defineCommand, type Reply } from '../src/contracts.ts';
import { askByForm, LONGEST_TEXT } from '../src/responding/ask-by-form.ts';
import { findIncident, INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { notePages } from '../src/responding/note-pages.ts';
import { answer, workOn } from '../src/responding/work-on.ts';

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
    const text = rest.join(' ').trim();
    if (text === '') return askForNote(options['incident'], context);
    const draft = { type: 'note.added', text, by: context.actor } as const;
    const worked = await workOn(context, options['incident'], () => draft, { alsoResolved: true });
    const missed = await notePages(context, worked.view, text);
    return answer(worked, `Noted in incident ${worked.incident}.`, ...missed);
  },
});

/** A form knows which incident it is for, wherever its answer comes from. */
async function askForNote(named: string | undefined, context: CommandContext): Promise<Reply> {
  context.authorizeResponding();
  const { incident } = (await findIncident(context, named)).state.opening;
  const input = { id: 'text', label: 'What was seen or done?', as: 'argument', type: 'multiline' } as const;
  const form = { title: 'Note in the timeline', submit: 'Write it down', command: `note --incident ${incident}` };
  return askByForm({ ...form, inputs: [{ ...input, maxLength: LONGEST_TEXT }] }, ['It needs a text.']);
}
