import { expect, test } from 'vitest';
import { z } from 'zod';
import { renderProblem } from '../../src/domain/problem.ts';
import { Runbook } from '../../src/domain/runbook.ts';
import { checkStepTypes } from '../../src/domain/step-check.ts';

const ref = (name: string) => `\${${name}}`;

const RAW = {
  title: 'Restore',
  summary: 'Restores.',
  params: {
    namespace: { type: 'namespace', required: true },
    backup: { type: 'name' },
    count: { type: 'integer', default: 3 },
    force: { type: 'boolean' },
    wait: { type: 'duration', required: true },
    mode: { type: 'choice', choices: ['fast', 'careful'], required: true },
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
        nested: { count: ref('count'), force: ref('force'), list: [ref('mode'), 'x'] },
        text: `${ref('namespace')} in ${ref('wait')}`,
      },
    },
  ],
};
const runbook = Runbook.parse(RAW);

const shape = {
  namespace: z.string().max(5),
  backup: z.string().optional(),
  nested: z.object({ count: z.int().max(2), force: z.boolean().optional(), list: z.array(z.string()) }),
  text: z.string(),
};
const restore = z.strictObject(shape);

function problemsOf(params: z.ZodType, checked = runbook): string[] {
  const problems = checkStepTypes(checked, new Map([['velero.restore', { params }]]));
  return problems.map((problem) => `${problem.path.slice(3).join('.')}: ${renderProblem(problem)}`);
}

test('finds nothing where values that are not known yet may still fit', () => {
  expect(problemsOf(restore)).toEqual([]);
  expect(problemsOf(restore.refine(({ backup }) => backup === 'b', 'only backup b'))).toEqual([]);
  expect(problemsOf(restore.extend({ namespace: z.union([z.literal('a'), z.literal('b')]) }))).toEqual([]);
});

test('an unknown step type', () => {
  const problems = checkStepTypes(runbook, new Map([['velero.restor', { params: restore }]]));
  expect(problems).toMatchObject([{ path: ['steps', 0, 'uses'], suggestion: 'did you mean "velero.restor"?' }]);
});

const { backup: _, ...rest } = shape;
const needed =
  'velero.restore needs this, but "backup" may have no value; make it required, or add "when: { param: backup, is: set }"';

test.each<[string, z.ZodType, string]>([
  [
    'an unknown key',
    z.strictObject({ ...rest, backups: z.string().optional() }),
    'backup: unknown key "backup"; did you mean "backups"?',
  ],
  [
    'a type that can never fit',
    restore.extend({ namespace: z.number() }),
    'namespace: "namespace" must be a number, not "example"; velero.restore asks for it',
  ],
  [
    'a text that is never a number',
    restore.extend({ text: z.number() }),
    'text: "text" must be a number, not "example in 1m"; velero.restore asks for it',
  ],
  ['a key that may have no value', restore.extend({ backup: z.string() }), `backup: ${needed}`],
  ['a choice that may have no value', restore.extend({ backup: z.enum(['a']) }), `backup: ${needed}`],
  [
    'a missing key',
    restore.extend({ phases: z.record(z.string(), z.string()) }),
    'phases: "phases" is missing; add "phases:" with a mapping',
  ],
  [
    'a plain value that is wrong',
    restore.extend({ nested: z.object({ list: z.tuple([z.string(), z.literal('y')]) }) }),
    'nested.list.1: "list[1]" cannot be "x"; there is: y',
  ],
  [
    'a rule that a plain value breaks',
    restore.extend({ nested: z.object({ list: z.array(z.string().refine((text) => text !== 'x', 'must not be x')) }) }),
    'nested.list.1: "list[1]" must not be x; velero.restore asks for it',
  ],
])('%s', (_name, params, problem) => {
  expect(problemsOf(params)).toEqual([problem]);
});

test('a step that asks for the parameter by "when" has it', () => {
  const steps = RAW.steps.map((step) => ({ ...step, when: { param: 'backup', is: 'set' } }));
  expect(problemsOf(restore.extend({ backup: z.string() }), Runbook.parse({ ...RAW, steps }))).toEqual([]);
});
