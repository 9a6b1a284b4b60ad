import { argumentText, optionText, type Usable, usageOf } from '../domain/usage.ts';

const GROUPS = [
  ['incidents', 'Incidents'],
  [undefined, 'Recovery'],
  ['muster', 'Muster itself'],
] as const;

/** What `dr help` lists. */
export function renderCommandList(commands: readonly Usable[]): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const row = ({ name, summary }: Usable) => `  ${name.padEnd(width)}  ${summary}`;
  const sections = GROUPS.flatMap(([group, title]) => {
    const rows = commands.filter((command) => command.group === group).map(row);
    return rows.length === 0 ? [] : [title, ...rows, ''];
  });
  return [
    'Muster restores Kubernetes namespaces with Velero: it plans, asks for approval, restores, verifies.',
    '',
    ...sections,
    ...TERMINAL_OPTIONS,
    '',
    'One command in full: dr help <command>',
  ];
}

/** What every command understands in the terminal. */
const TERMINAL_OPTIONS = [
  '  --wait, --no-wait   follow the run to its end, or return at once (default: follow on a terminal)',
  '  --json              JSON lines for programs',
  '  Exit codes: 0 done or accepted, 1 failed, 2 not understood, 3 not allowed, 4 waits for a human, 75 Redis away',
];

/** What `dr help <command>` shows. */
export function renderCommandHelp(command: Usable): string[] {
  const rows = [
    ...command.arguments.map((argument) => [argumentText(argument), argument.help] as const),
    ...Object.entries(command.options).map(([name, { type, help }]) => [optionText(name, type), help] as const),
  ];
  const width = Math.max(0, ...rows.map(([what]) => what.length));
  return [
    command.summary,
    usageOf(command),
    ...rows.map(([what, help]) => `  ${what.padEnd(width)}  ${help}`),
    ...(command.details ?? []),
    ...command.examples.map((example) => `Example: dr ${example}`),
    '',
    ...TERMINAL_OPTIONS,
  ];
}
