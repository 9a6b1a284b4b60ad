import { expect, test } from 'vitest';
import { judgeQuota } from '../../src/domain/judge-quota.ts';

const metadata = { name: 'q', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-31T03:00:00Z' };

type Amounts = Record<string, string | number>;

test.each<[Amounts, Amounts | undefined, string]>([
  [{ pods: '20' }, { pods: '8' }, 'pass: pods 8 of 20 used (12 free)'],
  [{ pods: '20' }, { pods: '20' }, 'fail: little is left: pods 20 of 20 used (0 free)'],
  [{ pods: '20' }, { pods: '25' }, 'fail: little is left: pods 25 of 20 used (0 free)'],
  [{ pods: '0' }, { pods: '0' }, 'fail: little is left: pods 0 of 0 used (0 free)'],
  [{ 'requests.cpu': '4' }, { 'requests.cpu': '3600m' }, 'pass: requests.cpu 3600m of 4 used (90 %)'],
  [{ 'requests.cpu': '4' }, { 'requests.cpu': '3800m' }, 'fail: little is left: requests.cpu 3800m of 4 used (95 %)'],
  [{ memory: '2Gi' }, { memory: '2000Mi' }, 'fail: little is left: memory 2000Mi of 2Gi used (97 %)'],
  [{ 'limits.memory': '0' }, { 'limits.memory': '0' }, 'fail: little is left: limits.memory 0 of 0 used'],
  [
    { 'services.loadbalancers': '0' },
    { 'services.loadbalancers': '0' },
    'pass: services.loadbalancers 0 of 0 used (0 free)',
  ],
  [
    { pods: '20', 'count/secrets': '5' },
    { pods: '8', 'count/secrets': '5' },
    'fail: little is left: count/secrets 5 of 5 used (0 free)',
  ],
  [{ pods: '20' }, undefined, 'unchecked: not counted by Kubernetes yet: pods'],
  [{ pods: 'many' }, { pods: '1' }, 'unchecked: not counted by Kubernetes yet: pods'],
  [{}, {}, 'pass: it limits nothing'],
])('hard %j, used %j is %s', (hard, used, expected) => {
  const status = used === undefined ? {} : { status: { hard, used } };
  const { name, verdict, detail } = judgeQuota({ metadata, spec: { hard }, ...status });
  expect(name).toBe('quota q');
  expect(`${verdict}: ${detail}`).toBe(expected);
});
