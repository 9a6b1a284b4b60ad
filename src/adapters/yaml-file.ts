import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import type { z } from 'zod';
import type { CheckedRunbook } from '../domain/checked-runbook.ts';
import { explainLabel } from '../domain/names.ts';
import { Policy } from '../domain/policy.ts';
import { explainIssues, type Problem, renderProblem } from '../domain/problem.ts';
import { type CheckedRouting, checkRouteRunbooks, Routing } from '../domain/routing.ts';
import { Runbook } from '../domain/runbook.ts';
import { checkStepTypes } from '../domain/step-check.ts';
import { DrError } from '../errors.ts';
import { type Placed, parseYaml } from './yaml-text.ts';

const LARGEST = 256 * 1024;

type Checks<T> = (value: T) => Problem[];
/** `problems` are whole lines, `runbooks/restore.yaml:12:5 unknown key "stepz"; did you mean "steps"?`. */
type Loaded<T> = { value: T } | { problems: string[]; unread?: true };

/**
 * A YAML file held against its schema and, where that finds nothing, against `extraChecks`.
 * @throws DrError CONFIG_INVALID; its message has one line for every problem, each with file, line and column
 */
export async function loadYaml<T>(file: string, schema: z.ZodType<T>, extraChecks?: Checks<T>): Promise<{ value: T }> {
  const loaded = await readYaml(file, schema, extraChecks);
  if ('problems' in loaded) throw invalid(loaded.problems, { unread: loaded.unread === true });
  return loaded;
}

/** The policy of who may do what, or undefined where no file is named. @throws DrError CONFIG_INVALID, also for a missing file */
export async function loadPolicy(file: string | undefined): Promise<Policy | undefined> {
  return file === undefined ? undefined : (await loadYaml(file, Policy)).value;
}

/**
 * The routing of alerts, or undefined where no file is named. `runbooks`: the names of those that there are.
 * @throws DrError CONFIG_INVALID, also for a missing file
 */
export async function loadRouting(file: string | undefined, runbooks: readonly string[]): Promise<Routing | undefined> {
  if (file === undefined) return undefined;
  return (await loadYaml(file, Routing, (routing) => checkRouteRunbooks(routing, runbooks))).value;
}

/** As `loadRouting`, with the problems as lines. */
export async function checkRouting(file: string, runbooks: readonly string[]): Promise<CheckedRouting> {
  const loaded = await readYaml(file, Routing, (routing) => checkRouteRunbooks(routing, runbooks));
  const checked = 'value' in loaded ? { routing: loaded.value, problems: [] } : { routing: undefined, ...loaded };
  return { file: showPath(file), ...checked };
}

type StepTypes = ReadonlyMap<string, { params: z.ZodType }>;

/**
 * Every runbook of a folder by its name, which is its file's name without `.yaml`; sorted. Files of other kinds are ignored.
 * `onBroken` gets the problems and the sound runbooks are taken; left out, all must be sound.
 * @throws DrError CONFIG_INVALID with the problems of all files
 */
export async function loadRunbooks(
  folder: string,
  stepTypes: StepTypes,
  onBroken?: (problems: string[]) => void,
): Promise<Map<string, Runbook>> {
  const checked = await checkRunbooks(folder, stepTypes);
  const problems = checked.flatMap((file) => file.problems);
  if (problems.length > 0 && onBroken === undefined) throw invalid(problems);
  if (problems.length > 0) onBroken?.(problems);
  return new Map(checked.flatMap(({ name, runbook }) => (runbook === undefined ? [] : [[name, runbook]])));
}

/** Every runbook of a folder, sound or not. @throws DrError CONFIG_INVALID for a folder that cannot be read */
export async function checkRunbooks(folder: string, stepTypes: StepTypes): Promise<CheckedRunbook[]> {
  const checked: CheckedRunbook[] = [];
  const owners = new Map<string, string>();
  for (const file of await listYamlFiles(folder)) {
    const shown = showPath(file);
    const name = basename(file, '.yaml');
    const refusal = refuseName(file, name);
    const loaded = await readYaml(file, Runbook, (runbook) => checkStepTypes(runbook, stepTypes));
    const problems = [
      ...(refusal === undefined ? [] : [`${shown}:1:1 ${refusal}`]),
      ...('problems' in loaded ? loaded.problems : findSharedCommand(shown, name, loaded.value, owners)),
    ];
    const runbook = problems.length === 0 && 'value' in loaded ? loaded.value : undefined;
    checked.push({ file: shown, name, runbook, problems });
  }
  return checked;
}

async function listYamlFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.'))
      .sort()
      .map((name) => join(folder, name));
  } catch (cause) {
    throw invalid(
      [`${showPath(folder)}:1:1 the folder cannot be read (${reasonOf(cause)}); check its path, or RUNBOOKS_DIR`],
      { unread: true, cause },
    );
  }
}

function refuseName(file: string, name: string): string | undefined {
  if (!file.endsWith('.yaml')) return 'a runbook\'s file name ends in ".yaml"; rename the file';
  const reason = explainLabel(name);
  return reason === undefined ? undefined : `the file's name ${reason}; rename the file`;
}

function findSharedCommand(file: string, name: string, { command }: Runbook, owners: Map<string, string>): string[] {
  if (command === undefined) return [];
  const owner = owners.get(command);
  if (owner === undefined) owners.set(command, name);
  return owner === undefined ? [] : [`${file}:1:1 the command "${command}" starts ${owner} already; choose another`];
}

async function readYaml<T>(file: string, schema: z.ZodType<T>, extraChecks?: Checks<T>): Promise<Loaded<T>> {
  const shown = showPath(file);
  const read = await readText(file);
  if ('problem' in read) return { problems: [`${shown}:1:1 ${read.problem}`], unread: true };
  const yaml = parseYaml(read.text);
  const show = ({ line, column, message }: Placed) => `${shown}:${line}:${column} ${message}`;
  if (yaml.value === undefined) return { problems: yaml.problems.map(show) };
  const result = schema.safeParse(yaml.value);
  const found = result.success
    ? (extraChecks?.(result.data) ?? [])
    : explainIssues(schema, yaml.value, result.error.issues);
  const placed = found.map((problem) => ({ ...yaml.locate(problem), message: renderProblem(problem) }));
  const problems = [...yaml.problems, ...placed].sort((a, b) => a.line - b.line || a.column - b.column).map(show);
  return result.success && problems.length === 0 ? { value: result.data } : { problems: [...new Set(problems)] };
}

/** Only a plain file of a sane size is read: no device, no pipe, nothing that never ends. */
async function readText(file: string): Promise<{ text: string } | { problem: string }> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await handle.stat();
    if (!facts.isFile()) return { problem: 'this is not a file; name a YAML file' };
    if (facts.size > LARGEST)
      return { problem: `the file is larger than ${LARGEST / 1024} KiB; split it or shorten it` };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile()) };
  } catch (cause) {
    if (cause instanceof TypeError) return { problem: 'the file is not UTF-8 text; save it as UTF-8' };
    return { problem: `the file cannot be read (${reasonOf(cause)}); check its path and permissions` };
  }
}

/** `ENOENT` and the like: the message would repeat the path. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}

/** The path as seen from the working directory where that is shorter to read. */
function showPath(file: string): string {
  const near = relative(process.cwd(), file);
  return near === '' || near.startsWith('..') || isAbsolute(near) ? file : near;
}

/** `unread`: there is no line to correct. */
function invalid(problems: string[], { unread, cause }: { unread?: boolean; cause?: unknown } = {}): DrError {
  const mend = unread
    ? 'Put it there or correct the variable that names it,'
    : `Correct ${problems.length === 1 ? 'this line' : 'these lines'}`;
  return new DrError({
    code: 'CONFIG_INVALID',
    message: problems.join('\n'),
    action: `${mend} and try again; nothing was started.`,
    cause,
  });
}
