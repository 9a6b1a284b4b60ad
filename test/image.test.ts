import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findImports, ROOT, readSources } from './architecture/source.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest: { dependencies: Record<string, string> } = JSON.parse(read('package.json'));
const lines = read('Dockerfile').split('\n');
/** What the image takes from the project, not from its own first stage. */
const copied = new Set(lines.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? []));

test('the image takes what exists, what .dockerignore lets through, and nothing of the sandbox or the tests', () => {
  const allowed = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  expect([...copied].sort()).toEqual(allowed.sort());
  expect([...copied].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect([...copied].filter((path) => /^(\.|sandbox|test|node_modules)/.test(path))).toEqual([]);
});

test('the image runs as a number that is not root', () => {
  expect(lines.filter((line) => line.startsWith('USER'))).toEqual(['USER 1000:1000']);
});

test('what the image imports is there after `npm ci --omit=dev`, and inside the image', () => {
  const folders = ['src', 'commands'];
  const imports = readSources(...folders).flatMap((source) =>
    findImports(source).filter(({ when }) => when !== 'type'),
  );
  const packages = imports
    .map(({ from }) => from)
    .filter((from) => !/^(node:|src\/|commands\/|package\.json$)/.test(from));
  expect(packages).not.toEqual([]);
  expect(packages.filter((name) => manifest.dependencies[name] === undefined)).toEqual([]);
});
