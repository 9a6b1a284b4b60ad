import { execFile } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { writeFolder } from '../adapters/yaml-folder.ts';
import { IN_SLACK, openDoor, ROOT } from './front-door.ts';

const BROKEN = join(ROOT, 'test/fixtures/broken-runbooks');
const files = (await readdir(BROKEN)).sort();
/** A runbook that is sound with the step types there are. */
const SHIPPED = join(ROOT, 'runbooks/restore-namespace.yaml');

/** The first line of a broken runbook says what the check must answer to it. */
async function expectationOf(file: string): Promise<string[]> {
  const [line = ''] = (await readFile(join(BROKEN, file), 'utf8')).split('\n');
  return line.replace('# expect: ', '').split(' | ');
}

describe('dr runbooks check', () => {
  test('tells of each of 20 and more broken runbooks its file, line, column and what to write instead', async () => {
    expect(files.length).toBeGreaterThanOrEqual(20);
    const { ok, lines } = await (await openDoor()).type(`runbooks check ${BROKEN}`);
    expect(ok).toBe(false);
    const shown = lines.slice(0, -1).map((line) => line.slice(line.lastIndexOf('/', line.indexOf('.yaml')) + 1));
    const expected = await Promise.all(
      files.map(async (file) => (await expectationOf(file)).map((problem) => `${file}:${problem}`)),
    );
    expect(shown).toEqual(expected.flat());
    for (const line of shown) expect(line).toMatch(/^[a-z-]+\.yaml:\d+:\d+ [^;]+; .+/);
    expect(lines.at(-1)).toBe(
      `${files.length} of ${files.length} runbooks cannot be used: ${expected.flat().length} problems.`,
    );
  });

  test('says which are fine beside those that are not, and of the loaded folder when none is named', async () => {
    const folder = await writeFolder({ 'a-broken.yaml': 'title: x\n' });
    await cp(SHIPPED, join(folder, basename(SHIPPED)));
    const door = await openDoor({ RUNBOOKS_DIR: folder });
    const { ok, lines, data } = await door.type('runbooks check');
    expect(ok).toBe(false);
    expect(lines.slice(-2)).toEqual([
      `${join(folder, 'restore-namespace.yaml')} ok: 5 steps, 7 parameters`,
      '1 of 2 runbooks cannot be used: 4 problems.',
    ]);
    expect(data).toMatchObject([{ problems: { length: 4 } }, { problems: [] }]);
    // What is sound can be used meanwhile.
    expect(door.broken).toHaveLength(4);
    expect((await door.type('runbooks')).lines.join('\n')).toContain('restore-namespace: Restore a namespace');
    expect((await door.type('run a-broken')).lines[0]).toContain('There is no runbook "a-broken"');
  });

  test('an empty folder is no success, nor is one that is not there', async () => {
    const door = await openDoor();
    expect(await door.type(`runbooks check ${await writeFolder({})}`)).toMatchObject({
      ok: false,
      lines: ['There is no runbook: no file ends in ".yaml".'],
    });
    const missing = await door.type('runbooks check /nowhere');
    expect(missing.lines[0]).toBe('/nowhere:1:1 the folder cannot be read (ENOENT); check its path, or RUNBOOKS_DIR');
  });

  test('from Slack no folder of the machine can be looked into', async () => {
    const door = await openDoor();
    expect((await door.type('runbooks check', IN_SLACK)).lines.at(-1)).toBe('2 runbooks, no problem.');
    for (const folder of ['/etc', './runbooks']) {
      const { ok, lines } = await door.type(`runbooks check ${folder}`, IN_SLACK);
      expect(ok).toBe(false);
      expect(lines).toEqual([
        'A folder is checked in the terminal only.',
        'Next: Check the loaded runbooks: dr runbooks check',
      ]);
    }
  });

  test.each([
    ['a sound folder', [join(ROOT, 'runbooks')], {}, 0],
    ['a broken one', [BROKEN], {}, 1],
    ['a broken one that is loaded', [], { RUNBOOKS_DIR: BROKEN }, 1],
  ])('exit code: %s', async (_, words, env, expected) => {
    const run = promisify(execFile)(
      process.execPath,
      [join(ROOT, 'bin/run.js'), 'cli', 'runbooks', 'check', ...words],
      {
        env: { PATH: process.env['PATH'] ?? '', ...env },
      },
    );
    const { code, stderr } = await run.then(
      (done) => ({ code: 0, ...done }),
      (failed: { code: number; stderr: string }) => failed,
    );
    expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
  });
});
