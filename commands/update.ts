import { type CommandContext, defineCommand, type Reply } from '../src/contracts.ts';
import { renderActor } from '../src/domain/actor.ts';
import type { IncidentState, IncidentView } from '../src/domain/incident.ts';
import { listStale } from '../src/domain/stale-draft.ts';
import { openSlot } from '../src/domain/status-slots.ts';
import { DrError } from '../src/errors.ts';
import { askByForm, LONGEST_TEXT } from '../src/responding/ask-by-form.ts';
import { findIncident, INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { answer, demandUnresolved, workOn } from '../src/responding/work-on.ts';
import { utc } from '../src/views/run.ts';
import { disarmReply } from '../src/views/slack/markup.ts';

export const command = defineCommand({
  name: 'update',
  group: 'incidents',
  summary: 'Tells everybody how an incident stands: a status update.',
  details: [
    'It answers the update that is due, if one is. Without a text it shows the draft of that one, in Slack in a form.',
  ],
  arguments: [{ name: 'text', help: 'Current status, actions taken, next steps, estimate.', many: true }],
  options: {
    ...INCIDENT_OPTION,
    post: { type: 'text', help: 'Post the draft of this number as it was shown.' },
    edit: { type: 'text', help: 'Change the draft of this number before it is posted.' },
  },
  examples: ['update restoring the database, done by 04:00', 'update --post 2', 'update --edit 2'],

  handle({ rest, options }, context) {
    const text = rest.join(' ').trim();
    const { incident, post, edit } = options;
    if ([text === '' ? undefined : text, post, edit].filter((it) => it !== undefined).length > 1)
      throw invalid('It takes one of a text, --post and --edit.', 'Such as: dr update "restoring, done by 04:00"');
    if (post !== undefined) return postDraft(slotOf(post), incident, context);
    return text === '' ? askForUpdate(edit, incident, context) : say(text, incident, context);
  },
});

async function say(text: string, incident: string | undefined, context: CommandContext): Promise<Reply> {
  const worked = await workOn(context, incident, ({ state }) => {
    const slot = openSlot(state)?.slot;
    return { type: 'update.posted', text, by: context.actor, ...(slot === undefined ? {} : { slot }) } as const;
  });
  return answer(worked, `The update is recorded in incident ${worked.incident}${sayWhere(context)}.`);
}

async function postDraft(slot: number, incident: string | undefined, context: CommandContext): Promise<Reply> {
  const worked = await workOn(context, incident, (view) => {
    const text = dueDraft(view.state, slot);
    demandCurrent(view, slot);
    return { type: 'update.posted', slot, text, by: context.actor } as const;
  });
  return answer(
    worked,
    `Update ${slot} of incident ${worked.incident} is recorded as it was drafted${sayWhere(context)}.`,
  );
}

/** A form with the draft of the update that is due; an empty one where none is. */
async function askForUpdate(
  edit: string | undefined,
  named: string | undefined,
  context: CommandContext,
): Promise<Reply> {
  context.authorizeResponding();
  const view = await findIncident(context, named);
  const { state } = view;
  demandUnresolved(state);
  const slot = edit === undefined ? openSlot(state)?.slot : slotOf(edit);
  const draft = slot === undefined ? '' : dueDraft(state, slot);
  const { incident } = state.opening;
  const stale = sayStale(view);
  const said = [
    ...stale,
    ...(draft.length > LONGEST_TEXT ? ['The draft was longer than a form takes, and is cut.'] : []),
  ];
  const hint = said.length === 0 ? {} : { hint: said.join(' ') };
  const reply = askByForm(
    {
      ...{ title: 'Status update', submit: 'Post', command: `update --incident ${incident}` },
      inputs: [
        {
          ...{ id: 'text', label: 'How does it stand?', as: 'argument', type: 'multiline' },
          ...{ initial: draft, maxLength: LONGEST_TEXT, ...hint },
        },
      ],
    },
    slot === undefined ? ['No update is due, so there is no draft.'] : sayDraft(incident, slot, draft, stale),
  );
  return slot === undefined ? reply : { ...reply, ok: true, data: { incident, slot, draft } };
}

function sayDraft(incident: string, slot: number, draft: string, stale: readonly string[]): string[] {
  return [
    `Draft of update ${slot} of incident ${incident}:`,
    ...draft.split('\n').map((line) => `  ${disarmReply(line)}`),
    ...(stale.length > 0 ? stale : [`Post it as it is: dr update --post ${slot} --incident ${incident}`]),
  ];
}

/** What was shown under this number; only the newest may still be posted, and once. @throws DrError INCIDENT_STATE */
function dueDraft(state: IncidentState, slot: number): string {
  const drafted = state.slots.get(slot);
  const due = openSlot(state);
  if (drafted !== undefined && due?.slot === slot) return drafted.text;
  const later = state.updates.findLast(({ at }) => drafted !== undefined && at >= drafted.at);
  const why =
    drafted === undefined
      ? `There is no draft of an update ${slot}.`
      : due !== undefined
        ? `The draft of update ${slot} is out of date.`
        : `An update was posted since that draft, by ${later === undefined ? 'somebody' : renderActor(later.by)} at ${utc(later?.at ?? 0)}.`;
  const next =
    due === undefined ? 'Say how it stands now: dr update "..."' : `The one that is due: dr update --edit ${due.slot}`;
  throw new DrError({ code: 'INCIDENT_STATE', message: why, action: next });
}

/** A draft that says what is not so any more is not posted. @throws DrError INCIDENT_STATE */
function demandCurrent(view: IncidentView, slot: number): void {
  const [message] = sayStale(view);
  if (message === undefined) return;
  const { incident } = view.state.opening;
  const action = `Edit it: dr update --edit ${slot} --incident ${incident}; or write it: dr update "..." --incident ${incident}`;
  throw new DrError({ code: 'INCIDENT_STATE', message, action });
}

function sayStale(view: IncidentView): string[] {
  const stale = listStale(view);
  return stale.length === 0 ? [] : [`The draft is out of date: ${stale.join(', ')} since then.`];
}

function slotOf(text: string): number {
  const slot = Number(text);
  if (/^\d{1,6}$/.test(text) && slot > 0) return slot;
  throw invalid('A draft goes by its number, which its reminder shows.', 'Such as: dr update --post 2');
}

function sayWhere({ incidents }: CommandContext): string {
  return incidents.settings.chat ? ' and goes to its room' : '';
}

function invalid(message: string, action: string): DrError {
  return new DrError({ code: 'COMMAND_INVALID', message, action });
}
