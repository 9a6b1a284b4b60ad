import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer } from '../redis.ts';
import { type Course, listBackupTrials, listTrials } from './list-trials.ts';
import { renderMatrix } from './render-matrix.ts';
import { runTrial, type Trial } from './run-trial.ts';
import { chooseTrials, runTrials, say } from './run-trials.ts';

/** Most of a trial is waiting for a dead worker's lock to end; this many keep two processors busy. */
const AT_ONCE = 6;
const LEAST_TRIALS = 60;
/** Twice what it takes, together with the one about Slack, on two processors. */
const LIMIT_MS = 1_500_000;

/** Nobody is killed: the bot's shows the course of a run; the terminal's ends in order, which keeps its compiled code. */
const DRY = (['terminal', 'bot'] as const).map((worker): Trial => ({ kind: 'dry', name: 'dry', worker, kills: [] }));
const DRY_BACKUP: Trial = { kind: 'dry', name: 'dry', worker: 'bot', job: 'backup', kills: [] };

const skip = !hasRedisServer();
if (skip) announceSkip('test/crash/matrix.test.ts', 'no redis-server on the PATH');

describe.skipIf(skip)('the crash matrix', () => {
  let cache = '';
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'muster-crash-'));
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  test(
    'a process killed at any ledger or cluster boundary leaves a run that succeeds with exactly one Restore, or one Backup',
    async () => {
      // The processes are the plain entries; only their compiled code is kept, so that the many starts cost less.
      const processEnv = { NODE_COMPILE_CACHE: cache };
      const trials = [
        ...listTrials(await runDry(DRY, processEnv)),
        ...listBackupTrials(await runDry([DRY_BACKUP], processEnv)),
      ];
      const { chosen, least } = chooseTrials(trials, LEAST_TRIALS);
      const began = Date.now();
      const results = await runTrials(chosen, AT_ONCE, processEnv);
      const wrong = results.filter((result) => result.wrong.length > 0);
      say(renderMatrix(results, Date.now() - began));
      expect(wrong.map(({ trial, wrong: why }) => `${trial.name}: ${why.join('; ')}`)).toEqual([]);
      expect(results.length).toBeGreaterThanOrEqual(least);
    },
    LIMIT_MS,
  );
});

/** The course of the last one. */
async function runDry(dry: readonly Trial[], processEnv: Record<string, string>): Promise<Course> {
  let course: Course = { appends: [], writes: [], questions: [] };
  for (const trial of dry) {
    const { wrong, story, appends, writes, questions } = await runTrial(trial, processEnv);
    expect(wrong, story).toEqual([]);
    course = { appends, writes, questions };
  }
  return course;
}
