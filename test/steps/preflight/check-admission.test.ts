import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkAdmission } from '../../../src/steps/preflight/check-admission.ts';
import { type Stage, startStage } from './preflight-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
const MUTATING = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';
afterEach(() => {
  stage.cluster.api.faults.clear();
  stage.cluster.store.purge(MUTATING, undefined, 'injector');
});

const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };

function putWebhook(clientConfig: object, more: object = {}): void {
  const webhook = { name: 'injector.linkerd.io', clientConfig, rules: [PODS], sideEffects: 'None', ...more };
  stage.cluster.store.create(MUTATING, { metadata: { name: 'injector' }, webhooks: [webhook] });
}

const toService = (namespace: string, name: string) => ({ service: { namespace, name } });
const checks = async () => (await checkAdmission(stage.context)).checks;

test('no webhook, and one whose service is ready, pass', async () => {
  expect(await checks()).toEqual([
    { name: 'admission', verdict: 'pass', detail: 'no webhook can refuse what is restored' },
  ]);
  putWebhook(toService('monitoring', 'prometheus'));
  expect(await checks()).toEqual([
    {
      name: 'admission',
      verdict: 'pass',
      detail: 'the service of each of 1 matching webhooks has a ready endpoint',
    },
  ]);
});

test('one whose service has no ready endpoint fails', async () => {
  putWebhook(toService('linkerd', 'injector'));
  expect(await checks()).toEqual([
    {
      name: 'admission',
      verdict: 'fail',
      detail:
        'webhook injector.linkerd.io would refuse objects: its service linkerd/injector has no ready endpoint (pods)',
    },
  ]);
});

test('one that leaves the namespace out by its labels is none of ours', async () => {
  const key = 'linkerd.io/inject';
  putWebhook(toService('linkerd', 'injector'), {
    namespaceSelector: { matchExpressions: [{ key, operator: 'NotIn', values: ['enabled'] }] },
  });
  expect(await checks()).toMatchObject([{ verdict: 'pass' }]);
  // A namespace that is absent may come back with any labels.
  const context = { ...stage.context, params: { namespace: 'gone' } };
  expect((await checkAdmission(context)).checks).toMatchObject([{ verdict: 'fail' }]);
});

test('one that is called by URL, or whose endpoints may not be listed, is unchecked', async () => {
  putWebhook({ url: 'https://admission.example.com/pods' });
  expect(await checks()).toEqual([
    {
      name: 'admission',
      verdict: 'unchecked',
      detail: 'webhook injector.linkerd.io (pods) is called by URL; whether it answers is not checked',
    },
  ]);
  stage.cluster.store.purge(MUTATING, undefined, 'injector');
  putWebhook(toService('linkerd', 'injector'));
  stage.cluster.api.faults.add({ kind: 'refuse', match: { resource: 'endpointslices.discovery.k8s.io' } });
  expect(await checks()).toMatchObject([{ verdict: 'unchecked' }]);
});

test('configurations that may not be listed are never passed', async () => {
  stage.cluster.api.faults.add({ kind: 'refuse', match: { resource: MUTATING } });
  const [check, ...others] = await checks();
  expect(others).toEqual([]);
  expect(check?.verdict).toBe('unchecked');
  expect(check?.detail).toMatch(
    /^mutatingwebhookconfigurations\.admissionregistration\.k8s\.io could not be looked at\./,
  );
});
