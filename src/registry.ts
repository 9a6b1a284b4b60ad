import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DrError } from './errors.ts';

/**
 * Loads every module of a folder: dropping a file there is all it takes to add a command or a step type. Each module exports
 * its thing under the name `exportName`; the map's keys are the things' own names.
 * @throws DrError CONFIG_INVALID for a module without that export, or a name that is there twice
 */
export async function loadDirectory<T extends { name: string }>(
  folder: string,
  exportName: string,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(folder, file)).href)));
  for (const [index, module] of modules.entries()) {
    const thing: T | undefined = module[exportName];
    if (thing === undefined) throw misfit(files[index], `does not export "${exportName}"`);
    if (found.has(thing.name))
      throw misfit(files[index], `defines "${thing.name}", which another file defines already`);
    found.set(thing.name, thing);
  }
  return found;
}

function misfit(file: string | undefined, problem: string): DrError {
  return new DrError({
    code: 'CONFIG_INVALID',
    message: `${file} ${problem}.`,
    action: 'Compare it with its neighbours.',
  });
}
