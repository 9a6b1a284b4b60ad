import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BACKUP_ROWS } from './backup-rows.ts';
import { CLUSTER_ROWS } from './cluster-rows.ts';
import { RESTORE_ROWS } from './restore-rows.ts';

const FILE = join(import.meta.dirname, '../../../docs/faults.md');
const INTRO = `# What can go wrong, and what Muster says

Each row is a journey that the tests play against the sandbox: the fault is made, the namespace is asked for, and the run must end so,
with this sentence in \`dr status\` and this number of Restores created by the run. \`UPDATE_DOCS=1 npx vitest run test/journeys/faults/table.test.ts\`
writes this page. Refused: nothing was changed. Parked: it waits for a human, and \`dr retry\` looks before it goes on. How long a phase may
last is in \`runbooks/restore-namespace.yaml\`.
`;

test('docs/faults.md is the table that the journeys play', async () => {
  const rows = [...BACKUP_ROWS, ...RESTORE_ROWS, ...CLUSTER_ROWS];
  const lines = rows.map(
    ({ fault, ends, sentence, restores }) => `| ${fault} | ${ends} | ${sentence.trim()} | ${restores} |`,
  );
  const text = [INTRO, '| fault | the run ends | the sentence | Restores |', '|---|---|---|---|', ...lines, ''].join(
    '\n',
  );
  if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(FILE, text);
  expect(await readFile(FILE, 'utf8')).toBe(text);
  expect(new Set(rows.map(({ fault }) => fault)).size).toBe(rows.length);
});
