import { defineCommand } from '../src/contracts.ts';
import type { Json } from '../src/domain/plan.ts';
import { postsStream } from '../src/domain/posts.ts';
import { DrError } from '../src/errors.ts';

export const command = defineCommand({
  name: 'export',
  group: 'muster',
  summary: 'Prints all that is recorded of a run and its messages, as JSON lines; in the terminal only.',
  details: [
    'One line an event, as it was written, whatever version of Muster wrote it: {"stream": ..., "id": ..., "event": ...}.',
    'Runs that are over are kept for 90 days, and the newest 200 always: export what must be kept longer.',
  ],
  arguments: [{ name: 'run', help: 'The run, as `dr runs` lists it.', required: true }],
  options: {},
  examples: ['export k7m2qd'],

  async handle({ arguments: args }, { actor, ledger }) {
    const run = args['run'] ?? '';
    if (actor.kind !== 'terminal') {
      throw new DrError({
        code: 'COMMAND_INVALID',
        message: 'A run is exported in the terminal only: it is too long for a message.',
        action: `In the terminal: dr export ${run}`,
      });
    }
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
    return { ok: true, lines: entries.map(renderEntry), data };
  },
});

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
