import { renderProgress, renderWrong } from './render-matrix.ts';
import { runTrial, type Trial, type TrialResult } from './run-trial.ts';

/** How many at once, whatever the matrix says. */
const AT_ONCE = process.env['CRASH_AT_ONCE'];
/** Plays only the trials whose name has this in it. */
const ONLY = process.env['CRASH_TRIAL'];

/** Plays all of a list that is otherwise played by halves. */
const ALL = process.env['CRASH_ALL'] !== undefined || ONLY !== undefined;
const DAY_MS = 86_400_000;

/** Every second trial, those of odd and of even places in turn from day to day (UTC): two days play all. */
export function chooseHalf(trials: readonly Trial[]): Trial[] {
  if (ALL) return [...trials];
  const today = Math.floor(Date.now() / DAY_MS) % 2;
  say(`trials of ${today === 0 ? 'even' : 'odd'} places, half of ${trials.length}; CRASH_ALL=1 plays all`);
  return trials.filter((_trial, at) => at % 2 === today);
}

/** Those that are to be played; `least`: how many there must be at the least. */
export function chooseTrials(trials: readonly Trial[], least: number): { chosen: Trial[]; least: number } {
  if (new Set(trials.map(({ name }) => name)).size !== trials.length) throw new Error('two trials have one name');
  if (ONLY === undefined) return { chosen: [...trials], least };
  return { chosen: trials.filter(({ name }) => name.includes(ONLY)), least: 0 };
}

/** A fixed number at once, each in a world of its own. */
export async function runTrials(
  trials: readonly Trial[],
  atOnce: number,
  processEnv: Record<string, string>,
): Promise<TrialResult[]> {
  const left = [...trials];
  const results: TrialResult[] = [];
  const lane = async () => {
    for (let trial = left.shift(); trial !== undefined; trial = left.shift()) {
      const result = await runTrial(trial, processEnv);
      results.push(result);
      if (result.wrong.length > 0) say(renderWrong(result));
      else if (ONLY !== undefined || results.length % 10 === 0)
        say(renderProgress(result, results.length, trials.length));
    }
  };
  await Promise.all(Array.from({ length: Number(AT_ONCE ?? atOnce) }, lane));
  return results;
}

/** Past vitest, which would put a heading on every line. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
