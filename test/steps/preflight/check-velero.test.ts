import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkVelero } from '../../../src/steps/preflight/check-velero.ts';
import { type Stage, startStage } from './preflight-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.cluster.api.faults.clear();
  stage.cluster.velero.faults.down = undefined;
});

const questions = () => stage.cluster.store.list('serverstatusrequests.velero.io');

test('a Velero that answers passes with its version, and its node agent with its numbers', async () => {
  await expect
    .poll(() => checkVelero(stage.context), { timeout: 15_000 })
    .toEqual({
      checks: [
        { name: 'velero', verdict: 'pass', detail: 'Velero v1.18.1 answers' },
        { name: 'node-agent', verdict: 'pass', detail: '3 of 3 ready' },
      ],
      notes: [],
      refusals: [],
    });
  expect(questions()).toEqual([]);
});

test('a Velero that does not reconcile is refused, by what its Deployment says', async () => {
  stage.cluster.velero.faults.down = true;
  const { refusals, checks } = await checkVelero(stage.hurried());
  expect(refusals).toEqual([
    {
      code: 'VELERO_SILENT',
      message: 'Velero is not reconciling: it left a ServerStatusRequest unanswered for 10 s.',
      action:
        'Deployment velero/velero has 1 of 1 replicas ready, so read its log: kubectl -n velero logs deployment/velero --tail 50',
    },
  ]);
  expect(checks[0]).toMatchObject({ name: 'velero', verdict: 'fail' });
  expect(questions()).toEqual([]);
});

test('a Velero that may not be asked is unchecked, with the right that is missing', async () => {
  stage.cluster.api.faults.add({ kind: 'refuse', match: { resource: 'serverstatusrequests.velero.io' } });
  const { refusals, checks } = await checkVelero(stage.context);
  expect(refusals).toEqual([]);
  expect(checks[0]).toMatchObject({ name: 'velero', verdict: 'unchecked' });
  expect(checks[0]?.detail).toContain(
    'verb "create", resource "serverstatusrequests", API group "velero.io", namespace "velero"',
  );
});

test('a Velero that is not there is refused', async () => {
  const homes = { ...stage.context.homes, veleroNamespace: 'elsewhere' };
  const { refusals, checks } = await checkVelero({ ...stage.context, homes });
  expect(refusals[0]?.message).toMatch(/^Velero is not installed in namespace elsewhere: .*not found/);
  expect(refusals[0]?.action).toMatch(/^Install Velero, or set VELERO_NAMESPACE/);
  expect(checks.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(['velero fail', 'node-agent unchecked']);
});

test('an API that does not answer is no finding', async () => {
  stage.cluster.api.faults.add({ kind: 'status', code: 500 });
  await expect(checkVelero(stage.context)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
});
