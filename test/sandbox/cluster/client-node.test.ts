import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  VersionApi,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, deployment, restore, startBench } from './api-client.ts';

let bench: Bench;
const config = new KubeConfig();
beforeAll(async () => {
  bench = await startBench();
  config.loadFromString(bench.api.kubeconfig());
});
afterAll(() => bench.close());

test('typed calls: version, create, list, patch, scale, delete', async () => {
  expect((await config.makeApiClient(VersionApi).getCode()).gitVersion).toMatch(/^v1\.31/);
  const apps = config.makeApiClient(AppsV1Api);
  const body = deployment('web');
  await apps.createNamespacedDeployment({ namespace: 'shop', body });
  const { items } = await apps.listNamespacedDeployment({ namespace: 'shop' });
  expect(items[0]?.metadata?.creationTimestamp).toBeInstanceOf(Date);
  const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  const patch = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } };
  const patched = await apps.patchNamespacedDeployment({ namespace: 'shop', name: 'web', body: patch }, strategic);
  expect(patched.metadata?.generation).toBe(2);
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const scale = { namespace: 'shop', name: 'web', body: { spec: { replicas: 3 } } };
  expect((await apps.patchNamespacedDeploymentScale(scale, merge)).spec?.replicas).toBe(3);
  const uid = items[0]?.metadata?.uid ?? '';
  await apps.deleteNamespacedDeployment({ namespace: 'shop', name: 'web', body: { preconditions: { uid } } });
  expect(bench.store.get('deployments.apps', 'shop', 'web')).toBeUndefined();
});

test('custom objects, and errors whose body is a Status', async () => {
  const objects = config.makeApiClient(CustomObjectsApi);
  const where = { group: 'velero.io', version: 'v1', namespace: 'velero', plural: 'restores' };
  const made = await objects.createNamespacedCustomObject({ ...where, body: restore('r1') });
  expect(made.metadata.name).toBe('r1');
  const again = await objects.createNamespacedCustomObject({ ...where, body: restore('r1') }).catch((error) => error);
  expect(again.code).toBe(409);
  expect(JSON.parse(again.body).reason).toBe('AlreadyExists');
  const missing = await config
    .makeApiClient(CoreV1Api)
    .readNamespace({ name: 'none' })
    .catch((error) => error);
  expect(missing.code).toBe(404);
});

test('its Watch sees events', async () => {
  const seen: string[] = [];
  const { resourceVersion } = bench.store.create('configmaps', { metadata: { name: 'w', namespace: 'shop' } }).metadata;
  await new Promise<void>((resolve, reject) => {
    const path = '/api/v1/namespaces/shop/configmaps';
    const started = new Watch(config).watch(
      path,
      { resourceVersion },
      (type, object) => {
        seen.push(`${type} ${object.metadata.name}`);
        if (seen.length === 2) started.then((controller) => controller.abort()).then(resolve, reject);
      },
      () => undefined,
    );
    started.then(() => bench.store.create('configmaps', { metadata: { name: 'x', namespace: 'shop' } })).catch(reject);
    started.then(() => bench.store.remove('configmaps', 'shop', 'w')).catch(reject);
  });
  expect(seen).toEqual(['ADDED x', 'DELETED w']);
});
