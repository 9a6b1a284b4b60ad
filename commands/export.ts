import { type CommandContext, defineCommand } from '../src/contracts.ts';
import type { TextFile } from '../src/domain/chat-message.ts';
import { incidentStream } from '../src/domain/incident-events.ts';
import { parseIncidentName } from '../src/domain/incident-name.ts';
import type { Json } from '../src/domain/plan.ts';
import { postsStream } from '../src/domain/posts.ts';
import { DrError } from '../src/errors.ts';
import { findIncident } from '../src/responding/find-incident.ts';

/** In characters. */
const LONGEST_FILE = 900_000;

export const command = defineCommand({
  name: 'export',
  group: 'muster',
  summary: 'Gives out all that is recorded of a run and its messages, or of an incident, as JSON lines.',
  details: [
    'One line an event, as it was written, whatever version of Muster wrote it: {"stream": ..., "id": ..., "event": ...}.',
    "In Slack it comes as a file in the asker's direct messages.",
    'Incidents are kept. Runs that are over are kept for 90 days, and the newest 200 always: export what must be kept longer.',
  ],
  arguments: [
    { name: 'what', help: 'The run, as `dr runs` lists it, or the incident, by its id or its room.', required: true },
  ],
  options: {},
  examples: ['export k7m2qd', 'export 20261126-174158'],

  async handle({ arguments: args }, context) {
    const { name, streams } = await findStreams(args['what'] ?? '', context);
    const read = await Promise.all(
      streams.map(async (stream) => (await context.ledger.raw(stream)).map((entry) => ({ stream, ...entry }))),
    );
    const entries = read.flat();
    if (entries.length === 0) {
      throw new DrError({
        code: 'RUN_NOT_FOUND',
        message: `There is no ${name} in the ledger.`,
        action: 'List what there is: dr runs, dr incidents --all',
      });
    }
    const data = entries.map(({ stream, id, text }) => ({ stream, id, event: readEvent(text) ?? text }));
    const lines = entries.map(renderEntry);
    if (context.actor.kind === 'terminal') return { ok: true, lines, data };
    return { ok: true, lines: [`All that is recorded of ${name}, as JSON lines.`], file: fileOf(name, lines), data };
  },
});

/** @throws DrError ACCESS_DENIED for a private incident that is not to be shown here */
async function findStreams(what: string, context: CommandContext): Promise<{ name: string; streams: string[] }> {
  const named = parseIncidentName(what);
  if (named === undefined) return { name: `run ${what}`, streams: [`run-${what}`, postsStream(what)] };
  // What a newer version declared cannot be read, but can be given out: to know whether it is private takes reading it.
  const { state } = await findIncident(context, what);
  const { incident } = state.opening;
  return { name: `incident ${incident}`, streams: [incidentStream(incident)] };
}

/** Cut, it would no longer be all. @throws DrError COMMAND_INVALID */
function fileOf(name: string, lines: readonly string[]): TextFile {
  const content = `${lines.join('\n')}\n`;
  if (content.length <= LONGEST_FILE) {
    const file = name.replace(' ', '-');
    return { name: `${file}.jsonl`, title: `Record of ${name}`, content };
  }
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `The record of ${name} is too long for a file in Slack.`,
    action: 'Give the same command in the terminal: dr export ...',
  });
}

/** The event to the letter, where it is JSON on one line. */
function renderEntry({ stream, id, text }: { stream: string; id: string; text: string }): string {
  const event = readEvent(text);
  const shown = event === undefined || /[\r\n]/.test(text) ? JSON.stringify(event ?? text) : text;
  return `{"stream":${JSON.stringify(stream)},"id":${JSON.stringify(id)},"event":${shown}}`;
}

/** undefined: no JSON; it stays the text that it is. */
function readEvent(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
