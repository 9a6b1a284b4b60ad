import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { explainIssues, renderProblem } from '../../src/domain/problem.ts';
import { deadlineMs, fillParams, Runbook, resolveNamespace, resolveSteps } from '../../src/domain/runbook.ts';

const ref = (name: string) => `\${${name}}`;

const RAW = {
  title: 'Restore',
  summary: 'Restores.',
  params: {
    namespace: { type: 'namespace', required: true, help: 'which one' },
    backup: { type: 'name' },
    count: { type: 'integer', default: 3 },
    force: { type: 'boolean' },
    wait: { type: 'duration', default: '15m' },
    note: { type: 'text' },
    mode: { type: 'choice', choices: ['fast', 'careful'], default: 'careful' },
  },
  target: { namespace: ref('namespace') },
  deadline: '30m',
  steps: [
    {
      id: 'one',
      uses: 'velero.restore',
      with: {
        namespace: ref('namespace'),
        backup: ref('backup'),
        nested: { count: ref('count'), force: ref('force'), list: [ref('note'), 'x', ref('mode')] },
        text: `${ref('namespace')}: ${ref('count')} in ${ref('wait')}`,
      },
    },
    { id: 'two', uses: 'http.check', when: { param: 'backup', is: 'set' }, timeout: ref('wait') },
    { id: 'three', uses: 'http.check', when: { param: 'backup', is: 'unset' } },
    { id: 'four', uses: 'http.check', when: { param: 'count', equals: 3 }, timeout: '90s' },
  ],
};
const runbook = Runbook.parse(RAW);

function problemsOf(raw: unknown): string[] {
  const result = Runbook.safeParse(raw);
  return result.success ? [] : explainIssues(Runbook, raw, result.error.issues).map(renderProblem);
}

describe('Runbook', () => {
  test('a parsed runbook parses to itself', () => {
    expect(Runbook.parse(runbook)).toEqual(runbook);
    expect(deadlineMs(runbook)).toBe(1_800_000);
  });

  test('it can be told as JSON Schema, for editors', () => {
    expect(z.toJSONSchema(Runbook, { io: 'input' })).toMatchObject({ additionalProperties: false });
  });

  test('problems of different kinds show at once', () => {
    const raw = { ...RAW, stepz: [], deadline: 30, steps: [{ id: 'A', uses: 'x', with: { n: ref('namespce') } }] };
    expect(problemsOf(raw)).toEqual(
      expect.arrayContaining([
        'unknown key "stepz"; did you mean "steps"?',
        expect.stringMatching(/^"deadline" must be a duration .*, not the number 30$/),
        expect.stringMatching(/^"id" must be lower-case/),
        'there is no parameter "namespce"; did you mean "namespace"?',
      ]),
    );
  });

  test.each([null, [], 'text', 3, { steps: 'x', params: [] }, { params: { a: null }, steps: [null, 3, { when: 1 }] }])(
    'nonsense is refused, never thrown at: %j',
    (raw) => {
      expect(problemsOf(raw).length).toBeGreaterThan(0);
    },
  );
});

describe('fillParams', () => {
  const given = { namespace: 'shop' };

  test('types every parameter and fills in defaults', () => {
    expect(
      fillParams(runbook, {
        ...given,
        backup: 'daily-1.2',
        count: '-7',
        force: 'yes',
        wait: '90s',
        note: 'a "b"',
        mode: 'fast',
      }),
    ).toEqual({
      params: {
        namespace: 'shop',
        backup: 'daily-1.2',
        count: -7,
        force: true,
        wait: '90s',
        note: 'a "b"',
        mode: 'fast',
      },
    });
    expect(fillParams(runbook, given)).toEqual({
      params: { namespace: 'shop', count: 3, wait: '15m', mode: 'careful' },
    });
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'namespace is missing; which one'],
    [{ ...given, bakcup: 'x' }, 'there is no parameter "bakcup"; did you mean "backup"?'],
    [
      { ...given, constructor: 'x' },
      'there is no parameter "constructor"; there is: namespace, backup, count, force, wait, note, mode',
    ],
    [
      { namespace: 'data-*' },
      'namespace "data-*" must be one exact name; wildcards are not accepted; one namespace a run, see: kubectl get namespaces',
    ],
    [
      { namespace: '*' },
      'namespace "*" must be one exact name; wildcards are not accepted; one namespace a run, see: kubectl get namespaces',
    ],
    [{ namespace: 'a'.repeat(64) }, `namespace "${'a'.repeat(64)}" must have at most 63 characters`],
    [
      { namespace: '-shop' },
      'namespace "-shop" must be lower-case letters, digits and "-", and begin and end with a letter or digit',
    ],
    [
      { namespace: 'a.b' },
      'namespace "a.b" must be lower-case letters, digits and "-", and begin and end with a letter or digit',
    ],
    [{ namespace: '' }, 'namespace "" must not be empty; leave it out or give it a value'],
    [{ ...given, count: '1.5' }, 'count "1.5" must be a whole number'],
    [{ ...given, count: '9007199254740993' }, 'count "9007199254740993" must be a whole number'],
    [{ ...given, count: '0x10' }, 'count "0x10" must be a whole number'],
    [{ ...given, force: 'maybe' }, 'force "maybe" must be true or false'],
    [{ ...given, wait: '15' }, 'wait "15" must be a duration of at most 7d, such as 90s, 15m or 1h30m'],
    [{ ...given, mode: 'fsat' }, 'mode "fsat" must be one of its choices; did you mean "fast"?'],
    [{ ...given, note: 'x'.repeat(501) }, `note "${'x'.repeat(501)}" must have at most 500 characters`],
    [{ ...given, note: 'a\u001B[2J' }, 'note "a\u001B[2J" must not hold control characters'],
  ])('refuses %j', (typed, message) => {
    const result = fillParams(runbook, typed);
    expect('problems' in result && result.problems.map(renderProblem)).toEqual([message]);
  });

  test('a capital letter is no reason to guess, but to suggest', () => {
    const result = fillParams(runbook, { namespace: 'Data_Processing' });
    expect('problems' in result && result.problems[0]?.suggestion).toBe('did you mean "data-processing"?');
  });

  test('every problem is reported at once', () => {
    const result = fillParams(runbook, { namespace: '*', count: 'x', nmae: 'y' });
    expect('problems' in result && result.problems.map(({ path }) => path[0])).toEqual(['nmae', 'namespace', 'count']);
  });
});

describe('resolveSteps', () => {
  const params = { namespace: 'shop', count: 3, wait: '15m', mode: 'careful' };

  test('keeps the type of whole references, makes embedded ones text, drops what has no value', () => {
    expect(resolveSteps(runbook, params)[0]).toEqual({
      id: 'one',
      uses: 'velero.restore',
      with: { namespace: 'shop', nested: { count: 3, list: ['x', 'careful'] }, text: 'shop: 3 in 15m' },
      timeoutMs: 300_000,
    });
  });

  test('takes the steps whose condition holds', () => {
    const ids = (given: Record<string, string | number>) =>
      resolveSteps(runbook, { ...params, ...given }).map(({ id }) => id);
    expect(ids({})).toEqual(['one', 'three', 'four']);
    expect(ids({ backup: 'b' })).toEqual(['one', 'two', 'four']);
    expect(ids({ count: 4 })).toEqual(['one', 'three']);
  });

  test('a time-out may be a parameter', () => {
    const steps = resolveSteps(runbook, { ...params, backup: 'b', wait: '2m' });
    expect(steps.map(({ timeoutMs }) => timeoutMs)).toEqual([300_000, 120_000, 90_000]);
  });

  test('a value is never looked into again', () => {
    const [step] = resolveSteps(runbook, { ...params, backup: ref('namespace'), note: `$& ${ref('mode')}` });
    expect(step?.with).toMatchObject({
      backup: ref('namespace'),
      nested: { list: [`$& ${ref('mode')}`, 'x', 'careful'] },
    });
  });

  test('the namespace is the one of the target', () => {
    expect(resolveNamespace(runbook, params)).toBe('shop');
  });
});
