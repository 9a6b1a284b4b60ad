import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EndpointSlice, Namespace } from '../../src/domain/kinds.ts';
import { Restore } from '../../src/domain/velero.ts';
import type { Bench } from './contract.ts';
import { ConfigMap, CoreGadget, configMap, Gadget, patient } from './contract-kinds.ts';

export function testReading(bench: () => Bench): void {
  describe('read', () => testRead(bench));
  describe('list', () => testList(bench));
  describe('identity', () => testIdentity(bench));
  describe('probe', () => testProbe(bench));
  describe('logs', () => testLogs(bench));
  test('resources are what a group serves, without subresources; nothing for a group that is not served', async () => {
    const { cluster } = bench();
    const core = await cluster.resources('v1', patient());
    expect(core).toContainEqual({ kind: 'ConfigMap', plural: 'configmaps', namespaced: true });
    expect(core).toContainEqual({ kind: 'Namespace', plural: 'namespaces', namespaced: false });
    expect(core.filter(({ plural }) => plural.includes('/'))).toEqual([]);
    const apps = await cluster.resources('apps/v1', patient());
    expect(apps).toContainEqual({ kind: 'Deployment', plural: 'deployments', namespaced: true });
    expect(await cluster.resources('gone.example.org/v1', patient())).toEqual([]);
    expect(await cluster.resources('../../v1', patient())).toEqual([]);
  });

  test('version is the gitVersion of the API server', async () => {
    const { cluster, server } = bench();
    expect(await cluster.version(patient())).toBe(server.gitVersion);
  });
}

function testRead(bench: () => Bench): void {
  test('gives an object that is there', async () => {
    const { cluster, namespace } = bench();
    const found = await cluster.read(Namespace, { name: namespace }, patient());
    expect(found).toMatchObject({ metadata: { name: namespace, uid: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  });

  test('gives undefined for an object that is not there, and for one in a namespace that is not there', async () => {
    const { cluster, namespace } = bench();
    expect(await cluster.read(Namespace, { name: 'not-there' }, patient())).toBeUndefined();
    expect(await cluster.read(Restore, { namespace, name: 'not-there' }, patient())).toBeUndefined();
    expect(await cluster.read(ConfigMap, { namespace: 'not-there', name: 'x' }, patient())).toBeUndefined();
  });

  test.for([Gadget, CoreGadget])('never calls an object of an unserved kind absent: $apiVersion', async (kind) => {
    const { cluster, namespace } = bench();
    const code = 'CLUSTER_NOT_SERVED';
    await expect(cluster.read(kind, { namespace, name: 'x' }, patient())).rejects.toMatchObject({ code });
    await expect(cluster.list(kind, { namespace }, patient())).rejects.toMatchObject({ code });
    await expect(cluster.create(kind, configMap('x', namespace), patient())).rejects.toMatchObject({ code });
  });

  test('sends nothing where a name or a namespace is missing', async () => {
    const { cluster, namespace } = bench();
    const refused = { code: 'CLUSTER_INVALID', message: expect.stringContaining('Nothing was sent') };
    const uid = '0';
    await expect(cluster.read(ConfigMap, { namespace, name: '' }, patient())).rejects.toMatchObject(refused);
    await expect(cluster.read(ConfigMap, { name: 'x' }, patient())).rejects.toMatchObject(refused);
    await expect(cluster.remove(ConfigMap, { namespace, name: '', uid }, patient())).rejects.toMatchObject(refused);
    await expect(cluster.remove(ConfigMap, { namespace, name: 'x', uid: '' }, patient())).rejects.toMatchObject(
      refused,
    );
    await expect(cluster.list(ConfigMap, { namespace: '../default' }, patient())).rejects.toMatchObject(refused);
  });

  test('calls an answer that does not fit the schema unreadable, and says where', async () => {
    const { cluster, namespace } = bench();
    const schema = z.object({ metadata: z.object({ name: z.string(), shoeSize: z.number() }) });
    const reading = cluster.read({ ...Namespace, schema }, { name: namespace }, patient());
    await expect(reading).rejects.toMatchObject({
      code: 'CLUSTER_UNREADABLE',
      message: expect.stringContaining('metadata.shoeSize'),
    });
  });

  test('ends as the caller wishes', async () => {
    const reading = bench().cluster.read(Namespace, { name: 'default' }, AbortSignal.abort());
    await expect(reading).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE', retryable: true });
  });

  test('discovery.k8s.io/v1 is served, or said not to be', async () => {
    const { cluster, namespace, server } = bench();
    const listing = cluster.list(EndpointSlice, { namespace }, patient());
    if (server.lacks.includes('discovery.k8s.io/v1 EndpointSlice')) {
      await expect(listing).rejects.toMatchObject({ code: 'CLUSTER_NOT_SERVED' });
    } else {
      expect(await listing).toEqual([]);
    }
  });
}

function testList(bench: () => Bench): void {
  const names = (objects: { metadata: { name: string } }[]) => objects.map(({ metadata }) => metadata.name).sort();

  test('selects by namespace, labels and fields', async () => {
    const { cluster, namespace } = bench();
    await cluster.create(ConfigMap, configMap('pear', namespace, { fruit: 'yes', round: 'no' }), patient());
    await cluster.create(ConfigMap, configMap('plum', namespace, { fruit: 'yes', round: 'yes' }), patient());
    const list = async (scope: object) => names(await cluster.list(ConfigMap, scope, patient()));
    expect(await list({ namespace, labelSelector: 'fruit=yes' })).toEqual(['pear', 'plum']);
    expect(await list({ labelSelector: 'fruit=yes,round!=no' })).toEqual(['plum']);
    expect(await list({ namespace, fieldSelector: 'metadata.name=pear' })).toEqual(['pear']);
    expect(await list({ namespace: 'default', labelSelector: 'fruit=yes' })).toEqual([]);
    expect(await list({ namespace: 'not-there' })).toEqual([]);
  });

  test('gives cluster-scoped kinds and empty lists of custom ones', async () => {
    const { cluster, namespace } = bench();
    expect(names(await cluster.list(Namespace, {}, patient()))).toContain(namespace);
    expect(await cluster.list(Restore, { namespace }, patient())).toEqual([]);
  });

  test.for([{ labelSelector: 'a in b' }, { fieldSelector: 'data.colour=red' }, { fieldSelector: 'metadata.name' }])(
    'refuses a selector that means nothing: %j',
    async (selector) => {
      const { cluster, namespace } = bench();
      const listing = cluster.list(ConfigMap, { namespace, ...selector }, patient());
      await expect(listing).rejects.toMatchObject({ code: 'CLUSTER_INVALID', retryable: false });
    },
  );

  test('leaves apiVersion and kind out of built-in objects only, as the API does', async () => {
    const { cluster, namespace, server } = bench();
    await cluster.create(ConfigMap, configMap('kindless', namespace), patient());
    const restore = { metadata: { name: 'kindful', namespace }, spec: { backupName: 'daily' } };
    await cluster.create(Restore, restore, patient());
    const scope = (name: string) => ({ namespace, fieldSelector: `metadata.name=${name}` });
    const [builtIn] = await cluster.list(ConfigMap, scope('kindless'), patient());
    const [custom] = await cluster.list(Restore, scope('kindful'), patient());
    const isKindless = !server.lacks.includes('lists of built-in objects without kind');
    expect(Object.hasOwn(builtIn ?? {}, 'kind')).toBe(!isKindless);
    expect(custom).toMatchObject({ apiVersion: 'velero.io/v1', kind: 'Restore' });
  });

  test('gives all pages of a long list', async () => {
    const { cluster, admin, namespace } = bench();
    const expected = Array.from({ length: 501 }, (_, index) => `page-${String(index).padStart(3, '0')}`);
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const bodies = expected.map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      ...configMap(name, namespace, { long: 'list' }),
    }));
    await Promise.all(bodies.map((body) => admin.must('POST', path, body)));
    const found = await cluster.list(ConfigMap, { namespace, labelSelector: 'long=list' }, patient());
    expect(names(found)).toEqual(expected);
  });
}

function testIdentity(bench: () => Bench): void {
  test('credentials that the API does not know are forbidden (401), not absent', async () => {
    const { server, clusterAs } = bench();
    const { server: address, caPem } = server.access;
    const cluster = await clusterAs({ server: address, caPem, token: 'nobody-knows-me' });
    const error = await cluster.read(Namespace, { name: 'not-there' }, patient()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CLUSTER_FORBIDDEN', retryable: false });
    expect(JSON.stringify(error) + String(error)).not.toContain('nobody-knows-me');
  });

  test('an identity without rights is told which right it needs (403)', async () => {
    const { server, clusterAs, namespace } = bench();
    await server.asPowerless(async (access) => {
      const cluster = await clusterAs(access);
      await expect(cluster.create(Restore, configMap('x', namespace), patient())).rejects.toMatchObject({
        code: 'CLUSTER_FORBIDDEN',
        action: expect.stringMatching(
          /verb "create", resource "restores", API group "velero.io", namespace "contract-/,
        ),
      });
      const probing = cluster.probe({ namespace, service: 'web', port: 80, path: '/' }, patient());
      await expect(probing).rejects.toMatchObject({
        code: 'CLUSTER_FORBIDDEN',
        action: expect.stringContaining('resource "services/proxy"'),
      });
    });
  });
}

function testProbe(bench: () => Bench): void {
  test('gives whatever a service answers', async ({ skip }) => {
    const { cluster, server } = bench();
    const { healthyService } = server;
    if (!healthyService) {
      expect(server.lacks).toContain('service proxy to an endpoint');
      return skip('lacks a service proxy to an endpoint');
    }
    const probe = (path: string) => cluster.probe({ ...healthyService, path }, patient());
    expect(await probe('/health?from=contract')).toEqual({ status: 200, body: 'healthy' });
    expect(await probe('/other')).toMatchObject({ status: 418 });
  });

  test('gives the API server’s own 404 and 503 as answers', async () => {
    const { cluster, admin, namespace } = bench();
    const probe = (service: string) => cluster.probe({ namespace, service, port: 80, path: '/' }, patient());
    expect(await probe('not-there')).toMatchObject({ status: 404, body: expect.stringContaining('not-there') });
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'deaf' }, spec: { ports: [{ port: 80 }] } };
    await admin.must('POST', `/api/v1/namespaces/${namespace}/services`, service);
    // Where no controller runs, nobody else makes the empty Endpoints; where one does, they are there already.
    const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'deaf' }, subsets: [] };
    await admin.send('POST', `/api/v1/namespaces/${namespace}/endpoints`, endpoints);
    expect(await probe('deaf')).toMatchObject({ status: 503 });
  });
}

function testLogs(bench: () => Bench): void {
  const limits = { tailLines: 10, limitBytes: 1_000 };

  test('are refused in the API’s own words where there is no such pod or container', async () => {
    const { cluster, admin, namespace } = bench();
    const spec = { containers: [{ name: 'app', image: 'app' }] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'talker' }, spec };
    await admin.must('POST', `/api/v1/namespaces/${namespace}/pods`, pod);
    const ask = (name: string, container: string) =>
      cluster.logs({ namespace, pod: name, container, ...limits }, patient());
    const code = 'CLUSTER_INVALID';
    await expect(ask('not-there', 'app')).rejects.toMatchObject({
      ...{ code, message: expect.stringContaining('pods "not-there" not found') },
    });
    await expect(ask('talker', 'nobody')).rejects.toMatchObject({
      ...{ code, message: expect.stringContaining('container nobody is not valid for pod talker') },
    });
  });

  test('are asked of nothing that cannot be a name', async () => {
    const { cluster, namespace } = bench();
    const refused = { code: 'CLUSTER_INVALID', message: expect.stringContaining('Nothing was sent') };
    for (const pod of ['', '..', 'a/b', 'a%2fb'])
      await expect(cluster.logs({ namespace, pod, container: 'app', ...limits }, patient())).rejects.toMatchObject(
        refused,
      );
  });
}
