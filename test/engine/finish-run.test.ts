import { expect, test } from 'vitest';
import type { Check } from '../../src/domain/plan.ts';
import { judgeChecks } from '../../src/engine/finish-run.ts';

const check = (verdict: Check['verdict'], detail = 'seen'): Check => ({ name: verdict, verdict, detail });

test.each([
  ['no check at all', [], 'Not verified: nothing could be checked.'],
  ['nothing that was checked', [check('unchecked')], 'Not verified: nothing could be checked.'],
  ['one that failed', [check('pass'), check('fail', '0/1 ready')], 'Not verified: fail: 0/1 ready.'],
  ['a whole sentence', [check('fail', 'The file is gone.')], 'Not verified: fail: The file is gone.'],
  ['what passed, beside what could not be checked', [check('pass'), check('unchecked')], undefined],
])('%s', (_what, checks, problem) => {
  expect(judgeChecks(checks)).toBe(problem);
});
