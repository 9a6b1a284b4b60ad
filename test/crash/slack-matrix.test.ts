import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer } from '../redis.ts';
import { findUntried, listSlackTrials } from './list-slack-trials.ts';
import { renderMatrix } from './render-matrix.ts';
import { runTrial, type Trial } from './run-trial.ts';
import { chooseTrials, runTrials, say } from './run-trials.ts';

/** The other matrix plays at the same time. */
const AT_ONCE = 4;
const LEAST_TRIALS = 50;
const LIMIT_MS = 1_500_000;

/** Nobody is killed. */
const DRY: Trial = { kind: 'dry', name: 'dry', worker: 'slack', kills: [] };

const skip = !hasRedisServer();
if (skip) announceSkip('test/crash/slack-matrix.test.ts', 'no redis-server on the PATH');

describe.skipIf(skip)('the crash matrix of messages', () => {
  let cache = '';
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'muster-crash-slack-'));
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  test(
    'a bot killed at any record, call or answer about Slack says each thing exactly once, and the run succeeds',
    async () => {
      const processEnv = { NODE_COMPILE_CACHE: cache };
      const dry = await runTrial(DRY, processEnv);
      expect(dry.wrong, dry.story).toEqual([]);
      // A message or a call that is new gets its trials too.
      expect(findUntried([...dry.named, ...dry.calls])).toEqual([]);
      const { chosen, least } = chooseTrials(listSlackTrials(), LEAST_TRIALS);
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
