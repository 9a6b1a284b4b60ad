import type { Kill, KillPoint, Victim } from './kill-switch.ts';
import type { Trial } from './run-trial.ts';

/** What the drive loop records; a command records the rest itself. */
const DRIVEN = /^(step\.|run\.started$)/;
const PHASES = ['before', 'after'] as const;
type Phase = (typeof PHASES)[number];

/** One undisturbed run, as the dry trial saw it. */
export interface Course {
  /** The types of the bot's appends, in their order. */
  appends: readonly string[];
  /** The bot's writes to the cluster, as `create restores.velero.io`. */
  writes: readonly string[];
  /** The writes that only ask Velero something, as `create downloadrequests.velero.io`. */
  questions: readonly string[];
}

/** Every kill point of the course, and the second kills after them; names and order are the same each time. */
export function listTrials(course: Course): Trial[] {
  return [
    ...commandTrials(['restore', 'approve']),
    ...botTrials(course),
    ...writeTrials(course),
    ...questionTrials(course),
    ...secondKillTrials(course),
    ...terminalTrials(course),
    ...terminalSecondKillTrials(course),
  ];
}

/** The same for a backup that is asked for: nobody approves it, and the bot does the work. */
export function listBackupTrials(course: Course): Trial[] {
  const trials = [
    ...commandTrials(['backup']),
    ...botTrials(course),
    ...writeTrials(course),
    ...secondKillTrials(course),
  ];
  return trials.map((trial) => ({
    ...trial,
    job: 'backup',
    kind: `a backup: ${trial.kind}`,
    name: `backup: ${trial.name}`,
  }));
}

function commandTrials(commands: readonly ('restore' | 'backup' | 'approve')[]): Trial[] {
  return pairs(commands).map(([command, , phase]) => ({
    kind: 'a command, at its append',
    name: `dr ${command}, ${phase} its append`,
    worker: 'bot',
    kills: [atAppend(command, 1, phase)],
  }));
}

function botTrials({ appends }: Course): Trial[] {
  return pairs(appends).map(([type, n, phase]) => ({
    kind: 'the bot, at an append',
    name: `bot, ${phase} append ${n} ${type}`,
    worker: 'bot',
    kills: [atAppend('bot', n, phase)],
  }));
}

function writeTrials({ writes }: Course): Trial[] {
  return writes.flatMap((write, i) =>
    ([...PHASES, 'lands first', 'lands last'] as const).map((phase): Trial => {
      const where = phase.startsWith('lands') ? `write ${i + 1} in flight ${phase},` : `${phase} write ${i + 1}`;
      const kills = [atWrite('bot', i + 1, phase)];
      return { kind: 'the bot, at a write to the cluster', name: `bot, ${where} ${write}`, worker: 'bot', kills };
    }),
  );
}

/** A question changes nothing, so each gets one way to die, in turns. */
function questionTrials({ questions }: Course): Trial[] {
  return questions.map((question, i) => {
    const [n, phase] = [i + 1, turn(i + 1)];
    const kills: Kill[] = [{ of: 'bot', point: { at: 'question', n, phase } }];
    return {
      kind: 'the bot, at a question to Velero',
      name: `bot, ${phase} question ${n} ${question}`,
      worker: 'bot',
      kills,
    };
  });
}

/** The process that recovers is killed at the first thing it records: all four ways at a write, in turns at the appends. */
function secondKillTrials({ appends, writes }: Course): Trial[] {
  const trial = (where: string, first: Kill, second: Phase): Trial => ({
    kind: 'the bot, and again at its first append',
    name: `twice: bot, ${where}, then ${second} its first append`,
    worker: 'bot',
    kills: [first, atAppend('bot', 1, second)],
  });
  const some = appends.map((type, i) => ({ type, n: i + 1 })).filter(({ n }) => n % 3 === 1);
  const afterAppends = some.map(({ type, n }) => {
    // After the last one nothing is left to record.
    const first = n < appends.length ? turn((n + 2) / 3) : 'before';
    return trial(`${first} append ${n} ${type}`, atAppend('bot', n, first), turn(Math.floor(n / 2)));
  });
  const afterWrites = pairs(writes).flatMap(([write, n, phase]) =>
    PHASES.map((second) => trial(`${phase} write ${n} ${write}`, atWrite('bot', n, phase), second)),
  );
  return [...afterAppends, ...afterWrites];
}

/** No bot runs: the command that waits does the work, and dies. What it has in common with the bot is tried in turns only. */
function terminalTrials({ appends, writes }: Course): Trial[] {
  const at = (command: 'restore' | 'approve', types: readonly string[]) =>
    pairs(types)
      .filter(([type]) => !DRIVEN.test(type))
      .map(
        ([type, n, phase]): Trial => ({
          kind: 'the terminal that does the work, at an append',
          name: `terminal, dr ${command} --wait, ${phase} append ${n} ${type}`,
          worker: 'terminal',
          kills: [atAppend(command, n, phase)],
        }),
      );
  const atWrites = pairs(writes).map(
    ([write, n, phase]): Trial => ({
      kind: 'the terminal that does the work, at a write',
      name: `terminal, ${phase} write ${n} ${write}`,
      worker: 'terminal',
      kills: [atWrite('approve', n, phase)],
    }),
  );
  return [...at('restore', ['run.requested', 'run.planned']), ...at('approve', approveCourse(appends)), ...atWrites];
}

/** `dr status --wait`, which goes on after the first, dies at its first append too. */
function terminalSecondKillTrials({ appends }: Course): Trial[] {
  const course = approveCourse(appends);
  return pairs(course)
    .filter(([, n, phase]) => n % 6 === 0 && n < course.length && phase === turn(n))
    .map(([type, n, phase]) => ({
      kind: 'the terminal that does the work, and again',
      name: `twice: terminal, ${phase} append ${n} ${type}, then ${otherThan(phase)} its first append`,
      worker: 'terminal',
      kills: [atAppend('approve', n, phase), atAppend('status', 1, otherThan(phase))],
    }));
}

/** What `dr approve --wait` records: the approval, and all that the bot records after its plan. */
function approveCourse(appends: readonly string[]): string[] {
  return ['run.approved', ...appends.slice(1)];
}

/** Each of the things with its number, the first is 1, before and after it. */
function pairs<T>(things: readonly T[]): [thing: T, n: number, phase: Phase][] {
  return things.flatMap((thing, i) => PHASES.map((phase): [T, number, Phase] => [thing, i + 1, phase]));
}

function turn(n: number): Phase {
  return n % 2 === 0 ? 'before' : 'after';
}

function otherThan(phase: Phase): Phase {
  return phase === 'before' ? 'after' : 'before';
}

function atAppend(of: Victim, n: number, phase: Phase): Kill {
  return { of, point: { at: 'append', n, phase } };
}

function atWrite(of: Victim, n: number, phase: Extract<KillPoint, { at: 'write' }>['phase']): Kill {
  return { of, point: { at: 'write', n, phase } };
}
