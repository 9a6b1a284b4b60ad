import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadRunbooks } from '../src/adapters/yaml-file.ts';
import type { Command, StepType } from '../src/contracts.ts';
import type { Examination } from '../src/doctor/examination.ts';
import { tokenize } from '../src/domain/command-line.ts';
import { EFFECTS } from '../src/domain/incident-effects.ts';
import { keysAt } from '../src/domain/schema-keys.ts';
import { usageOf } from '../src/domain/usage.ts';
import { parseCommand } from '../src/engine/parse-command.ts';
import type { AlertSource, Effect } from '../src/incident-contracts.ts';
import { loadDirectory } from '../src/registry.ts';
import { renderCommandHelp, renderCommandList } from '../src/views/help.ts';

/** Walks everything that is registered by lying in a folder: what is dropped there is held to the same contract. */

const ROOT = join(import.meta.dirname, '..');
const commands = await loadDirectory<Command>(join(ROOT, 'commands'), 'command');
const steps = await loadDirectory<StepType>(join(ROOT, 'src/steps'), 'step');
const examinations = await loadDirectory<Examination>(join(ROOT, 'src/doctor/lines'), 'examination');
const sources = await loadDirectory<AlertSource>(join(ROOT, 'src/alerts'), 'source');
const effects = await loadDirectory<Effect>(join(ROOT, 'src/effects'), 'effect');
const runbooks = await loadRunbooks(join(ROOT, 'runbooks'), steps);
const each = <T>(map: ReadonlyMap<string, T>) => [...map].map(([name, thing]) => [name, thing] as const);

test('every effect that may be wanted of an incident has its file, and there is no other', () => {
  expect([...effects.keys()].sort()).toEqual([...EFFECTS].sort());
  expect([...effects.values()].map(({ title }) => title)).not.toContain('');
});

describe.each(each(commands))('command %s', (name, command) => {
  test('is registered under its own name, in the file of that name', () => {
    expect(command.name).toBe(name);
    expect(name).toMatch(/^[a-z]+( [a-z]+)?$/);
    expect(readdirSync(join(ROOT, 'commands'))).toContain(`${name.replaceAll(' ', '-')}.ts`);
  });

  test('explains itself and all it takes', () => {
    expect(command.summary).toMatch(/\.$/);
    expect(renderCommandList([command]).join('\n')).toContain(command.summary);
    const help = renderCommandHelp(command).join('\n');
    for (const { name: argument, help: text } of command.arguments) {
      expect(help).toContain(argument);
      expect(text).not.toBe('');
    }
    for (const [option, { help: text }] of Object.entries(command.options)) {
      expect(usageOf(command)).toContain(`--${option}`);
      expect(text).not.toBe('');
    }
  });

  test('has examples, and each parses to it', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      const split = tokenize(example);
      expect('tokens' in split && parseCommand(split.tokens, commands).command.name).toBe(name);
    }
  });

  test('refuses an option it does not have, and says which it has', () => {
    expect(() =>
      parseCommand([...name.split(' '), ...command.arguments.map(() => 'x'), '--no-such'], commands),
    ).toThrow(/has no option --no-such/);
  });
});

describe.each(each(examinations))('line of dr doctor: %s', (name) => {
  test('is in the file of its name', () => {
    expect(name).toMatch(/^[a-z]+( [a-z]+)*$/);
    expect(readdirSync(join(ROOT, 'src/doctor/lines'))).toContain(`${name.replaceAll(' ', '-')}.ts`);
  });
});

describe.each(each(sources))('alert source %s', (name, { summary }) => {
  test('is in the file of its name, explains itself, and has a recorded payload', () => {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(readdirSync(join(ROOT, 'src/alerts'))).toContain(`${name}.ts`);
    expect(summary).toMatch(/\.$/);
    const recorded = readdirSync(join(ROOT, 'test/fixtures/alerts'));
    expect(recorded.filter((file) => file.startsWith(`${name}-`)).length).toBeGreaterThan(0);
  });
});

describe('commands as typed', () => {
  test.each([
    ['resotre namespace x', /Did you mean "restore namespace"/],
    ['restor namespace x', /Did you mean "restore namespace"/],
    ['restore', /"restore" is not complete/],
    ['restore namespace', /needs <namespace>/],
    ['restore namespace a b', /does not know what to do with "b"/],
    ['restore namespace a --form b', /Did you mean --from/],
    ['restore namespace a --from', /--from/],
    ['aprove x', /Did you mean "approve"/],
  ])('%s', (line, message) => {
    expect(() => parseCommand(line.split(' '), commands)).toThrow(message);
  });

  test('the longest name wins, whatever its case', () => {
    expect(parseCommand(['Restore', 'Namespace', 'x'], commands).args.arguments).toEqual({ namespace: 'x' });
  });
});

describe.each(each(steps))('step type %s', (name, step) => {
  test('is registered under its own name, in the file of that name', () => {
    expect(step.name).toBe(name);
    expect(name).toMatch(/^[a-z0-9]+\.[a-z0-9-]+$/);
    expect(readdirSync(join(ROOT, 'src/steps'))).toContain(`${name.replaceAll('.', '-')}.ts`);
  });
});

test('a step names its namespaces so that the policy is asked about them', () => {
  for (const [name, { params }] of steps) {
    const named = keysAt(params, []).filter((key) => /namespace|into|target/i.test(key));
    expect([name, named.filter((key) => !['namespace', 'into'].includes(key))]).toEqual([name, []]);
    expect([name, named]).toEqual([name, expect.arrayContaining(['namespace'])]);
  }
});

describe.each(each(runbooks))('runbook %s', (name, runbook) => {
  test('has a name of its file, and its command exists', () => {
    expect(readdirSync(join(ROOT, 'runbooks')).map((file) => basename(file, '.yaml'))).toContain(name);
    if (runbook.command !== undefined) expect(commands.has(runbook.command)).toBe(true);
  });

  test('its step names leave room for an object name of 63 characters', () => {
    for (const { id } of runbook.steps) expect(`dr-k7m2qd-${id}-999`.length).toBeLessThanOrEqual(63);
  });
});
