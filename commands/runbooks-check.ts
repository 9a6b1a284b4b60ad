import { defineCommand } from '../src/contracts.ts';
import type { CheckedRunbook } from '../src/domain/checked-runbook.ts';
import { counted } from '../src/domain/counted.ts';
import { DrError } from '../src/errors.ts';

export const command = defineCommand({
  name: 'runbooks check',
  summary: 'Checks every runbook of a folder: each problem with its file, line, column and what to write instead.',
  details: ['Nothing is loaded or started. In Slack only the loaded runbooks are checked.'],
  arguments: [{ name: 'folder', help: 'In the terminal: the folder to check; without it, the one that is loaded.' }],
  options: {},
  examples: ['runbooks check', 'runbooks check ./runbooks'],

  async handle({ arguments: args }, { actor, runs }) {
    const { folder } = args;
    if (folder !== undefined && actor.kind !== 'terminal') {
      throw new DrError({
        code: 'COMMAND_INVALID',
        message: 'A folder is checked in the terminal only.',
        action: 'Check the loaded runbooks: dr runbooks check',
      });
    }
    const checked = await runs.checkRunbooks(folder);
    const bad = checked.filter(({ problems }) => problems.length > 0);
    const data = checked.map(({ file, problems }) => ({ file, problems }));
    if (checked.length === 0) return { ok: false, lines: ['There is no runbook: no file ends in ".yaml".'], data };
    const lines = [...checked.flatMap(describe), summarize(checked.length, bad)];
    return { ok: bad.length === 0, lines, data };
  },
});

function describe({ file, runbook, problems }: CheckedRunbook): string[] {
  if (runbook === undefined) return problems;
  const { params, steps } = runbook;
  return [`${file} ok: ${counted(steps.length, 'step')}, ${counted(Object.keys(params).length, 'parameter')}`];
}

function summarize(all: number, bad: readonly CheckedRunbook[]): string {
  if (bad.length === 0) return `${counted(all, 'runbook')}, no problem.`;
  const problems = bad.flatMap((file) => file.problems).length;
  return `${bad.length} of ${counted(all, 'runbook')} cannot be used: ${counted(problems, 'problem')}.`;
}
