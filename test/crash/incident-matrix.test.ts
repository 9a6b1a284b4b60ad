import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer } from '../redis.ts';
import { listIncidentTrials } from './list-incident-trials.ts';
import { renderMatrix } from './render-matrix.ts';
import { runTrial, type Trial } from './run-trial.ts';
import { chooseHalf, chooseTrials, runTrials, say } from './run-trials.ts';

const AT_ONCE = 8;
const LEAST_TRIALS = 60;
const LIMIT_MS = 1_500_000;

/** Nobody is killed. */
const DRY: Trial = {
  ...{ kind: 'dry', name: 'dry', worker: 'slack', kills: [] },
  plot: { by: 'a person', outage: 'none', quiet: false, away: 'nobody', escalates: false, withRun: false },
};

const skip = !hasRedisServer();
if (skip) announceSkip('test/crash/incident-matrix.test.ts', 'no redis-server on the PATH');

describe.skipIf(skip)('the crash matrix of incidents', () => {
  let cache = '';
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'muster-crash-incidents-'));
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  test(
    'a bot killed at any record, call or answer pages once, opens one room and says each thing exactly once',
    async () => {
      const processEnv = { NODE_COMPILE_CACHE: cache };
      const dry = await runTrial(DRY, processEnv);
      if (process.env['CRASH_TRIAL'] === 'dry') say([...dry.named, ...dry.calls, `${dry.ms} ms`, dry.story].join('\n'));
      expect(dry.wrong, dry.story).toEqual([]);
      const { chosen, least } = chooseTrials(chooseHalf(listIncidentTrials()), LEAST_TRIALS);
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
