import { defineCommand } from '../src/contracts.ts';
import type { TextFile } from '../src/domain/chat-message.ts';
import type { Json } from '../src/domain/plan.ts';
import { postsStream } from '../src/domain/posts.ts';
import { DrError } from '../src/errors.ts';

/** In characters. */
const LONGEST_FILE = 900_000;

export const command = defineCommand({
  name: 'export',
  group: 'muster',
  summary: 'Gives out all that is recorded of a run and its messages, as JSON lines.',
  details: [
    'One line an event, as it was written, whatever version of Muster wrote it: {"stream": ..., "id": ..., "event": ...}.',
    "In Slack it comes as a file in the asker's direct messages.",
    'Runs that are over are kept for 90 days, and the newest 200 always: export what must be kept longer.',
  ],
  arguments: [{ name: 'run', help: 'The run, as `dr runs` lists it.', required: true }],
  options: {},
  examples: ['export k7m2qd'],

  async handle({ arguments: args }, { actor, ledger }) {
    const run = args['run'] ?? '';
    const streams = [`run-${run}`, postsStream(run)];
    const read = await Promise.all(
      streams.map(async (stream) => (await ledger.raw(stream)).map((entry) => ({ stream, ...entry }))),
    );
    const entries = read.flat();
    if (entries.length === 0) {
      throw new DrError({
        code: 'RUN_NOT_FOUND',
        message: `There is no run "${run}" in the ledger.`,
        action: 'List the runs there are: dr runs',
      });
    }
    const data = entries.map(({ stream, id, text }) => ({ stream, id, event: readEvent(text) ?? text }));
    const lines = entries.map(renderEntry);
    if (actor.kind === 'terminal') return { ok: true, lines, data };
    return { ok: true, lines: [`All that is recorded of run ${run}, as JSON lines.`], file: fileOf(run, lines), data };
  },
});

/** Cut, it would no longer be all. @throws DrError COMMAND_INVALID */
function fileOf(run: string, lines: readonly string[]): TextFile {
  const content = `${lines.join('\n')}\n`;
  if (content.length <= LONGEST_FILE) return { name: `run-${run}.jsonl`, title: `Record of run ${run}`, content };
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `The record of run ${run} is too long for a file in Slack.`,
    action: `In the terminal: dr export ${run}`,
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
