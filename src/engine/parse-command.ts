import { parseArgs } from 'node:util';
import type { Command, CommandArgs } from '../contracts.ts';
import { suggest } from '../domain/suggest.ts';
import { usageOf } from '../domain/usage.ts';
import { DrError } from '../errors.ts';

export interface ParsedCommand {
  command: Command;
  args: CommandArgs;
}

/** Finds the command whose name the words begin with (the longest wins) and parses the rest. @throws DrError COMMAND_INVALID with a suggestion */
export function parseCommand(words: readonly string[], commands: ReadonlyMap<string, Command>): ParsedCommand {
  const command = findCommand(words, commands);
  const rest = words.slice(command.name.split(' ').length);
  return { command, args: parseRest(command, rest) };
}

function findCommand(words: readonly string[], commands: ReadonlyMap<string, Command>): Command {
  for (let length = Math.min(3, words.length); length > 0; length -= 1) {
    const command = commands.get(words.slice(0, length).join(' ').toLowerCase());
    if (command !== undefined) return command;
  }
  const names = [...commands.keys()];
  const typed = words.slice(0, 2).join(' ');
  const family = names.filter((name) => name.startsWith(`${words[0]} `));
  if (family.length > 0) throw invalid(`"${typed}" is not complete.`, `There is: ${family.join(', ')}`);
  const near = suggest(typed, names) ?? suggest(words[0] ?? '', names);
  throw invalid(
    `There is no command "${words[0] ?? ''}".${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    'See what there is: dr help',
  );
}

function parseRest(command: Command, rest: readonly string[]): CommandArgs {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type }]) => [
      name,
      { type: type === 'flag' ? 'boolean' : 'string' } as const,
    ]),
  );
  refuseUnknownOptions(command, rest);
  const args = joinValues(command, rest);
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw invalid(
      thrown instanceof Error ? `${firstSentence(thrown.message)}.` : 'The options cannot be understood.',
      usageOf(command),
    );
  }
  const flags = new Set<string>();
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed.values)) {
    if (typeof value === 'string') texts[name] = value;
    else if (value === true) flags.add(name);
  }
  return { ...nameArguments(command, parsed.positionals), options: texts, flags };
}

function refuseUnknownOptions(command: Command, rest: readonly string[]): void {
  const end = rest.indexOf('--');
  for (const word of end === -1 ? rest : rest.slice(0, end)) {
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name === undefined || name in command.options) continue;
    const near = suggest(name, Object.keys(command.options));
    throw invalid(
      `"${command.name}" has no option --${name}.${near === undefined ? '' : ` Did you mean --${near}?`}`,
      usageOf(command),
    );
  }
}

/** `--tail -1` as `--tail=-1`, which is then judged as a value; an option without its value is refused. */
function joinValues(command: Command, rest: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    if (word === '--') return [...joined, ...rest.slice(at)];
    joined.push(word);
    const name = /^--([^=]+)$/.exec(word)?.[1] ?? '';
    if (!Object.hasOwn(command.options, name) || command.options[name]?.type === 'flag') continue;
    const value = rest[at + 1];
    if (value === undefined || /^-(?!\d)./.test(value)) throw invalid(`--${name} needs a value.`, usageOf(command));
    joined.splice(-1, 1, `${word}=${value}`);
    at += 1;
  }
  return joined;
}

function nameArguments(command: Command, given: readonly string[]): Pick<CommandArgs, 'arguments' | 'rest'> {
  const many = command.arguments.at(-1)?.many === true;
  const single = many ? command.arguments.slice(0, -1) : command.arguments;
  const rest = given.slice(single.length);
  if (rest.length > 0 && !many)
    throw invalid(`"${command.name}" does not know what to do with "${rest.join(' ')}".`, usageOf(command));
  const named: Record<string, string> = {};
  for (const [index, { name, required }] of single.entries()) {
    const value = given[index];
    if (value !== undefined) named[name] = value;
    else if (required === true) throw invalid(`"${command.name}" needs <${name}>.`, usageOf(command));
  }
  return { arguments: named, rest };
}

function firstSentence(text: string): string {
  return text.split('. ')[0] ?? text;
}

function invalid(message: string, action: string): DrError {
  return new DrError({ code: 'COMMAND_INVALID', message, action });
}
