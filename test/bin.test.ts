import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceSkip } from './announce-skip.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Makes this Node.js say that it is an old one, to the guard alone: a child does not inherit it. */
const PRETEND_OLD = [
  '--import',
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})",
];

/** What the small project's entries do: say how they were called, or wait for a signal. */
const ENTRY = `export async function main(argv: string[]): Promise<void> {
  if (argv[0] === 'fail') throw new Error('the entry failed');
  if (argv[0] === 'exit') process.exit(7);
  if (argv[0] === 'wait') waitForSignal();
  console.log(JSON.stringify({ entry: NAME, argv, major: process.version.split('.')[0] }));
}

function waitForSignal(): void {
  const alive = setInterval(() => undefined, 1000);
  process.on('SIGTERM', () => {
    console.log('terminated');
    clearInterval(alive);
    process.exitCode = 3;
  });
}
`;

let small: string;

beforeAll(() => {
  small = mkdtempSync(join(tmpdir(), 'muster-bin-'));
  writeFileSync(join(small, 'package.json'), '{ "type": "module" }');
  for (const file of ['run.js', 'dr']) cpSync(join(ROOT, 'bin', file), join(small, 'bin', file));
  for (const entry of ['src/main.ts', 'src/cli.ts', 'sandbox/main.ts']) {
    mkdirSync(dirname(join(small, entry)), { recursive: true });
    writeFileSync(join(small, entry), ENTRY.replace('NAME', `'${entry}'`));
  }
  mkdirSync(join(small, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(small, 'node_modules/.bin/node'));
  symlinkSync(join(small, 'bin/dr'), join(small, 'node_modules/.bin/dr'));
});

afterAll(() => rmSync(small, { recursive: true, force: true }));

function run(command: string, args: string[], env: Record<string, string> = {}) {
  const options = {
    cwd: tmpdir(),
    encoding: 'utf8',
    timeout: 15_000,
    env: { PATH: process.env['PATH'], ...env },
  } as const;
  return spawnSync(command, args, options);
}

/** The same project with no Node.js of its own. */
function withoutOwnNode(): string {
  const bare = mkdtempSync(join(small, 'bare-'));
  for (const part of ['package.json', 'bin', 'src']) cpSync(join(small, part), join(bare, part), { recursive: true });
  return bare;
}

describe('bin/run.js', () => {
  test.each([
    ['main', 'src/main.ts'],
    ['cli', 'src/cli.ts'],
    ['sandbox', 'sandbox/main.ts'],
  ])('%s starts %s with the arguments as given', (name, entry) => {
    const { stdout, status } = run(process.execPath, [join(small, 'bin/run.js'), name, 'a b', '--from=$(x)']);
    expect(JSON.parse(stdout)).toEqual({ entry, argv: ['a b', '--from=$(x)'], major: 'v24' });
    expect(status).toBe(0);
  });

  test.each([[[]], [['constructor']], [['../src/main.ts']]])('refuses what is no entry: %j', (args) => {
    const { stderr, status } = run(process.execPath, [join(small, 'bin/run.js'), ...args]);
    expect(stderr).toBe('Usage: node bin/run.js <main|cli|sandbox|bench> [args...]\n');
    expect(status).toBe(1);
  });

  test('an entry that fails, fails the process and says why', () => {
    const { stderr, status } = run(process.execPath, [join(small, 'bin/run.js'), 'cli', 'fail']);
    expect(stderr).toContain('the entry failed');
    expect(status).toBe(1);
  });

  test("an old Node.js hands over to the project's own, with its exit code", () => {
    const { stdout } = run(process.execPath, [...PRETEND_OLD, join(small, 'bin/run.js'), 'cli', 'runs']);
    expect(JSON.parse(stdout)).toEqual({ entry: 'src/cli.ts', argv: ['runs'], major: 'v24' });
    expect(run(process.execPath, [...PRETEND_OLD, join(small, 'bin/run.js'), 'cli', 'exit']).status).toBe(7);
  });

  test('an old Node.js passes SIGTERM on and waits for the end', async () => {
    const child = spawn(process.execPath, [...PRETEND_OLD, join(small, 'bin/run.js'), 'main', 'wait']);
    const lines: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      lines.push(...chunk.toString().trim().split('\n'));
      if (lines.length === 1) child.kill('SIGTERM');
    });
    const [code] = await once(child, 'close');
    expect(lines.at(-1)).toBe('terminated');
    expect(code).toBe(3);
  });

  test('an old Node.js and none of our own: says what to do', () => {
    const bare = withoutOwnNode();
    mkdirSync(join(bare, 'node_modules'));
    const { stderr, status } = run(process.execPath, [...PRETEND_OLD, join(bare, 'bin/run.js'), 'cli']);
    expect(stderr).toContain('Muster needs Node.js 24 or newer; this is 20.20.2');
    expect(stderr).toContain(`Run \`npm ci\` in ${bare}`);
    expect(status).toBe(1);
  });

  test('no dependencies installed: says what to do', () => {
    const bare = withoutOwnNode();
    const { stderr, status } = run(process.execPath, [join(bare, 'bin/run.js'), 'cli']);
    expect(stderr).toBe(`Dependencies are missing: run \`npm ci\` in ${bare}.\n`);
    expect(status).toBe(1);
  });
});

describe('bin/dr', () => {
  const asked = { entry: 'src/cli.ts', argv: ['restore', 'namespace', 'a b'], major: 'v24' };

  test.each(['bin/dr', 'node_modules/.bin/dr'])('runs from another folder as %s', (path) => {
    const { stdout, status } = run(join(small, path), ['restore', 'namespace', 'a b']);
    expect(JSON.parse(stdout)).toEqual(asked);
    expect(status).toBe(0);
  });

  test('follows a chain of relative and absolute links, from the PATH, through a folder with a blank', () => {
    const folder = join(small, 'my tools');
    mkdirSync(folder);
    symlinkSync('../node_modules/.bin/dr', join(folder, 'first'));
    symlinkSync(join(folder, 'first'), join(folder, 'dr'));
    const path = [folder, process.env['PATH']].join(delimiter);
    const { stdout } = run('dr', ['restore', 'namespace', 'a b'], { PATH: path });
    expect(JSON.parse(stdout)).toEqual(asked);
  });

  test('no Node.js at all: says what to do', () => {
    const bare = withoutOwnNode();
    const tools = join(bare, 'tools');
    mkdirSync(tools);
    for (const tool of ['dirname', 'readlink']) symlinkSync(realpathSync(`/usr/bin/${tool}`), join(tools, tool));
    const { stderr, status } = run('/bin/sh', [join(bare, 'bin/dr')], { PATH: tools });
    expect(stderr).toContain(`run \`npm ci\` in ${bare}`);
    expect(status).toBe(127);
  });

  test('runs the real terminal entry', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const { stdout, status } = run(join(ROOT, 'bin/dr'), ['--version']);
    expect(stdout).toContain(version);
    expect(status).toBe(0);
  });
});

const old = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find(
    (node) =>
      existsSync(node) && !node.includes('node_modules') && Number(/^v(\d+)/.exec(run(node, ['-v']).stdout)?.[1]) < 24,
  );
if (old === undefined) announceSkip('test/bin.test.ts, with a real old Node.js', 'no Node.js below 24 on the PATH');

test.skipIf(old === undefined)('a real old Node.js hands over too', () => {
  const { stdout } = run(String(old), [join(small, 'bin/run.js'), 'cli', 'runs']);
  expect(JSON.parse(stdout)).toEqual({ entry: 'src/cli.ts', argv: ['runs'], major: 'v24' });
});
