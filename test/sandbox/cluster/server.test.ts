import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { POD_LOG_ANNOTATION } from '../../../sandbox/cluster/pod-log.ts';
import { type Bench, CONFIG_MAPS, configMap, startBench } from './api-client.ts';

let bench: Bench;
const probes: unknown[] = [];
beforeAll(async () => {
  bench = await startBench({
    probeService: (request) => {
      probes.push(request);
      if (request.path === '/broken') return Promise.reject(new Error('dial tcp: connection refused'));
      return Promise.resolve({ status: request.path === '/teapot' ? 418 : 200, body: 'fine' });
    },
  });
});
afterAll(() => bench.close());

test('only the bearer of the token gets in; health and version are open', async () => {
  const refused = await bench.call('GET', '/api/v1/namespaces', { token: 'wrong' });
  expect(refused).toMatchObject({ status: 401, body: { kind: 'Status', reason: 'Unauthorized', code: 401 } });
  expect((await bench.call('GET', '/api', { token: '' })).status).toBe(401);
  for (const path of ['/readyz', '/healthz', '/livez']) {
    expect(await bench.call('GET', path, { token: '' })).toMatchObject({ status: 200, body: 'ok' });
  }
  expect((await bench.call('GET', '/version', { token: '' })).body.gitVersion).toMatch(/^v1\.31\./);
});

test('nobody trusts it without its own authority', async () => {
  await expect(fetch(`${bench.api.url}/readyz`, { signal: AbortSignal.timeout(5000) })).rejects.toThrow('fetch failed');
});

test('the kubeconfig names one context and carries the authority', () => {
  const config = parse(bench.api.kubeconfig());
  expect(config).toMatchObject({ 'current-context': 'sandbox', users: [{ user: { token: bench.api.token } }] });
  expect(config.clusters[0].cluster.server).toBe(bench.api.url);
  const pem = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64').toString();
  expect(pem).toBe(bench.api.caPem);
});

test('discovery lists groups, versions and resources', async () => {
  expect((await bench.call('GET', '/api')).body.versions).toEqual(['v1']);
  const { groups } = (await bench.call('GET', '/apis')).body;
  const velero = groups.find((group: { name: string }) => group.name === 'velero.io');
  expect(velero.versions.map((version: { version: string }) => version.version)).toEqual(['v1', 'v2alpha1']);
  expect(velero.preferredVersion.version).toBe('v1');
  expect((await bench.call('GET', '/apis/velero.io')).body.kind).toBe('APIGroup');
  const { resources } = (await bench.call('GET', '/apis/apps/v1')).body;
  expect(resources).toContainEqual(
    expect.objectContaining({ name: 'deployments', shortNames: ['deploy'], kind: 'Deployment' }),
  );
  expect(resources).toContainEqual(
    expect.objectContaining({ name: 'deployments/scale', group: 'autoscaling', kind: 'Scale' }),
  );
  const names = (await bench.call('GET', '/apis/velero.io/v1')).body.resources.map(
    (entry: { name: string }) => entry.name,
  );
  expect(names).toContain('restores');
  expect(names).not.toContain('restores/status');
  expect((await bench.call('GET', '/apis/flagger.app/v1beta1')).body.resources).toContainEqual(
    expect.objectContaining({ name: 'canaries/status' }),
  );
});

test('openapi is just enough for kubectl', async () => {
  expect(await bench.call('GET', '/openapi/v2')).toMatchObject({ status: 200, body: '' });
  const index = (await bench.call('GET', '/openapi/v3')).body;
  const document = (await bench.call('GET', index.paths['apis/apps/v1'].serverRelativeURL)).body;
  const { patch } = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
  expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' });
  expect(patch.parameters.map((parameter: { name: string }) => parameter.name)).toContain('fieldValidation');
});

test.each(['/', '//', '/nothing', '/apis/velero.io/v1/namespaces/velero/nothing', '/apis/apps/v1beta1/deployments'])(
  '%s is not found',
  async (path) => {
    expect(await bench.call('GET', path)).toMatchObject({ status: 404, body: '404 page not found\n' });
  },
);

test.each(['/api/v1/pods/x', '/apis/apps/v1/nothing', '/apis/apps/v1/namespaces/shop/deployments/a/nothing'])(
  '%s is not found, says a Status',
  async (path) => {
    expect(await bench.call('GET', path)).toMatchObject({
      status: 404,
      body: { reason: 'NotFound', message: 'the server could not find the requested resource' },
    });
  },
);

test('methods and sizes that are not allowed', async () => {
  expect(await bench.call('POST', '/api/v1/configmaps', { body: configMap('a') })).toMatchObject({ status: 405 });
  expect((await bench.call('PUT', CONFIG_MAPS, { body: configMap('a') })).status).toBe(405);
  const data = { big: 'x'.repeat(3 * 1024 * 1024) };
  const big = await bench.call('POST', CONFIG_MAPS, { body: configMap('big', { data }) });
  expect(big).toMatchObject({ status: 413, body: { reason: 'RequestEntityTooLarge' } });
});

test('access reviews allow everything', async () => {
  const body = { spec: { resourceAttributes: { verb: 'create', resource: 'restores', group: 'velero.io' } } };
  const answer = await bench.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body });
  expect(answer).toMatchObject({ status: 201, body: { status: { allowed: true } } });
});

test('pod logs are text, and follow ends with the pod', async () => {
  const spec = { containers: [{ name: 'main', image: 'i' }] };
  bench.store.create('pods', { metadata: { name: 'p', namespace: 'shop' }, spec });
  const path = '/api/v1/namespaces/shop/pods/p/log';
  expect((await bench.call('GET', path)).body).toContain('main started in shop/p');
  expect((await bench.call('GET', `${path}?container=no`)).status).toBe(400);
  const following = bench.call('GET', `${path}?follow=true`);
  setTimeout(() => bench.store.purge('pods', 'shop', 'p'), 100);
  expect((await following).body).toContain('main started');
});

test('pod logs keep to the tail and the limit, and to what the kubelet refuses', async () => {
  const spec = { containers: [{ name: 'main', image: 'i' }], initContainers: [{ name: 'first', image: 'i' }] };
  const annotations = { [POD_LOG_ANNOTATION]: 'one {container}\ntwo\nthree\n' };
  const state = { waiting: { reason: 'ContainerCreating' } };
  const put = (name: string, status: object) =>
    bench.store.create('pods', { metadata: { name, namespace: 'shop', annotations }, spec, status });
  put('calm', { containerStatuses: [{ name: 'main', restartCount: 0, state: { running: {} } }] });
  put('late', { containerStatuses: [{ name: 'main', restartCount: 0, state }] });
  put('back', {
    containerStatuses: [{ name: 'main', restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
  });
  const log = (name: string, query: string) => bench.call('GET', `/api/v1/namespaces/shop/pods/${name}/log?${query}`);
  expect((await log('calm', 'container=first')).body).toBe('one first\ntwo\nthree\n');
  expect((await log('calm', 'tailLines=2')).body).toBe('two\nthree\n');
  expect((await log('calm', 'tailLines=2&limitBytes=5')).body).toBe('two\nt');
  expect(await log('calm', 'previous=true')).toMatchObject({
    status: 400,
    body: { message: 'previous terminated container "main" in pod "calm" not found' },
  });
  expect(await log('late', '')).toMatchObject({
    status: 400,
    body: { message: 'container "main" in pod "late" is waiting to start: ContainerCreating' },
  });
  expect((await log('back', 'previous=true')).status).toBe(200);
});

test('the service proxy asks for a service, a port and an endpoint', async () => {
  const proxy = (name: string, path = '') => bench.call('GET', `/api/v1/namespaces/shop/services/${name}/proxy${path}`);
  expect(await proxy('web:80')).toMatchObject({ status: 404, body: { message: 'services "web" not found' } });
  const ports = [{ name: 'http', port: 80 }];
  bench.store.create('services', { metadata: { name: 'web', namespace: 'shop' }, spec: { ports } });
  expect(await proxy('web:80')).toMatchObject({
    status: 503,
    body: { reason: 'ServiceUnavailable', message: 'no endpoints available for service "web"' },
  });
  const slice = (ready: boolean) => ({
    metadata: { name: `web-${ready}`, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }],
  });
  bench.store.create('endpointslices.discovery.k8s.io', slice(false));
  expect((await proxy('web:80')).status).toBe(503);
  bench.store.create('endpointslices.discovery.k8s.io', slice(true));
  expect((await proxy('web:81')).status).toBe(503);
  expect(await proxy('web:80', '/ready?deep=1')).toMatchObject({ status: 200, body: 'fine' });
  expect(probes.at(-1)).toEqual({ namespace: 'shop', service: 'web', port: 80, path: '/ready?deep=1' });
  expect((await proxy('http:web:http', '/teapot')).status).toBe(418);
  const posted = await bench.call('POST', '/api/v1/namespaces/shop/services/web:80/proxy/x', { body: {} });
  expect(posted.status).toBe(405);
  expect((await proxy('web', '/broken')).body.message).toContain('error trying to reach service: dial tcp');
});

test('it keeps a log of requests', async () => {
  await bench.call('GET', `${CONFIG_MAPS}/logged`);
  expect(bench.api.requests().at(-1)).toMatchObject({
    verb: 'get',
    resource: 'configmaps',
    namespace: 'shop',
    name: 'logged',
    status: 404,
  });
});
