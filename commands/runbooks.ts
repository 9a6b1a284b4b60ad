import { defineCommand } from '../src/contracts.ts';

export const command = defineCommand({
  name: 'runbooks',
  summary: 'Lists the runbooks, their parameters and their steps.',
  arguments: [],
  options: {},
  open: true,
  examples: ['runbooks'],

  handle(_args, { runs }) {
    const books = [...runs.runbooks];
    const lines = books.flatMap(([name, { title, params, steps, command: startedBy }]) => [
      `${name}: ${title} (dr ${startedBy ?? `run ${name}`})`,
      `  parameters: ${
        Object.entries(params)
          .map(([param, { required }]) => (required === true ? param : `[${param}]`))
          .join(' ') || 'none'
      }`,
      `  steps: ${steps.map(({ id, uses }) => `${id} (${uses})`).join(' -> ')}`,
    ]);
    return Promise.resolve({ ok: true, lines, data: books.map(([name, { title }]) => ({ name, title })) });
  },
});
