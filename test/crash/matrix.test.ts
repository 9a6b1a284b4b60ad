import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer } from '../redis.ts';
import { type Course, listTrials } from './list-trials.ts';
import { renderMatrix, renderProgress, renderWrong } from './render-matrix.ts';
import { runTrial, type Trial, type TrialResult } from './run-trial.ts';

/** Most of a trial is waiting for a dead worker's lock to end; this many keep two processors busy. */
const AT_ONCE = Number(process.env['CRASH_AT_ONCE'] ?? 6);
const LEAST_TRIALS = 40;
/** Plays only the trials whose name has this in it. */
const ONLY = process.env['CRASH_TRIAL'];
const LIMIT_MS = 600_000;

/** Nobody is killed: the bot's shows the course of a run; the terminal's ends in order, which keeps its compiled code. */
const DRY = (['terminal', 'bot'] as const).map((worker): Trial => ({ kind: 'dry', name: 'dry', worker, kills: [] }));

const skip = !hasRedisServer();
if (skip) announceSkip('test/crash/matrix.test.ts', 'no redis-server on the PATH');

describe.skipIf(skip)('the crash matrix', () => {
  let cache = '';
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'muster-crash-'));
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  test(
    'a process killed at any ledger or cluster boundary leaves a run that succeeds with exactly one Restore',
    async () => {
      // The processes are the plain entries; only their compiled code is kept, so that the many starts cost less.
      const processEnv = { NODE_COMPILE_CACHE: cache };
      const trials = listTrials(await runDry(processEnv)).filter(
        ({ name }) => ONLY === undefined || name.includes(ONLY),
      );
      expect(new Set(trials.map(({ name }) => name)).size).toBe(trials.length);
      const began = Date.now();
      const results = await runAll(trials, processEnv);
      const wrong = results.filter((result) => result.wrong.length > 0);
      say(renderMatrix(results, Date.now() - began));
      expect(wrong.map(({ trial, wrong: why }) => `${trial.name}: ${why.join('; ')}`)).toEqual([]);
      expect(results.length).toBeGreaterThanOrEqual(ONLY === undefined ? LEAST_TRIALS : 1);
    },
    LIMIT_MS,
  );
});

async function runDry(processEnv: Record<string, string>): Promise<Course> {
  let course: Course = { appends: [], writes: [], questions: [] };
  for (const trial of DRY) {
    const { wrong, story, appends, writes, questions } = await runTrial(trial, processEnv);
    expect(wrong, story).toEqual([]);
    course = { appends, writes, questions };
  }
  return course;
}

/** A fixed number at once, each in a world of its own. */
async function runAll(trials: readonly Trial[], processEnv: Record<string, string>): Promise<TrialResult[]> {
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
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

/** Past vitest, which would put a heading on every line. */
function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
