import { expect, test } from 'vitest';
import type { Check } from '../../src/domain/plan.ts';
import { judgeChecks } from '../../src/engine/finish-run.ts';

const check = (verdict: Check['verdict'], name: string): Check => ({ name, verdict, detail: `saw ${name}` });
const NOTHING = 'Not verified: nothing could be checked.';

test.each<[string, Check[], string | undefined]>([
  ['nothing was checked', [], NOTHING],
  ['all that there was is unchecked', [check('unchecked', 'health'), check('unchecked', 'data')], NOTHING],
  ['one passed', [check('pass', 'restore')], undefined],
  ['one passed, the rest is unchecked', [check('pass', 'restore'), check('unchecked', 'data')], undefined],
  [
    'one failed beside many that passed',
    [check('pass', 'restore'), check('fail', 'data "ticks"'), check('unchecked', 'health')],
    'Not verified: data "ticks": saw data "ticks".',
  ],
  ['only a failure', [check('fail', 'a'), check('fail', 'b')], 'Not verified: a: saw a; b: saw b.'],
  ['a whole sentence', [{ name: 'file', verdict: 'fail', detail: 'It is gone.' }], 'Not verified: file: It is gone.'],
])('%s', (_what, checks, problem) => {
  expect(judgeChecks(checks)).toBe(problem);
});
