import { NAMESPACE } from './open-stage.ts';

/** One slash command, as somebody types it. */
export interface Typed {
  kind: 'status' | 'runs' | 'restore' | 'approve' | 'help';
  user: 'oncall' | 'lead';
  text: string;
}

/** In which order they come, over and over: half of it reads, the rest is recorded or refused. */
const MIX: Typed['kind'][] = [
  'status',
  'help',
  'runs',
  'status',
  'approve',
  'status',
  'restore',
  'runs',
  'help',
  'status',
];

/** So many commands about these runs; `round` makes each round ask about others. */
export function listCommands(count: number, round: number, runs: readonly string[]): Typed[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = MIX[index % MIX.length] ?? 'help';
    const run = runs[(round * count + index * 7) % runs.length] ?? '';
    return { kind, ...WORDS[kind](run) };
  });
}

const WORDS: Record<Typed['kind'], (run: string) => Omit<Typed, 'kind'>> = {
  status: (run) => ({ user: 'oncall', text: `status ${run}` }),
  runs: () => ({ user: 'oncall', text: 'runs' }),
  restore: () => ({ user: 'oncall', text: `restore namespace ${NAMESPACE}` }),
  // No plan has this digest: it is decided on, and refused.
  approve: (run) => ({ user: 'lead', text: `approve ${run} ${'0'.repeat(16)}` }),
  help: () => ({ user: 'oncall', text: 'help' }),
};
