import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file of ours: its path from the project's root, with `/`, and its text. */
export interface Source {
  path: string;
  text: string;
}

export interface Import {
  /** A path of ours, a package's name (`@scope/name`, without any sub-path), or `node:...`. */
  from: string;
  /** `type`: gone at run time. `value`: at load time. `late`: `await import(...)`. */
  when: 'type' | 'value' | 'late';
}

/** All .ts and .js files below these folders of the project. */
export function readSources(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[jt]s$/.test(name) && !name.includes('node_modules'))
      .map((name) => posix.join(folder, name))
      .sort()
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
  );
}

/** The text without its comments. Exact for formatted code: a comment begins its line, or follows code and a blank. */
export function stripComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|[ \t])\/\/ .*$/gm, '$1');
}

const STATIC =
  /^(?:import|export)\s+((?:type\s+)?(?:[\w$*]+(?:\s+as\s+[\w$]+)?(?:\s*,\s*)?)?(?:\{[^}]*\})?)\s*from\s+['"]([^'"]+)['"]/gm;
const BARE = /^import\s+['"]([^'"]+)['"]/gm;
const LATE = /\bimport\(\s*['"`]([^'"`]+)['"`]/g;

/** What a file imports and re-exports. An `import(...)` of something worked out at run time names no file, so it is not listed. */
export function findImports({ path, text }: Source): Import[] {
  const code = stripComments(text);
  const found: Import[] = [];
  for (const [, clause = '', from = ''] of code.matchAll(STATIC)) {
    found.push({ from: resolveImport(path, from), when: isTypeOnly(clause) ? 'type' : 'value' });
  }
  for (const [, from = ''] of code.matchAll(BARE)) found.push({ from: resolveImport(path, from), when: 'value' });
  for (const [, from = ''] of code.matchAll(LATE)) found.push({ from: resolveImport(path, from), when: 'late' });
  return found;
}

/** `type X`, `type { X }`, and `{ type X, type Y }` leave nothing behind that runs. */
function isTypeOnly(clause: string): boolean {
  if (/^type\s/.test(clause)) return true;
  const names = /^\{([^}]*)\}$/
    .exec(clause.trim())?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names?.every((name) => name.startsWith('type ')) ?? false;
}

function resolveImport(path: string, from: string): string {
  if (from.startsWith('.')) return posix.join(posix.dirname(path), from);
  if (from.startsWith('node:')) return from;
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}
