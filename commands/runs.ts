import { defineCommand } from '../src/contracts.ts';
import { isOver } from '../src/domain/run.ts';
import { DrError } from '../src/errors.ts';
import { describeRun, renderRunList } from '../src/views/run.ts';

const DEFAULT_LIMIT = 20;

export const command = defineCommand({
  name: 'runs',
  summary: 'Lists the newest runs and where each stands.',
  arguments: [],
  options: {
    active: { type: 'flag', help: 'Only runs that are not over.' },
    limit: { type: 'text', help: `How many, ${DEFAULT_LIMIT} unless told.` },
  },
  examples: ['runs', 'runs --active', 'runs --limit 5'],

  async handle({ flags, options }, { runs, clock }) {
    const limit = parseLimit(options['limit']);
    const [views, unread] = await Promise.all([runs.list(limit), runs.unread(limit)]);
    const shown = flags.has('active') ? views.filter(({ state }) => !isOver(state)) : views;
    return {
      ok: true,
      lines: [...renderRunList(shown, clock.now()), ...unread.map(({ message }) => message)],
      data: shown.map((view) => describeRun(view)),
    };
  },
});

function parseLimit(text: string | undefined): number {
  const limit = Number(text ?? DEFAULT_LIMIT);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 500) return limit;
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `--limit must be a number from 1 to 500, not "${text}".`,
    action: 'dr runs --limit 50',
  });
}
