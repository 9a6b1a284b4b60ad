import { describe, expect, test } from 'vitest';
import { judgeMessages, judgeRestoredItems } from '../../src/domain/judge-restored.ts';
import { listObjects, type Results } from '../../src/domain/velero-files.ts';

const planned = {
  create: { count: 2, names: ['v1/ConfigMap/settings', 'apps/v1/Deployment/web'] },
  skip: { count: 1, names: ['v1/Secret/token'] },
};
const clean = {
  'v1/ConfigMap': ['shop/settings(created)'],
  'apps/v1/Deployment': ['shop/web(created)'],
  'v1/Secret': ['shop/token(skipped)'],
};

function verdicts(list: Record<string, string[]>, plan = planned): string[] {
  return judgeRestoredItems(listObjects(list), plan, 'shop').map(({ verdict }) => verdict);
}

describe('what Velero says it restored', () => {
  test.each<[string, Record<string, string[]>, string[]]>([
    ['all as planned', clean, ['pass', 'pass']],
    [
      'a planned skip that differs counts as failed in the list',
      { ...clean, 'v1/Secret': ['shop/token(failed)'] },
      ['pass', 'pass'],
    ],
    ['what Kubernetes makes by itself', { ...clean, 'v1/ServiceAccount': ['shop/default(skipped)'] }, ['pass', 'pass']],
    [
      'a volume is cluster-scoped and never in the namespace',
      { ...clean, 'v1/PersistentVolume': ['pv-1(skipped)'] },
      ['pass', 'pass'],
    ],
    ['an unplanned skip', { ...clean, 'v1/ConfigMap': ['shop/settings(skipped)'] }, ['fail', 'pass']],
    ['a failed object', { ...clean, 'apps/v1/Deployment': ['shop/web(failed)'] }, ['fail', 'pass']],
    ['an object that Velero never touched', { ...clean, 'v1/ConfigMap': [] }, ['pass', 'fail']],
    ['nothing at all', {}, ['pass', 'fail']],
    [
      'another namespace does not count',
      { 'v1/ConfigMap': ['other/settings(created)'], 'apps/v1/Deployment': ['shop/web(created)'] },
      ['pass', 'fail'],
    ],
  ])('%s', (_name, list, expected) => {
    expect(verdicts(list)).toEqual(expected);
  });

  test('finished pods and jobs may be missing: Velero leaves them out and the backup does not say which', () => {
    const plan = {
      ...planned,
      create: { count: 4, names: [...planned.create.names, 'v1/Pod/done', 'batch/v1/Job/once'] },
    };
    expect(verdicts(clean, plan)).toEqual(['pass', 'pass']);
  });

  test('with more skips than names are kept, the number decides', () => {
    const plan = { ...planned, skip: { count: 3, names: ['v1/Secret/token'] } };
    const more = { ...clean, 'v1/Secret': ['shop/token(skipped)', 'shop/b(skipped)', 'shop/c(skipped)'] };
    expect(verdicts(more, plan)).toEqual(['pass', 'pass']);
    const tooMany = { ...more, 'v1/Service': ['s1', 's2', 's3', 's4'].map((name) => `shop/${name}(skipped)`) };
    expect(verdicts(tooMany, plan)[0]).toBe('fail');
  });
});

describe("Velero's messages", () => {
  const warn = (...messages: string[]): Results => ({ warnings: { namespaces: { shop: messages } }, errors: {} });
  test.each<[string, Results, string[]]>([
    ['none', { warnings: {}, errors: {} }, ['pass', 'pass']],
    ['null, as Go writes an empty one', { warnings: null, errors: null }, ['pass', 'pass']],
    [
      'a planned skip that differs',
      warn('could not restore, Secret:token already exists. Warning: the in-cluster version is different'),
      ['pass', 'pass'],
    ],
    [
      'the same of another object',
      warn('could not restore, Secret:other already exists. Warning: ...'),
      ['pass', 'fail'],
    ],
    ['any other warning', warn('something else'), ['pass', 'fail']],
    ['a cluster-wide warning', { warnings: { cluster: ['CRD gone'] }, errors: {} }, ['pass', 'fail']],
    ['an error', { warnings: {}, errors: { velero: ['disk full'] } }, ['fail', 'pass']],
  ])('%s', (_name, results, expected) => {
    expect(judgeMessages(results, planned).map(({ verdict }) => verdict)).toEqual(expected);
  });
});

describe('objects whose existence the plan could not look at', () => {
  const plan = { create: planned.create, skip: { count: 0, names: [] }, unseen: planned.skip };
  const judge = (list: Record<string, string[]>) => judgeRestoredItems(listObjects(list), plan, 'shop');

  test('created: nothing is left to say', () => {
    expect(judge({ ...clean, 'v1/Secret': ['shop/token(created)'] }).map(({ verdict }) => verdict)).toEqual([
      'pass',
      'pass',
    ]);
  });

  test('left as it was: allowed by the plan, and said to be unchecked', () => {
    expect(judge(clean)).toEqual([
      expect.objectContaining({ verdict: 'pass' }),
      expect.objectContaining({ verdict: 'pass' }),
      { name: 'objects that existed', verdict: 'unchecked', detail: expect.stringContaining('secret/token') },
    ]);
  });

  test('never touched: that fails', () => {
    expect(judge({ ...clean, 'v1/Secret': [] }).map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
  });

  test('an object that the plan did see is not excused', () => {
    const list = { ...clean, 'v1/ConfigMap': ['shop/settings(skipped)'] };
    expect(judge(list).map(({ verdict }) => verdict)).toEqual(['fail', 'pass', 'unchecked']);
  });

  test("Velero's warning about it is expected, one about another is not", () => {
    const warn = (name: string): Results => ({
      warnings: { namespaces: { shop: [`could not restore, Secret:${name} already exists. Warning: differs`] } },
      errors: undefined,
    });
    expect(judgeMessages(warn('token'), plan).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect(judgeMessages(warn('other'), plan).map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
  });
});
