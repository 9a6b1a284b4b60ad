import { expect, test } from 'vitest';
import {
  fillParams,
  Runbook,
  requestTargets,
  resolveContentNamespace,
  resolveNamespace,
} from '../../src/domain/runbook.ts';

const ref = (name: string) => `\${${name}}`;
const raw = (into: object) => ({
  title: 'Copy',
  summary: 'Copies.',
  params: { namespace: { type: 'namespace', required: true }, note: { type: 'text' }, into },
  target: { namespace: ref('into'), contentOf: ref('namespace') },
  deadline: '5m',
  steps: [{ id: 'one', uses: 'x', with: { note: ref('note') } }],
});
const runbook = Runbook.parse(raw({ type: 'namespace', default: ref('namespace') }));

test.each([
  [{ namespace: 'shop' }, 'shop', ['shop']],
  [{ namespace: 'shop', into: 'copy' }, 'copy', ['copy', 'shop']],
])('%j goes into %s, and all of it must be allowed', (given, target, all) => {
  const filled = fillParams(runbook, given);
  if ('problems' in filled) throw new Error(JSON.stringify(filled.problems));
  expect(resolveNamespace(runbook, filled.params)).toBe(target);
  expect(resolveContentNamespace(runbook, filled.params)).toBe('shop');
  const targets = requestTargets(runbook, {
    target: { cluster: 'c', namespace: target },
    params: filled.params,
    steps: [],
  });
  expect(targets.map(({ namespace }) => namespace)).toEqual(all);
});

test('a namespace that only a step names must be allowed too, whatever it was made of', () => {
  const steps = [
    { with: { namespace: 'typed-as-text' } },
    { with: { into: 'written-out', note: 'nothing' } },
    { with: {} },
  ];
  const request = { target: { cluster: 'c', namespace: 'shop' }, params: { namespace: 'shop' }, steps };
  const named = (book: Runbook | undefined) => requestTargets(book, request).map(({ namespace }) => namespace);
  expect(named(runbook)).toEqual(['shop', 'typed-as-text', 'written-out']);
  expect(named(undefined)).toEqual(['shop', 'typed-as-text', 'written-out']);
});

test('what is wrong with the other parameter is said once', () => {
  const filled = fillParams(runbook, { namespace: 'Shop' });
  expect('problems' in filled && filled.problems.map(({ path }) => path)).toEqual([['namespace']]);
});

test.each([
  [{ type: 'namespace', default: ref('note') }, 'must be another namespace that always has a value'],
  [{ type: 'namespace', default: ref('into') }, 'must be another namespace that always has a value'],
  [{ type: 'namespace', default: ref('nobody') }, 'must be another namespace that always has a value'],
])('%j is refused', (into, message) => {
  const { error } = Runbook.safeParse(raw(into));
  expect(error?.issues.map((issue) => issue.message).join()).toContain(message);
});
