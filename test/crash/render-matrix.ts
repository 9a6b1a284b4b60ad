import type { TrialResult } from './run-trial.ts';

/** One line for each kind of trial, then the line that counts. */
export function renderMatrix(results: readonly TrialResult[], tookMs: number): string {
  const kinds = new Map<string, TrialResult[]>();
  for (const result of results) {
    const { kind } = result.trial;
    kinds.set(kind, [...(kinds.get(kind) ?? []), result]);
  }
  const lines = [...kinds].map(([kind, of]) => {
    const slowest = Math.max(...of.map(({ ms }) => ms));
    return `${kind.padEnd(48)} ${count(of)}   slowest ${seconds(slowest)}`;
  });
  return ['', ...lines, `${count(results).trim()}   (${seconds(tookMs)})`].join('\n');
}

export function renderProgress({ trial, ms }: TrialResult, done: number, all: number): string {
  return `${done}/${all} ${trial.name}: right, ${seconds(ms)}`;
}

/** What is wrong, and everything that helps to find out why. */
export function renderWrong({ trial, wrong, story }: TrialResult): string {
  const alone = `alone: CRASH_TRIAL='${trial.name}' npx vitest run --project crash`;
  return [`WRONG ${trial.name}: ${wrong.join('; ')}`, alone, story.replace(/^/gm, '    ')].join('\n');
}

function count(results: readonly TrialResult[]): string {
  const wrong = results.filter((result) => result.wrong.length > 0).length;
  return `${String(results.length).padStart(3)} trials, ${wrong} wrong`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
