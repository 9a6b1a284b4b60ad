import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findUnguarded, GUARDS } from './guards.ts';
import type { Row } from './row.ts';
import { findRow, TABLE } from './table.ts';

const FILE = join(import.meta.dirname, '../../../docs/faults.md');
const INTRO = `# What can go wrong, and what Muster says

Each row is a journey that the tests play against the sandbox: the fault is made, the namespace is asked for, and the run must end so,
with this sentence in \`dr status\` and this number of Restores created by the run; where it says Backups, \`dr backup create\` is asked for. \`UPDATE_DOCS=1 npx vitest run test/journeys/faults/table.test.ts\`
writes this page. Refused: nothing was changed. Parked: it waits for a human, and \`dr retry\` looks before it goes on. How long a phase may
last is in \`runbooks/restore-namespace.yaml\`. What stands before "Then:" is in the plan, before it is approved.

Whatever Muster looks at has a row here: \`test/journeys/faults/guards.ts\` says which, and tests take each check, refusal and rule away in
turn and see its row turn red. One that is new and has no row fails them.
`;

test('docs/faults.md is the table that the journeys play', async () => {
  const lines = TABLE.map((row) => `| ${row.fault} | ${row.ends} | ${sentenceOf(row)} | ${madeBy(row)} |`);
  const text = [INTRO, '| fault | the run ends | the sentence | Restores |', '|---|---|---|---|', ...lines, ''].join(
    '\n',
  );
  if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(FILE, text);
  expect(await readFile(FILE, 'utf8')).toBe(text);
  expect(new Set(TABLE.map(({ fault }) => fault)).size).toBe(TABLE.length);
});

/** A restore's number is enough. */
function madeBy({ asks, restores }: Row): string {
  return asks === undefined ? String(restores) : `${restores} ${restores === 1 ? 'Backup' : 'Backups'}`;
}

/** Without what is there only to hold the end of the sentence fast. */
function sentenceOf({ plan, sentence }: Row): string {
  const said = sentence.replace(/( Next:)?\s*$/, '').trim();
  return plan === undefined ? said : `${plan.replace(/^[!?] /, '')} Then: ${said}`;
}

test('what nobody guards is found', () => {
  const said = { step: 'velero.restore', stage: 'verification', says: 'data' } as const;
  expect(findUnguarded([said, { ...said, says: 'restore' }])).toEqual([said]);
});

test('each guard has its row', () => {
  expect(GUARDS.map(({ row }) => findRow(row).fault)).toHaveLength(GUARDS.length);
});
