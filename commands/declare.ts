import { type CommandArgs, type CommandContext, defineCommand, type Reply } from '../src/contracts.ts';
import type { IncidentState, IncidentView } from '../src/domain/incident.ts';
import { SEVERITIES, type Severity } from '../src/domain/incident-events.ts';
import type { IncidentSettings } from '../src/domain/incident-settings.ts';
import type { Modal } from '../src/domain/modal.ts';
import { askByForm } from '../src/responding/ask-by-form.ts';
import { listOpen } from '../src/responding/find-incident.ts';
import { severityOf } from '../src/responding/read-severity.ts';
import { warnUndriven } from '../src/responding/warn-undriven.ts';
import { disarm } from '../src/views/slack/markup.ts';

const EXAMPLE = 'declare "the shop is down" --severity sev1';

export const command = defineCommand({
  name: 'declare',
  group: 'incidents',
  pages: true,
  summary: 'Declares an incident: whoever is on call is paged, and a room is opened for it.',
  details: [
    'sev1 and sev2 page with high urgency, sev3 and sev4 with low urgency: PagerDuty may let people sleep then.',
    'Paging never waits for Slack.',
    'Whoever declares twice has two incidents, so the open ones are listed in the answer.',
  ],
  arguments: [{ name: 'title', help: 'What is wrong, as people will read it.', many: true }],
  options: {
    severity: { type: 'text', help: 'sev1 (all is lost) to sev4 (hardly anything is); sev2 unless told.' },
    service: { type: 'text', help: 'The service that is affected.' },
    private: { type: 'flag', help: 'A private room, announced nowhere.' },
  },
  examples: [EXAMPLE, 'declare customer data is exposed --private', 'declare disk of kafka-0 full --service kafka'],

  async handle({ rest, options, flags }, context): Promise<Reply> {
    context.authorizeResponding();
    const severity = severityOf(options['severity'] ?? 'sev2');
    const title = rest.join(' ').trim();
    if (title === '') return askByForm(formFor(options, flags), ['It needs a title: what is wrong, in a few words.']);
    const service = options['service']?.trim();
    const { incidents, actor: by, origin } = context;
    const about = { title, severity, private: flags.has('private'), by, origin };
    const incident = await incidents.declare({ ...about, service: service === '' ? undefined : service });
    const [{ state }, open, paging] = await Promise.all([
      incidents.read(incident),
      incidents.open(),
      sayPaging(incident, severity, flags.has('private'), context),
    ]);
    const others = open.filter((view) => view.state.opening.incident !== incident);
    return {
      ok: true,
      lines: [
        ...paging.before,
        `Incident ${incident} is declared: ${state.severity}, ${disarm(title)}`,
        sayRoom(state, context),
        ...paging.after,
        ...sayOthers(others, context),
      ],
      data: { incident, severity: state.severity, private: state.opening.private, room: roomName(state, context) },
    };
  },
});

function roomName({ opening }: IncidentState, { incidents }: CommandContext): string | null {
  return incidents.settings.chat ? `#incident-${opening.incident}` : null;
}

function sayRoom(state: IncidentState, context: CommandContext): string {
  const room = roomName(state, context);
  const { incident } = state.opening;
  if (room === null) return `There is no Slack here, so it gets no room. Work on it here: dr status ${incident}`;
  return `Its ${state.opening.private ? 'private ' : ''}room will be ${room}.`;
}

/** Only what is known: that it is recorded, and who is tried. Whether they were reached is for `dr status` to say. */
async function sayPaging(incident: string, severity: Severity, isPrivate: boolean, context: CommandContext) {
  const { settings } = context.incidents;
  const { rest, events } = settings.pager;
  if (!rest && !events && !settings.chat)
    return { before: [], after: ['PagerDuty is not configured: NOBODY is paged. Call whoever must know.'] };
  const before = await warnUndriven(context, 'call');
  if (!rest && !events)
    return { before, after: [`PagerDuty is not configured: ${sayAloud(settings, isPrivate)} Call whoever must know.`] };
  if (before.length > 0) return { before, after: [] };
  const urgency = severity === 'sev1' || severity === 'sev2' ? '' : ', with low urgency';
  const now = `Recorded. Muster is paging whoever is on call now${urgency}; whether it worked: dr status ${incident}`;
  return { before, after: [now] };
}

/** As the effect page-aloud does it. */
function sayAloud({ announceIn }: IncidentSettings, isPrivate: boolean): string {
  if (isPrivate || announceIn === undefined) return '@here goes to its room, once that is open.';
  return `@here goes to ${/^[CG][A-Z0-9]{6,}$/.test(announceIn) ? `<#${announceIn}>` : `#${announceIn.replace(/^#/, '')}`}.`;
}

function sayOthers(others: readonly IncidentView[], context: CommandContext): string[] {
  return others.length === 0 ? [] : [`Open too: ${listOpen(context, others).join('; ')}`];
}

/** What was typed already stands in it. */
function formFor(options: CommandArgs['options'], flags: CommandArgs['flags']): Modal {
  const choices = SEVERITIES.map((value) => ({ value, label: WORDS[value] }));
  return {
    title: 'Declare an incident',
    submit: 'Declare',
    intro: 'Whoever is on call is paged, and a room is opened.',
    command: 'declare',
    inputs: [
      { id: 'title', label: 'What is wrong?', as: 'argument', type: 'text', maxLength: 200 },
      {
        id: 'severity',
        label: 'How bad is it?',
        as: 'option',
        type: 'select',
        optional: true,
        choices,
        initial: options['severity'] ?? 'sev2',
      },
      {
        ...{ id: 'service', label: 'Which service is affected?', as: 'option', type: 'text', optional: true },
        ...{ initial: options['service'] ?? '', maxLength: 100 },
      },
      {
        ...{ id: 'private', label: 'Who may see it?', as: 'option', type: 'checkbox' },
        ...{ text: 'Only those who are called in', initial: flags.has('private') },
      },
    ],
  };
}

const WORDS = {
  sev1: 'sev1: all is lost, or soon will be',
  sev2: 'sev2: a service is down',
  sev3: 'sev3: a service is worse than it should be',
  sev4: 'sev4: hardly anybody notices',
} as const;
