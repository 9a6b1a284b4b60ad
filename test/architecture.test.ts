import { describe, expect, test } from 'vitest';
import * as rules from './architecture/rules.ts';
import { findImports, readSources, type Source } from './architecture/source.ts';

const product = readSources('src', 'commands', 'sandbox');
const tests = readSources('test');
/** An entry too: `npm run bench`. */
const benches = readSources('test/bench').filter(({ path }) => !path.endsWith('.test.ts'));

describe('the code base', () => {
  test('is found', () => {
    expect(product.length).toBeGreaterThan(10);
    expect(tests.map(({ path }) => path)).toContain('test/architecture.test.ts');
  });

  test.each([
    ['imports only what its layer allows', rules.checkImports],
    ['reads the environment in the entries only', rules.checkEnvironment],
    ['goes round neither the type checker nor the linter', rules.checkEscapes],
    ['is finished', rules.checkFinished],
  ])('%s', (_name, check) => {
    expect(benches.map(({ path }) => path)).toContain('test/bench/main.ts');
    expect([...product, ...benches].flatMap(check)).toEqual([]);
  });

  test.each([
    ['has short files', rules.checkLength],
    ['has names that say their subject', rules.checkName],
  ])('%s', (_name, check) => {
    expect([...product, ...tests].flatMap(check)).toEqual([]);
  });

  test('has no import cycles', () => {
    expect(rules.findCycles([...product, ...benches])).toEqual([]);
  });

  test('mocks no modules and switches no test off', () => {
    expect(tests.filter(({ path }) => !path.startsWith('test/architecture')).flatMap(rules.checkTest)).toEqual([]);
  });
});

const file = (path: string, ...lines: string[]): Source => ({ path, text: `${lines.join('\n')}\n` });

describe('the import scanner', () => {
  test.each([
    ["import { a } from './b.ts';", [{ from: 'src/engine/b.ts', when: 'value' }]],
    ["import type { A } from '../ports.ts';", [{ from: 'src/ports.ts', when: 'type' }]],
    ["import { type A, b } from '../ports.ts';", [{ from: 'src/ports.ts', when: 'value' }]],
    ["import {\n  type A,\n  type B,\n} from '../ports.ts';", [{ from: 'src/ports.ts', when: 'type' }]],
    ["import * as sdk from '@slack/web-api/dist/x.js';", [{ from: '@slack/web-api', when: 'value' }]],
    ["import Redis, { type Cluster } from 'ioredis';", [{ from: 'ioredis', when: 'value' }]],
    [
      "export { a } from './b.ts';\nexport type { C } from './c.ts';\nexport * from './d.ts';",
      [
        { from: 'src/engine/b.ts', when: 'value' },
        { from: 'src/engine/c.ts', when: 'type' },
        { from: 'src/engine/d.ts', when: 'value' },
      ],
    ],
    ["import './b.ts';", [{ from: 'src/engine/b.ts', when: 'value' }]],
    ["const { a } = await import('node:fs');", [{ from: 'node:fs', when: 'late' }]],
    ["// import { a } from './b.ts';\n/**\n * import { a } from 'c';\n */\nexport const d = 1; // import('e')", []],
    ["export const text = 'import it from there';", []],
  ])('reads %j', (text, expected) => {
    expect(findImports(file('src/engine/a.ts', text))).toEqual(expected);
  });
});

describe('each rule catches what breaks it', () => {
  test.each([
    ['src/domain/a.ts', "import { DrError } from '../errors.ts';"],
    ['src/domain/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['src/domain/a.ts', "import { WebClient } from '@slack/web-api';"],
    ['src/views/a.ts', "import type { Ledger } from '../ports.ts';"],
    ['src/ports.ts', "import { foldRun } from './domain/run.ts';"],
    ['src/contracts.ts', "import { Redis } from 'ioredis';"],
    ['src/engine/a.ts', "import { defineStep } from '../contracts.ts';"],
    ['src/engine/a.ts', "import { restore } from '../steps/velero.restore.ts';"],
    ['src/steps/a.ts', "const sdk = await import('@kubernetes/client-node');"],
    ['src/steps/a.ts', "import type { Redis } from 'ioredis';"],
    ['src/adapters/slack.ts', "import { openLedger } from './redis-ledger.ts';"],
    ['src/adapters/slack.ts', "import { KubeConfig } from '@kubernetes/client-node';"],
    ['src/adapters/slack.ts', "import type { Command } from '../contracts.ts';"],
    ['commands/a.ts', "import { openLedger } from '../src/adapters/redis-ledger.ts';"],
    ['commands/a.ts', "import { b } from './b.ts';"],
    ['src/main.ts', "import { startSandbox } from '../sandbox/main.ts';"],
    ['sandbox/velero.ts', "import { isTerminalRestorePhase } from '../src/domain/velero.ts';"],
    ['src/main.ts', "import { main } from '../test/bench/main.ts';"],
    ['test/bench/a.ts', "import { Redis } from 'ioredis';"],
    ['src/lonely.ts', 'export const a = 1;'],
  ])('import: %s: %s', (path, text) => {
    expect(rules.checkImports(file(path, text))).toHaveLength(1);
  });

  test.each([
    ['src/domain/a.ts', "import { createHash } from 'node:crypto';"],
    ['src/domain/a.ts', "import { b } from './b.ts';"],
    ['src/engine/a.ts', "import type { StepType } from '../contracts.ts';"],
    ['src/adapters/kubernetes-watch.ts', "import { exchange } from './kubernetes-request.ts';"],
    ['src/adapters/kubernetes-config.ts', "const sdk = await import('@kubernetes/client-node');"],
    ['commands/a.ts', "import { DrError } from '../src/errors.ts';"],
    ['src/main.ts', "import { openLedger } from './adapters/redis-ledger.ts';"],
    ['src/main.ts', "import manifest from '../package.json' with { type: 'json' };"],
  ])('and leaves the rest: %s: %s', (path, text) => {
    expect(rules.checkImports(file(path, text))).toEqual([]);
  });

  test.each([
    'const url = process.env.REDIS_URL;',
    "const url = process['env'].X;",
    "import { env } from 'node:process';",
    'const { env } = process;',
  ])('environment: %s', (text) => {
    expect(rules.checkEnvironment(file('src/engine/a.ts', text))).toHaveLength(1);
    expect(rules.checkEnvironment(file('src/main.ts', text))).toEqual([]);
  });

  test('cycles, but not of types', () => {
    const b = file('src/engine/b.ts', "import { c } from './c.ts';");
    const c = file('src/engine/c.ts', "import { a } from './a.ts';");
    const byValue = file('src/engine/a.ts', "import { b } from './b.ts';");
    const byType = file('src/engine/a.ts', "import type { B } from './b.ts';");
    expect(rules.findCycles([byValue, b, c])).toEqual([
      'src/engine/a.ts -> src/engine/b.ts -> src/engine/c.ts -> src/engine/a.ts',
    ]);
    expect(rules.findCycles([byType, b, c])).toEqual([]);
  });

  test('long files', () => {
    const lines = (count: number) => Array.from({ length: count }, () => 'a;');
    expect(rules.checkLength(file('src/a.ts', ...lines(251)))).toHaveLength(1);
    expect(rules.checkLength(file('src/a.ts', ...lines(250)))).toEqual([]);
    expect(rules.checkLength(file('test/a.test.ts', ...lines(401)))).toHaveLength(1);
  });

  test.each([
    'src/utils/a.ts',
    'src/helpers.ts',
    'src/common/a.ts',
    'test/redis-helpers.ts',
    'src/service.ts',
    'sandbox/manager.ts',
  ])('vague names: %s', (path) => {
    expect(rules.checkName(file(path))).toHaveLength(1);
  });

  test.each([
    'const a = b as unknown as C;',
    `// @ts-${'ignore'}`,
    `// biome-${'ignore'} lint: because`,
    `// biome-${'ignore'} lint/suspicious/noExplicitAny: because`,
    `// biome-${'ignore'}-all lint/style/useConst: because`,
    '@sealed\nclass A {}',
    'class A {\n  accessor b = 1;\n}',
  ])('escapes: %s', (text) => {
    expect(rules.checkEscapes(file('src/a.ts', text))).toHaveLength(1);
  });

  test('escapes: a rule of taste with its reason is none, nor are the words in a comment', () => {
    const taste = `// biome-${'ignore'} lint/suspicious/noControlCharactersInRegex: these are looked for`;
    expect(rules.checkEscapes(file('src/a.ts', taste, '// as unknown as'))).toEqual([]);
  });

  test('unfinished work', () => {
    expect(rules.checkFinished(file('src/a.ts', '// TODO: later'))).toHaveLength(1);
    expect(rules.checkFinished(file('src/a.ts', '// a placeholder for now'))).toHaveLength(1);
    // Block Kit has a field of that name.
    expect(rules.checkFinished(file('src/a.ts', "a({ placeholder: b['placeholder'] });"))).toEqual([]);
  });

  test.each([`vi.${'mock'}('./a.ts')`, `test.${'skip'}('a', b)`, `describe.${'only'}('a', b)`, `expect(${'true'})`])(
    'tests: %s',
    (text) => {
      expect(rules.checkTest(file('test/a.test.ts', text))).toHaveLength(1);
      expect(rules.checkTest(file('test/a.test.ts', `test.${'skipIf'}(c)('a', b)`))).toEqual([]);
    },
  );
});
