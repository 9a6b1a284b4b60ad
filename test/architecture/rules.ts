import { adapterOf, type Layer, layerOf, SDK_OWNERS } from './layers.ts';
import { findImports, type Import, type Source, stripComments } from './source.ts';

/** Each rule answers with what is wrong, one line per finding; an empty answer is a pass. */

export function checkImports(source: Source): string[] {
  const layer = layerOf(source.path);
  if (layer === undefined)
    return [`${source.path} belongs to no layer: add one to test/architecture/layers.ts, or move it`];
  return findImports(source)
    .filter((each) => !mayImport(source.path, layer, each))
    .map(
      ({ from, when }) => `${source.path} (${layer.name}) may not import ${from}${when === 'type' ? ' (a type)' : ''}`,
    );
}

function mayImport(path: string, layer: Layer, { from, when }: Import): boolean {
  if (from.startsWith('node:')) return layer.builtins === true || from === 'node:crypto' || from === 'node:util';
  if (!/^(src|commands|sandbox|test|bin)\//.test(from)) return mayImportPackage(path, layer, from);
  const other = layerOf(from);
  if (other === undefined) return from.endsWith('.json') || from === 'package.json';
  if (layer.name === 'adapters' && other === layer) return adapterOf(path) === adapterOf(from);
  if (other === layer) return layer.apart !== true;
  return layer.uses.includes(other.name) || (when === 'type' && (layer.types ?? []).includes(other.name));
}

function mayImportPackage(path: string, layer: Layer, name: string): boolean {
  if (name === 'package.json') return true;
  if (!layer.packages.includes('*') && !layer.packages.includes(name)) return false;
  const owner = SDK_OWNERS[name];
  return layer.name !== 'adapters' || owner === undefined || owner.test(adapterOf(path) ?? '');
}

const ENVIRONMENT_READERS = /^(src\/(main|cli)\.ts|sandbox\/main\.ts)$/;

export function checkEnvironment({ path, text }: Source): string[] {
  if (ENVIRONMENT_READERS.test(path)) return [];
  const reads = /\bprocess\s*\??\.\s*env\b|\bprocess\[['"]env|\benv\b[^;]*from 'node:process'|=\s*process\s*;/;
  return reads.test(stripComments(text)) ? [`${path} reads the environment: only src/main.ts and src/cli.ts do`] : [];
}

/** Cycles of imports at load time: each as `a -> b -> a`, once. */
export function findCycles(sources: Source[]): string[] {
  const edges = new Map(sources.map((source) => [source.path, valueImports(source)]));
  const cycles = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.add([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return [...cycles];
}

function valueImports(source: Source): string[] {
  return findImports(source)
    .filter(({ when }) => when === 'value')
    .map(({ from }) => from);
}

export function checkLength({ path, text }: Source): string[] {
  const lines = text.trimEnd().split('\n').length;
  const most = path.startsWith('test/') ? 400 : 250;
  return lines > most ? [`${path} has ${lines} lines, at most ${most}: a concept is missing a name`] : [];
}

const VAGUE = /^(utils?|helpers?|common|managers?|services?|misc)$|-(utils?|helpers?)$/;

export function checkName({ path }: Source): string[] {
  const parts = path.split('/').map((part) => part.replace(/(\.test)?\.[jt]s$/, ''));
  return parts.filter((part) => VAGUE.test(part)).map((part) => `${path}: "${part}" says nothing about its subject`);
}

/** Ways around the type checker, and syntax that tsc lets through but Node.js cannot run. Biome finds `any` itself. */
const ESCAPES: [RegExp, string][] = [
  [/\bas unknown as\b/, 'a cast through unknown'],
  [/^\s*@[a-z]\w*/im, 'a decorator'],
  [/^\s*(static\s+)?accessor\s+\w/m, 'an accessor field'],
];
/** A linter rule of taste may be switched off for one line, with its reason; these may not. */
const STRICT =
  'noExplicitAny|noNonNullAssertion|noFloatingPromises|noImportCycles|useImport\\w+|noExcessiveLinesPerFunction';
const SUPPRESSIONS = new RegExp(
  `@ts-(ignore|nocheck|expect-error)|biome-ignore(-all|-start| lint:| lint/\\w+/(${STRICT}))`,
);

export function checkEscapes({ path, text }: Source): string[] {
  const code = stripComments(text);
  const found = ESCAPES.filter(([pattern]) => pattern.test(code)).map(([, name]) => `${path} uses ${name}`);
  const suppression = SUPPRESSIONS.exec(text)?.[0];
  return suppression === undefined ? found : [...found, `${path} silences a tool with ${suppression}`];
}

// `placeholder:` is a field of Slack's Block Kit.
const UNFINISHED = /\b(todo|fixme|hack|not implemented|stub|placeholder(?!['"]\]|['"]?:))\b/i;

export function checkFinished({ path, text }: Source): string[] {
  const word = UNFINISHED.exec(text)?.[0];
  return word === undefined ? [] : [`${path} says "${word}"`];
}

const TEST_BANS: [RegExp, string][] = [
  [/\bvi\.(mock|doMock|hoisted)\(/, 'a module mock: fakes are servers'],
  [/\.(skip|only|todo)\(/, 'a test that is switched off: use skipIf and announceSkip'],
  [/\bexpect\(true\)/, 'a test that asserts nothing'],
];

export function checkTest({ path, text }: Source): string[] {
  const code = stripComments(text);
  return TEST_BANS.filter(([pattern]) => pattern.test(code)).map(([, what]) => `${path} has ${what}`);
}
