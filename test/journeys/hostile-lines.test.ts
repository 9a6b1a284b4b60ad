import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canTravel, openWorld, type World } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-hostile-'));
const CANARY = join(folder, 'canary');

/** Lines that must be refused with a sentence. */
const REFUSED = [
  `restore namespace data-processing; touch ${CANARY}`,
  `restore namespace $(touch ${CANARY})`,
  `restore namespace \`touch ${CANARY}\``,
  `restore namespace data-processing && touch ${CANARY}`,
  `restore namespace data-processing | touch ${CANARY}`,
  `restore namespace data-processing > ${CANARY}`,
  `restore namespace data-processing\ntouch ${CANARY}`,
  'restore namespace ${NAMESPACE}',
  'restore namespace ${namespace}',
  'restore namespace *',
  'restore namespace data-*',
  'restore namespace data?processing',
  'restore namespace [a-z]*',
  'restore namespace {data-processing,velero}',
  'restore namespace ../data-processing',
  'restore namespace data-processing/../velero',
  'restore namespace /etc/passwd',
  'restore namespace ..',
  'restore namespace .',
  'restore namespace kube-system',
  'restore namespace kube-public',
  'restore namespace velero',
  'restore namespace VELERO',
  'restore namespace Data-Processing',
  'restore namespace data_processing',
  'restore namespace -data-processing',
  'restore namespace data-processing-',
  'restore namespace "data processing"',
  'restore namespace ""',
  'restore namespace',
  'restore',
  'restore namespace --',
  'restore namespace -- --dry-run',
  'restore namespace --force data-processing',
  'restore namespace data-processing --from',
  'restore namespace data-processing --dry-run=yes',
  'restore namespace data-processing --from a --from',
  'restore namespace data-processing --from ../../etc',
  'restore namespace data-processing --from "*"',
  'restore namespace data-processing --cluster nowhere',
  'restore namespace data-processing --cluster __proto__',
  'restore namespace data-processing extra',
  'restore namespace "data-processing',
  "restore namespace 'data-processing",
  'restore namespace “data-processing',
  'restore namespace data\u0000processing',
  'restore namespace \u001b[31mdata-processing',
  'restore namespace data-processing\u0007',
  'restore namespace \u202egnissecorp-atad',
  'restore namespace dаta-processing',
  'restore namespace データ処理',
  'restore namespace 🔥',
  `restore namespace ${'a'.repeat(64)}`,
  `restore namespace ${'a'.repeat(1_900)}`,
  'x'.repeat(100_000),
  'status nosuch',
  'status ../../etc/passwd',
  'status *',
  'status __proto__',
  'approve nosuch deadbeef --reason "let me in please"',
  'approve __proto__ deadbeef --reason "let me in please"',
  'abort {muster}:installation',
  'retry "run with blanks"',
  'runs --limit 0',
  'runs --limit 1e9',
  'runs --limit NaN',
  'declare',
  'declare ""',
  'declare x --severity sev9',
  'declare x --severity',
  'declare x --private=yes',
  'declare \u001b[2J',
  `declare ${'a'.repeat(2_000)}`,
  'declare "never closed',
  'note',
  'note ""',
  'note x --incident __proto__',
  `note x --incident $(touch ${CANARY})`,
  'note x --incident incident-{muster}',
  'note x --incident ../../etc/passwd',
  'note x --incident 20260101-000000',
  'note \u202ex',
  'ack *',
  'ack __proto__',
  'ack --page 99999999999999999999',
  'timeline <#C0123ABC>',
  'timeline #incident-*',
  'status incident-20260101-000000',
  'severity sev0',
  'severity 1; touch x',
  'role commander',
  'role king me',
  'role commander __proto__',
  'role commander <!channel>',
  'role constructor me',
  'page',
  'page *',
  'page <!channel> now',
  'update --post 0',
  'update --post 1e3',
  'update --edit -1',
  'update --post 1 --edit 1',
  'resolve --incident *',
  'incidents extra',
  'restore namespace data-processing --incident 20260101-000000',
  'restore namespace data-processing --incident __proto__',
  'toString',
  '__proto__',
  'constructor prototype',
  'help __proto__',
  'rm -rf /',
  'resotre namespace data-processing',
];

/** Words as a shell would hand them over: these reach a real process. */
const ARGV = [
  ['restore', 'namespace', `data-processing; touch ${CANARY}`],
  ['restore', 'namespace', 'data-processing\n'],
  ['restore', 'namespace', '\u001b[2J'],
  ['restore', 'namespace', 'kube-system', '--json'],
  ['restore', 'namespace', 'x'.repeat(100_000)],
  ['', ''],
  ['--', '--version'],
];

describe.skipIf(!canTravel)('hostile command lines', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  test.each(REFUSED)('%j is refused with a sentence', async (line) => {
    const { code, text } = await world.inside.type(line);
    expect(code).toBe(1);
    expect(text).not.toMatch(/Unexpected:|undefined|\[object|^\s+at /m);
    expect(text.length).toBeGreaterThan(20);
    expect(text.length).toBeLessThan(6_000);
    // What was typed is not written back raw: a terminal would obey it.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
  });

  test('as real processes they end with a sentence and a code from 1 to 3', async () => {
    const answers = await Promise.all(ARGV.map((words) => world.dr(words)));
    for (const { code, text } of answers) {
      expect([1, 2, 3], text.slice(0, 500)).toContain(code);
      expect(text).not.toMatch(/Unexpected:|^\s+at /m);
      expect(text).not.toContain('\u001b');
      expect(text.length).toBeLessThan(6_000);
    }
  });

  test('after all this nothing was recorded, changed or run', async () => {
    expect(await world.ledger.recent(100)).toEqual([]);
    expect(await world.ledger.unfinished()).toEqual([]);
    expect(await world.ledger.incidents(100)).toEqual([]);
    expect(world.writes()).toEqual([]);
    expect(existsSync(CANARY)).toBe(false);
  });
});
