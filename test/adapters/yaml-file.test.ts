import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadRunbooks, loadYaml } from '../../src/adapters/yaml-file.ts';
import { fillParams, resolveSteps } from '../../src/domain/runbook.ts';
import { GOOD_RUNBOOK, problemsOf, refusalOf, STEP_TYPES, writeFolder } from './yaml-folder.ts';

test('a good folder: sorted, named after the files, other files ignored', async () => {
  const other = GOOD_RUNBOOK.replace('command: restore namespace\n', '');
  const folder = await writeFolder({ 'b.yaml': GOOD_RUNBOOK, 'a-1.yaml': other, 'README.md': '# no', '.x.yaml': 'no' });
  expect([...(await loadRunbooks(folder, STEP_TYPES)).keys()]).toEqual(['a-1', 'b']);
});

test('a runbook may be a symbolic link, as ConfigMaps mount it', async () => {
  const folder = await writeFolder({ real: GOOD_RUNBOOK });
  await symlink('real', join(folder, 'linked.yaml'));
  expect([...(await loadRunbooks(folder, STEP_TYPES)).keys()]).toEqual(['linked']);
});

test.each<[string, string | Uint8Array, string]>([
  ['a list', '- a\n', 'the file must be a mapping, not a list'],
  ['text', 'hello\n', 'the file must be a mapping, not "hello"'],
  ['nothing', '', 'the file is empty; write what it is for, or remove it'],
  ['more than 256 KiB', `# ${'x'.repeat(262_144)}`, 'the file is larger than 256 KiB; split it or shorten it'],
  ['what is not UTF-8', new Uint8Array([0x74, 0xff, 0xfe]), 'the file is not UTF-8 text; save it as UTF-8'],
])('a file of %s', async (_, content, line) => {
  expect(await problemsOf({ 'r.yaml': content })).toEqual([`r.yaml:1:1 ${line}`]);
});

describe('loadRunbooks', () => {
  test('all problems of a file in the order of its lines, each once', async () => {
    const text = GOOD_RUNBOOK.replace('summary:', 'sumary:')
      .replace('deadline: 30m', 'deadline: 30')
      .replace('is: set', 'is: sett');
    const lines = await problemsOf({ 'r.yaml': text });
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'r.yaml:1:1',
      'r.yaml:2:1',
      'r.yaml:10:11',
      'r.yaml:20:32',
    ]);
  });

  test('all files are reported in one go', async () => {
    const lines = await problemsOf({
      'a.yaml': GOOD_RUNBOOK.replace('summary:', 'sumary:'),
      'b.yml': GOOD_RUNBOOK,
      'Bad_Name.yaml': GOOD_RUNBOOK.replace('command: restore namespace\n', ''),
      'c.yaml': '- a',
    });
    expect(lines).toEqual([
      expect.stringMatching(/^Bad_Name\.yaml:1:1 the file's name must be lower-case .*; rename the file$/),
      'a.yaml:1:1 "summary" is missing; add "summary:" with text',
      'a.yaml:2:1 unknown key "sumary"; did you mean "summary"?',
      'b.yml:1:1 a runbook\'s file name ends in ".yaml"; rename the file',
      'c.yaml:1:1 the file must be a mapping, not a list',
    ]);
  });

  test('two runbooks cannot have one command', async () => {
    const lines = await problemsOf({ 'a.yaml': GOOD_RUNBOOK, 'b.yaml': GOOD_RUNBOOK });
    expect(lines).toEqual(['b.yaml:1:1 the command "restore namespace" starts a already; choose another']);
  });

  test('a missing folder', async () => {
    const error = await refusalOf(loadRunbooks('/nowhere/at/all', STEP_TYPES));
    expect(error.message).toBe(
      `${'/nowhere/at/all'}:1:1 the folder cannot be read (ENOENT); check its path, or RUNBOOKS_DIR`,
    );
  });

  test('the action says what to do', async () => {
    const error = await refusalOf(loadRunbooks(await writeFolder({ 'r.yaml': '- a' }), STEP_TYPES));
    expect(error.action).toBe('Correct this line and try again; nothing was started.');
  });
});

describe('loadYaml', () => {
  test('returns the value, and takes further checks', async () => {
    const file = join(await writeFolder({ 'x.yaml': 'a: 1\nb:\n  c: 2\n' }), 'x.yaml');
    const schema = z.strictObject({ a: z.int(), b: z.strictObject({ c: z.int() }) });
    expect(await loadYaml(file, schema)).toEqual({ value: { a: 1, b: { c: 2 } } });
    const error = await refusalOf(
      loadYaml(file, schema, () => [{ path: ['b', 'c'], at: 'value', message: 'must be odd' }]),
    );
    expect(error.message).toBe(`${file}:3:6 must be odd`);
  });

  test.each([
    ['a folder', '/tmp', 'this is not a file'],
    ['a device', '/dev/zero', 'this is not a file'],
    ['nothing', '/nowhere/at/all.yaml', 'the file cannot be read (ENOENT)'],
  ])('refuses %s', async (_, file, message) => {
    const error = await refusalOf(loadYaml(file, z.any()));
    expect(error.message).toContain(`${file}:1:1 ${message}`);
  });

  test('a file below the working directory is shown as seen from there', async () => {
    const error = await refusalOf(loadYaml(join(process.cwd(), 'package.json'), z.strictObject({})));
    expect(error.message).toMatch(/^package\.json:2:3 unknown key "name"/);
  });
});

describe('the runbooks that come with Muster', () => {
  const anything = new Map(
    ['cluster.preflight', 'velero.backup', 'velero.restore', 'k8s.wait-ready', 'http.check', 'data.check'].map(
      (name) => [name, { params: z.any() }],
    ),
  );

  test('load, and the health of data-processing is asked for nowhere else', async () => {
    const runbook = (await loadRunbooks(join(import.meta.dirname, '..', '..', 'runbooks'), anything)).get(
      'restore-namespace',
    );
    if (runbook === undefined) throw new Error('there is no restore-namespace');
    const filled = fillParams(runbook, { namespace: 'shop' });
    const ids = 'params' in filled ? resolveSteps(runbook, filled.params).map(({ id }) => id) : [];
    expect(ids).toEqual(['preflight', 'restore', 'wait-ready', 'health', 'data']);
    expect(runbook.health.length).toBeGreaterThan(0);
    expect(runbook.health.filter(({ namespace }) => namespace !== 'data-processing')).toEqual([]);
    // A database that wants a password would turn a good restore into NOT RECOVERED.
    expect(runbook.data).toEqual([]);
  });

  test('their example of assertions about data can be taken as it stands', async () => {
    const text = await readFile(join(import.meta.dirname, '../../runbooks/restore-namespace.yaml'), 'utf8');
    const example = text.slice(text.indexOf('# data:')).replaceAll(/^# ?/gm, '');
    const folder = await writeFolder({ 'restore-namespace.yaml': `${text}${example}` });
    const { data } = (await loadRunbooks(folder, anything)).get('restore-namespace') ?? {};
    expect(data?.map(({ service, atLeast, newerThan }) => [service, atLeast ?? newerThan])).toEqual([
      ['clickhouse', 1_000_000],
      ['clickhouse', '26h'],
    ]);
  });
});
