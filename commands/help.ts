import { type Command, type CommandContext, defineCommand, type Reply } from '../src/contracts.ts';
import { didYouMean, suggest } from '../src/domain/suggest.ts';
import { DrError } from '../src/errors.ts';
import { renderCommandHelp, renderCommandList } from '../src/views/help.ts';
import { renderRunbookHelp } from '../src/views/runbook.ts';

export const command = defineCommand({
  name: 'help',
  group: 'muster',
  summary: 'Shows what there is, or one command in full.',
  arguments: [
    { name: 'command', help: 'The command to explain.' },
    { name: 'subject', help: 'Its second word, as in `help restore namespace`; for `run`, a runbook.' },
  ],
  options: {},
  open: true,
  examples: ['help', 'help restore namespace', 'help run restore-namespace'],

  handle({ arguments: args }, context): Promise<Reply> {
    if (args['command'] === 'run') return Promise.resolve(explainRun(args['subject'], context));
    const wanted = [args['command'], args['subject']].filter((word) => word !== undefined).join(' ');
    const found = wanted === '' ? [...context.commands.values()] : find(wanted, context);
    const lines = wanted === '' || found.length > 1 ? renderCommandList(found) : found.flatMap(renderCommandHelp);
    return Promise.resolve({ ok: true, lines, data: found.map(({ name, summary }) => ({ name, summary })) });
  },
});

/** What `run` takes depends on the runbook. */
function explainRun(wanted: string | undefined, { commands, runs: { runbooks } }: CommandContext): Reply {
  const found = [...runbooks].filter(([name]) => wanted === undefined || name === wanted);
  if (wanted !== undefined && found.length === 0) {
    throw new DrError({
      code: 'RUNBOOK_NOT_FOUND',
      message: `There is no runbook "${wanted}"; ${didYouMean(wanted, runbooks.keys())}`,
      action: 'List them: dr runbooks',
    });
  }
  const run = commands.get('run');
  const lines = wanted !== undefined || run === undefined ? [] : [...renderCommandHelp(run), ''];
  const data = found.map(([name, { summary, params }]) => ({ name, summary, params: Object.keys(params) }));
  return { ok: true, lines: [...lines, ...found.flatMap(([name, book]) => renderRunbookHelp(name, book))], data };
}

function find(wanted: string, { commands }: CommandContext): Command[] {
  const exact = commands.get(wanted);
  if (exact !== undefined) return [exact];
  const family = [...commands.values()].filter(({ name }) => name.startsWith(`${wanted} `));
  if (family.length > 0) return family;
  const near = suggest(wanted, [...commands.keys()]);
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `There is no command "${wanted}".${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    action: 'See what there is: dr help',
  });
}
