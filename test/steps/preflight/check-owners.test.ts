import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkOwners } from '../../../src/steps/preflight/check-owners.ts';
import { NAMESPACE, type Stage, startStage } from './preflight-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.cluster.api.faults.clear();
});

const AUTOSCALER =
  'HorizontalPodAutoscaler normalization-service scales deployment/normalization-service: it will change the restored replicas, but does nothing while they are 0.';

test('a namespace of nobody else passes, also where KEDA and Flagger are not served', async () => {
  const context = { ...stage.context, params: { namespace: 'monitoring' } };
  expect(await checkOwners(context)).toEqual({
    checks: [{ name: 'owners', verdict: 'pass', detail: 'nothing in monitoring is changed by anybody else' }],
    notes: [],
    refusals: [],
  });
});

test('each owner is one sentence, and the check counts them', async () => {
  const annotations = { 'argocd.argoproj.io/tracking-id': 'pipeline:apps/Deployment:data-processing/x' };
  stage.cluster.store.modify('deployments.apps', NAMESPACE, 'enrichment-service', ({ metadata }) => {
    metadata.annotations = annotations;
  });
  stage.cluster.store.create('canaries.flagger.app', {
    metadata: { name: 'projection', namespace: NAMESPACE },
    spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'projection-service' }, analysis: {} },
  });
  const { checks, notes, refusals } = await checkOwners(stage.context);
  expect(notes).toEqual([
    'Argo CD owns deployment/enrichment-service: with self-heal it will undo what the restore changes.',
    "Flagger's Canary projection targets deployment/projection-service: it serves from projection-service-primary, and a changed pod template starts a new canary.",
    AUTOSCALER,
  ]);
  expect(checks).toEqual([{ name: 'owners', verdict: 'fail', detail: 'to read: 3 notes on who else changes it' }]);
  expect(refusals).toEqual([]);
});

test('what may not be listed is unchecked beside what was found', async () => {
  stage.cluster.api.faults.add({ kind: 'refuse', match: { resource: 'canaries.flagger.app' } });
  const { checks, notes } = await checkOwners(stage.context);
  expect(notes).toContain(AUTOSCALER);
  expect(checks.map(({ verdict }) => verdict)).toEqual(['fail', 'unchecked']);
  expect(checks[1]?.detail).toMatch(/^canaries\.flagger\.app could not be looked at\. Allow this identity by RBAC/);
});
