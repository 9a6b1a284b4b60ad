import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkQuota } from '../../../src/steps/preflight/check-quota.ts';
import { NAMESPACE, type Stage, startStage } from './preflight-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.cluster.api.faults.clear();
  stage.cluster.store.purge('resourcequotas', NAMESPACE, 'limits');
});

function putQuota(pods: string): void {
  stage.cluster.store.create('resourcequotas', {
    metadata: { name: 'limits', namespace: NAMESPACE },
    spec: { hard: { pods } },
  });
}

const checks = async () => (await checkQuota(stage.context)).checks;

test('no quota passes', async () => {
  expect(await checks()).toEqual([{ name: 'quota', verdict: 'pass', detail: 'no quota' }]);
});

test('a quota with room passes, a full one fails, both with their numbers', async () => {
  const pods = stage.cluster.store.list('pods', NAMESPACE).length;
  putQuota(String(pods + 5));
  await expect
    .poll(checks, { timeout: 10_000 })
    .toEqual([{ name: 'quota limits', verdict: 'pass', detail: `pods ${pods} of ${pods + 5} used (5 free)` }]);
  stage.cluster.store.purge('resourcequotas', NAMESPACE, 'limits');
  putQuota(String(pods));
  await expect
    .poll(checks, { timeout: 10_000 })
    .toEqual([
      { name: 'quota limits', verdict: 'fail', detail: `little is left: pods ${pods} of ${pods} used (0 free)` },
    ]);
});

test('quotas that may not be listed are unchecked', async () => {
  stage.cluster.api.faults.add({ kind: 'refuse', match: { resource: 'resourcequotas' } });
  expect(await checks()).toMatchObject([{ name: 'quota', verdict: 'unchecked' }]);
});
