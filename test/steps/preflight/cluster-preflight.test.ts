import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { step } from '../../../src/steps/cluster-preflight.ts';
import { NAMESPACE, type Stage, startStage } from './preflight-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.cluster.api.faults.clear();
  stage.cluster.velero.faults.down = undefined;
});

test('every check is in the plan, and none of their states in the facts', async () => {
  const plan = await step.plan(stage.context);
  expect(plan.checks?.map(({ name }) => name)).toEqual([
    'namespace',
    'velero',
    'node-agent',
    'queue',
    'backups',
    'storage default',
    'admission',
    'quota',
    'owners',
  ]);
  expect(plan.refusals).toEqual([]);
  expect(Object.keys(plan.facts)).toEqual(['namespace', 'existingClaims']);
  stage.cluster.velero.faults.down = true;
  stage.cluster.velero.storage.setUnavailable('gone');
  const later = await step.plan(stage.hurried());
  stage.cluster.velero.storage.setAvailable();
  expect(later.refusals?.map(({ code }) => code)).toEqual(['VELERO_SILENT']);
  expect(later.facts).toEqual(plan.facts);
});

test('the notes begin with what will NOT change, then come the owners', async () => {
  stage.cluster.velero.takeBackup({ name: 'now', outcome: { phase: 'InProgress', errors: 0 } });
  const { notes = [] } = await step.plan(stage.context);
  stage.cluster.store.purge('backups.velero.io', 'velero', 'now');
  expect(notes.map((note) => note.split(' ').slice(0, 2).join(' '))).toEqual([
    'Data will',
    'Namespace data-processing',
    'HorizontalPodAutoscaler normalization-service',
    'Backup now',
  ]);
});

test('PVCs that may not be looked at are said to be unknown, and are never taken for none', async () => {
  const seen = await step.plan(stage.context);
  stage.cluster.api.faults.add({ kind: 'refuse', match: { verb: 'list', resource: 'persistentvolumeclaims' } });
  const plan = await step.plan(stage.context);
  expect(plan.checks).toContainEqual({
    name: 'PVCs',
    verdict: 'unchecked',
    detail: expect.stringMatching(/^persistentvolumeclaims could not be looked at\. Allow .* verb "list"/),
  });
  expect(plan.notes?.[0]).toBe('Data will NOT change in PVCs that exist; which do is NOT known.');
  expect(plan.facts['existingClaims']).toBe('unseen');
  expect(plan.facts['existingClaims']).not.toEqual(seen.facts['existingClaims']);
});

test('an API that does not answer ends the planning at once, and leaves no question behind', async () => {
  stage.cluster.velero.faults.down = true;
  stage.cluster.api.faults.add({ kind: 'status', code: 503, match: { resource: 'resourcequotas' } });
  const began = Date.now();
  await expect(step.plan(stage.context)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', retryable: true });
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(stage.cluster.store.list('serverstatusrequests.velero.io')).toEqual([]);
});

test('Terminating is refused before all else', async () => {
  stage.cluster.velero.faults.down = true;
  const held = { name: 'held', namespace: NAMESPACE, finalizers: ['example.com/hold'] };
  stage.cluster.store.create('configmaps', { metadata: held, data: {} });
  stage.cluster.store.remove('namespaces', undefined, NAMESPACE);
  const { refusals, checks } = await step.plan(stage.hurried());
  expect(refusals?.[0]?.message).toMatch(/^Namespace data-processing is Terminating\./);
  expect(refusals?.[1]?.code).toBe('VELERO_SILENT');
  expect(checks?.[0]).toMatchObject({ name: 'namespace', verdict: 'fail' });
});
